// sluis catalog: list, show; and sluis doctor.
#include <chrono>

#include "apps/commands.h"
#include "apps/own.h"
#include "importers/profile.h"
#include "relation/table.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

Exit list(Context& context, const Args&) {
  if (context.form == OutputForm::kJson) {
    print_envelope([](JsonWriter& json) {
      json.begin_array();
      for (const importers::Profile& profile : importers::all_profiles())
        json.begin_object().member("profile", profile.id).member("as", profile.alias).end_object();
      json.end_array();
    });
    return Exit::kOk;
  }
  for (const importers::Profile& profile : importers::all_profiles())
    context.print(profile.alias + "  " + profile.id + "\n    " +
                  importers::profile_title(context.language, profile));
  return Exit::kOk;
}

void write_column(JsonWriter& json, const Context& context, const importers::Profile& profile,
                  const importers::ProfileColumn& column) {
  json.begin_object().member("column", column.name).member("type", relation::kind_name(column.type.kind));
  json.member("nullable", column.nullable)
      .member("meaning", importers::column_meaning(context.language, profile, column.name));
  json.end_object();
}

Exit show(Context& context, const Args& args) {
  const importers::Profile* profile = importers::find_profile(args.get("profile"));
  if (profile == nullptr)
    return fail(context, Error{"S1100.profile", {args.get("profile")}, "", 0, 0, Exit::kUsage});
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) {
      json.begin_array();
      for (const importers::ProfileColumn& column : profile->columns)
        write_column(json, context, *profile, column);
      json.end_array();
    });
    return Exit::kOk;
  }
  context.print(importers::profile_title(context.language, *profile));
  for (const importers::ProfileColumn& column : profile->columns)
    context.print("  " + column.name + " (" + relation::kind_name(column.type.kind) + ")\n      " +
                  importers::column_meaning(context.language, *profile, column.name));
  return Exit::kOk;
}

struct Health {
  std::string node, program, registry;
  double milliseconds = 0;
};

Result<Health> ask(const Context& context, const Own& own, int party) {
  SLUIS_ASSIGN(const std::unique_ptr<client::NodeClient> node,
               client::NodeClient::connect(own.network, own.identity, party, context.timeout_s));
  const auto start = std::chrono::steady_clock::now();
  SLUIS_ASSIGN(const client::Answer answer, node->call("hello"));
  Health health;
  health.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  health.node = node->name();
  health.program = client::member(answer.data, "program").text;
  health.registry = client::member(answer.data, "registry").text;
  return health;
}

// Can I reach the three nodes, do they know me, do they run one program and hold my registry?
Exit doctor(Context& context, const Args&) {
  const Result<std::unique_ptr<Own>> own = load_own(context);
  if (!own) return fail(context, own.error());
  const std::string registry = crypto::to_hex((*own)->network.registry.hash);
  Errors errors;
  std::vector<Health> found;
  for (int party = 0; party < 3; ++party) {
    Result<Health> health = ask(context, **own, party);
    if (!health) {
      errors.push_back(health.error());
      continue;
    }
    char time[32];
    std::snprintf(time, sizeof time, "%.1f", health->milliseconds);
    context.print(context.tr("doctor.node", {health->node, time, health->program.substr(0, 40)}));
    if (health->registry != registry)
      errors.push_back({"S1301.registry", {health->node}, "", 0, 0, Exit::kVersionMismatch});
    if (!found.empty() && found.front().program != health->program)
      errors.push_back({"S1301.program", {health->node}, "", 0, 0, Exit::kVersionMismatch});
    found.push_back(std::move(*health));
  }
  if (!errors.empty()) return fail(context, errors);
  context.print(context.tr("doctor.ok"));
  return Exit::kOk;
}

}  // namespace

void add_catalog_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"catalog", "list", {}, list});
  commands.push_back({"catalog", "show", {{"profile", Kind::kPositional, true, ""}}, show});
  commands.push_back({"doctor", "", {}, doctor});
}

}  // namespace sluis::apps
