#include <unistd.h>

#include <filesystem>

#include "apps/commands.h"
#include "apps/program.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

Exit version(Context& context, const Args&) {
  if (context.form == OutputForm::kJson) {
    print_envelope([](JsonWriter& json) {
      json.begin_object().member("version", SLUIS_VERSION).member("compiler", __VERSION__).end_object();
    });
  } else {
    context.print("sluis " SLUIS_VERSION);
  }
  return Exit::kOk;
}

// All causes under one code, with their texts.
Exit explain_code(Context& context, const Args& args) {
  const std::string code = args.get("code");
  std::vector<std::string> ids;
  for (const std::string& key : text::keys(context.language))
    if (key.ends_with(".what") && (key == code + ".what" || key.starts_with(code + ".")))
      ids.push_back(key.substr(0, key.size() - 5));
  if (ids.empty()) return fail(context, usage_error("S1051.code", {code}));
  for (const std::string& id : ids) {
    const auto line = [&](const char* part, const char* label) {
      const std::string key = id + part;
      if (text::has(context.language, key)) context.print("  " + context.tr(label) + ": " + context.tr(key));
    };
    context.print(id + "  " + context.tr(id + ".what"));
    line(".why", "explain.why");
    line(".who", "error.who");
    line(".command", "error.look");
    line(".explain", "explain.more");
  }
  return Exit::kOk;
}

// `sluis sql` is a program of its own beside this one: rehearsal shares no code with the node's store.
Exit sql(Context& context, const Args& args) {
  const std::string program =
      (std::filesystem::path(program_path()).parent_path() / "sluis-rehearsal").string();
  const char* form = context.form == OutputForm::kJson  ? "json"
                     : context.form == OutputForm::kCsv ? "csv"
                                                        : "text";
  const char* language = context.language == text::Language::kEnglish ? "en" : "nl";
  const std::string data = args.get("data");
  const std::string query = args.get("sql");
  std::vector<const char*> argv = {program.c_str(), "--data", data.c_str(), "-o", form, "--lang", language};
  const std::string network = args.has("net") ? args.get("net") : "loopback";
  argv.insert(argv.end(), {"--net", network.c_str()});
  if (args.has("explain")) argv.push_back("--explain");
  if (args.has("analyze")) argv.push_back("--analyze");
  if (context.quiet) argv.push_back("--quiet");
  argv.insert(argv.end(), {"--", query.c_str(), nullptr});
  ::execv(program.c_str(), const_cast<char* const*>(argv.data()));
  return fail(context, usage_error("S1305.rehearsal", {program}));
}

}  // namespace

void add_top_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"version", "", {}, version});
  commands.push_back({"explain-code", "", {{"code", Kind::kPositional, true, ""}}, explain_code});
  commands.push_back({"sql",
                      "",
                      {{"sql", Kind::kPositional, true, ""},
                       {"data", Kind::kValue, true, ""},
                       {"explain", Kind::kFlag, false, ""},
                       {"analyze", Kind::kFlag, false, ""},
                       {"net", Kind::kValue, false, ""}},
                      sql});
}

}  // namespace sluis::apps
