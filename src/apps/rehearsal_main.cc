// sluis-rehearsal: queries over CSV files through three throw-away local processes. Exact figures, protects
// nobody.
//
// A program of its own: it links neither the node nor its share store, makes keys that it throws away, and
// cannot open an enrolled identity. `sluis sql` calls it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "apps/context.h"
#include "apps/result_table.h"
#include "net/abort.h"
#include "rehearsal/explain.h"
#include "rehearsal/launch.h"
#include "rehearsal/party.h"
#include "relation/schema_toml.h"

namespace {

using namespace sluis;

struct Options {
  std::string data, sql, form = "text", language = "nl";
  std::string network = "loopback";
  bool explain = false, analyze = false, quiet = false;
  int party = -1, listener = -1;
  std::string job;
};

void add_options(CLI::App& app, Options& options, const apps::Context& context) {
  app.add_option("--data", options.data, context.tr("opt.data"));
  app.add_option("sql", options.sql, context.tr("opt.sql"));
  app.add_option("-o,--output", options.form, context.tr("opt.output"))
      ->check(CLI::IsMember({"text", "json", "csv"}));
  app.add_option("--lang", options.language, context.tr("opt.lang"))->check(CLI::IsMember({"nl", "en"}));
  app.add_flag("--explain", options.explain, context.tr("opt.explain"));
  app.add_flag("--analyze", options.analyze, context.tr("opt.analyze"));
  app.add_option("--net", options.network, context.tr("opt.net"))
      ->check(CLI::IsMember({"loopback", "lan", "nl", "wan"}));
  app.add_flag("--quiet", options.quiet, context.tr("opt.quiet"));
  // For the three children only.
  app.add_option("--party", options.party)->group("")->check(CLI::Range(0, 2));
  app.add_option("--listener", options.listener)->group("");
  app.add_option("--job", options.job)->group("");
}

int run_child(const Options& options) {
  try {
    const Status done = rehearsal::run_party(options.job, options.party, options.listener);
    if (done) return 0;
    std::fputs((done.error().summary() + "\n").c_str(), stderr);
    return static_cast<int>(done.error().exit);
  } catch (const net::ProtocolAbort& abort) {
    std::fprintf(stderr, "sluis-rehearsal: party %d: %s\n", options.party, abort.what());
    return static_cast<int>(Exit::kProtocolAbort);
  }
}

Exit run_parent(const apps::Context& context, const Options& options) {
  context.note(context.tr("rehearsal.warning"));
  Result<std::vector<relation::Table>> tables = relation::load_csv_directory(options.data);
  if (!tables) return apps::fail(context, tables.error());
  const mpc::Network network = mpc::network_of(options.network).value_or(mpc::Network::kLoopback);
  const auto explain = [&](const std::vector<sql::MeasuredStep>& measured) {
    const Result<std::string> text =
        rehearsal::explain(rehearsal::job_of(options.sql, *tables, network), context.language,
                           context.form == apps::OutputForm::kJson, measured);
    if (!text) return apps::fail(context, text.error());
    std::fputs(text->c_str(), stdout);
    return Exit::kOk;
  };
  if (options.explain && !options.analyze) return explain({});
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const Result<rehearsal::Outcome> outcome = rehearsal::rehearse(self, options.sql, *tables, network);
  if (!outcome) return apps::fail(context, outcome.error());
  if (options.analyze) return explain(outcome->measured.steps);
  apps::print_result_table(context, outcome->table);
  const rehearsal::Opened& measured = outcome->measured;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f", outcome->seconds);
  context.note(context.tr("rehearsal.done",
                          {std::to_string(measured.rounds), std::to_string(measured.bytes_sent), seconds}));
  return Exit::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  apps::Context context;
  Options options;
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string(argv[i]) == "--lang" && std::string(argv[i + 1]) == "en")
      context.language = text::Language::kEnglish;
  CLI::App app(context.tr("cmd.sql"), "sluis-rehearsal");
  add_options(app, options, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::kUsage);
  }
  if (options.party >= 0) return run_child(options);
  context.quiet = options.quiet;
  context.form = options.form == "json"  ? apps::OutputForm::kJson
                 : options.form == "csv" ? apps::OutputForm::kCsv
                                         : apps::OutputForm::kText;
  if (options.data.empty() || options.sql.empty())
    return static_cast<int>(apps::fail(context, apps::usage_error("S1051.sql", {})));
  return static_cast<int>(run_parent(context, options));
}
