// sluis demo.
#include <filesystem>

#include "apps/commands.h"
#include "apps/program.h"
#include "demo/demo.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;
namespace fs = std::filesystem;

// A file beside the program, in the build tree or in the source tree; "" if nowhere.
std::string find_file(const std::vector<std::string>& places) {
  for (const std::string& place : places)
    if (fs::exists(place)) return place;
  return {};
}

Exit demo(Context& context, const Args& args) {
  const fs::path program = program_path();
  demo::DemoOptions options;
  options.program = program.string();
  options.language = context.language;
  options.script = args.has("script");
  options.keep = args.get("keep");
  options.from = args.get("from");
  options.out = args.get("out");
  const Result<int64_t> seed = args.number("seed", 1, 0, INT64_MAX);
  if (!seed) return fail(context, seed.error());
  options.seed = static_cast<uint64_t>(*seed);
  const Result<int64_t> families = args.number("families", 0, 0, 1'000'000);
  if (!families) return fail(context, families.error());
  options.families = static_cast<int>(*families);
  options.study = args.has("study") ? args.get("study")
                                    : find_file({SLUIS_EXAMPLES "/schuld-pleegzorg/study.toml",
                                                 "/usr/share/sluis/examples/schuld-pleegzorg/study.toml"});
  options.collude =
      find_file({(program.parent_path().parent_path().parent_path() / "examples/two_nodes_collude").string(),
                 (program.parent_path() / "two_nodes_collude").string()});
  const Result<int> failed = demo::run_demo(options);
  if (!failed) return fail(context, failed.error());
  return *failed == 0 ? Exit::kOk : Exit::kCheckFailed;
}

}  // namespace

void add_demo_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"demo",
                      "",
                      {{"script", Kind::kFlag, false, ""},
                       {"seed", Kind::kValue, false, ""},
                       {"keep", Kind::kValue, false, ""},
                       {"from", Kind::kValue, false, ""},
                       {"out", Kind::kValue, false, ""},
                       {"families", Kind::kValue, false, ""},
                       {"study", Kind::kValue, false, ""}},
                      demo});
}

}  // namespace sluis::apps
