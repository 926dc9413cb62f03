// sluis result: get, show, report, verify.
#include <ctime>
#include <filesystem>

#include "apps/commands.h"
#include "apps/own.h"
#include "apps/result_model.h"
#include "base/bytes.h"
#include "report/figures.h"
#include "report/own_report.h"
#include "report/pages.h"
#include "report/plain.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// A bundle from a file; the run is named in its facts.
Result<client::OpenedResult> open_file(const Context& context, const std::string& file) {
  SLUIS_ASSIGN(const client::Network network, client::load_network(context.network));
  SLUIS_ASSIGN(const std::string bytes, read_file(file, governance::kMaxBundleBytes));
  SLUIS_ASSIGN(const governance::ResultBundle bundle, governance::parse_bundle(bytes, file));
  return client::open_bundle(bundle, network.registry);
}

// Everything that the result can be read as, into a directory.
Status write_reports(const Context& context, const report::ResultModel& model, const std::string& directory) {
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  SLUIS_TRY(
      write_file(directory + "/resultaat.html", report::render_result_page(model, context.language), 0644));
  SLUIS_TRY(write_file(directory + "/resultaat.json", report::render_result_json(model), 0644));
  SLUIS_TRY(
      write_file(directory + "/resultaat.txt", report::render_result_text(model, context.language), 0644));
  const auto style =
      context.language == text::Language::kDutch ? report::CsvStyle::kDutch : report::CsvStyle::kPlain;
  for (const report::NamedText& csv : report::render_result_csv(model, style, context.language))
    SLUIS_TRY(write_file(directory + "/" + csv.name, csv.content, 0644));
  return {};
}

Exit show_model(const Context& context, const report::ResultModel& model) {
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.raw(report::render_result_json(model)); });
  } else if (context.form == OutputForm::kCsv) {
    for (const report::NamedText& csv :
         report::render_result_csv(model, report::CsvStyle::kPlain, context.language))
      if (csv.name.ends_with(".csv")) std::fputs(csv.content.c_str(), stdout);
  } else {
    std::fputs(report::render_result_text(model, context.language).c_str(), stdout);
  }
  return report::everything_withheld(model) ? Exit::kAllWithheld : Exit::kOk;
}

Exit get(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const std::string run = args.get("run");
  const Result<client::Answer> status =
      nodes[0].call("run.status", [&](JsonWriter& json) { json.member("run", run); });
  if (!status) return fail(context, status.error());
  const Result<governance::ResultBundle> bundle =
      client::fetch_bundle(nodes, run, client::member(status->data, "study").text, args.get("addressee"));
  if (!bundle) return fail(context, bundle.error());
  const Result<client::OpenedResult> opened = client::open_bundle(*bundle, session->own->network.registry);
  if (!opened) return fail(context, opened.error());
  const std::string directory = args.has("out") ? args.get("out") : "resultaat-" + run.substr(0, 4);
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  const std::string file = directory + "/bundel.json";
  const Status saved = write_file(file, governance::bundle_text(*bundle), 0600);
  if (!saved) return fail(context, saved.error());
  Result<report::ResultModel> model = result_model(*opened, run, "bundel.json", args.has("invented"));
  if (!model) return fail(context, model.error());
  if (!model->outputs.empty()) {
    const Status written = write_reports(context, *model, directory);
    if (!written) return fail(context, written.error());
    context.note(context.tr("result.saved", {directory}));
    return show_model(context, *model);
  }
  context.note(context.tr("result.own_only", {directory}));
  return Exit::kOk;
}

Exit show(Context& context, const Args& args) {
  const Result<client::OpenedResult> opened = open_file(context, args.get("file"));
  if (!opened) return fail(context, opened.error());
  Result<report::ResultModel> model =
      result_model(*opened, opened->facts.run, "bundel.json", args.has("invented"));
  if (!model) return fail(context, model.error());
  if (args.has("out")) {
    const Status written = write_reports(context, *model, args.get("out"));
    if (!written) return fail(context, written.error());
  }
  return show_model(context, *model);
}

Exit own_row(Context& context, const Args& args) {
  const Result<client::OpenedResult> opened = open_file(context, args.get("file"));
  if (!opened) return fail(context, opened.error());
  std::string oin;
  for (const sharing::ReleasedTable& table : opened->tables) oin = table.recipient;
  const Result<report::OwnReport> report = own_report(*opened, oin, args.has("invented"));
  if (!report) return fail(context, report.error());
  if (args.has("out")) {
    const Status written =
        write_file(args.get("out"), report::render_own_report_page(*report, context.language), 0644);
    if (!written) return fail(context, written.error());
  }
  std::fputs(report::render_own_report_text(*report, context.language).c_str(), stdout);
  return Exit::kOk;
}

Exit verify(Context& context, const Args& args) {
  const Result<client::OpenedResult> opened = open_file(context, args.get("file"));
  if (!opened) return fail(context, opened.error());
  std::string names;
  for (const std::string& name : opened->signed_by) names += (names.empty() ? "" : ", ") + name;
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) {
      json.begin_object()
          .member("study", crypto::to_hex(opened->facts.study))
          .member("run", opened->facts.run);
      json.member("signatures", opened->signed_by.size()).end_object();
    });
  else
    context.print(context.tr("result.verified", {names, governance::decision_digits(opened->facts.study)}));
  return Exit::kOk;
}

}  // namespace

void add_result_commands(std::vector<CommandSpec>& commands) {
  const OptionSpec file{"file", Kind::kPositional, true, ""};
  const OptionSpec out{"out", Kind::kValue, false, ""};
  const OptionSpec invented{"invented", Kind::kFlag, false, ""};
  commands.push_back(
      {"result",
       "get",
       {{"run", Kind::kPositional, true, ""}, out, {"addressee", Kind::kValue, false, ""}, invented},
       get});
  commands.push_back({"result", "show", {file, out, invented}, show});
  commands.push_back({"result", "report", {file, out, invented}, own_row});
  commands.push_back({"result", "verify", {file}, verify});
}

}  // namespace sluis::apps
