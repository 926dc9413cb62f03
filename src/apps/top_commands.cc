#include <algorithm>

#include "apps/commands.h"

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

}  // namespace

void add_top_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"version", "", {}, version});
  commands.push_back({"explain-code", "", {{"code", Kind::kPositional, true, ""}}, explain_code});
}

}  // namespace sluis::apps
