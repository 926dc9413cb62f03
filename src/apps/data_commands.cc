// sluis data: check, share, list, receipts, withdraw.
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>

#include "apps/commands.h"
#include "apps/own.h"
#include "client/receipts.h"
#include "client/share.h"
#include "importers/import.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

void print_report(const Context& context, const importers::DeliveryReport& report) {
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) { importers::report_json(json, report); });
  else
    std::fputs(importers::report_text(context.language, report).c_str(), stdout);
}

Exit check(Context& context, const Args& args) {
  importers::ImportOptions options;
  options.mapping_file = args.get("mapping");
  options.objections_file = args.get("objections");
  options.owner_municipality = args.get("municipality");
  options.columns = args.all("column");
  const Result<int64_t> year = args.number("year", 0, 1900, 2079);
  if (!year) return fail(context, year.error());
  if (*year > 0) options.reference_year = static_cast<int>(*year);
  const Result<importers::Import> imported =
      importers::import_file(args.get("file"), args.get("as"), options);
  if (!imported) return fail(context, imported.error());
  print_report(context, imported->report);
  return imported->report.verdict() == importers::Verdict::kNotInOrder ? Exit::kCheckFailed : Exit::kOk;
}

Exit share(Context& context, const Args& args) {
  StudyFileParse parsed = read_study_file(args.get("for"));
  if (!parsed.file) return fail(context, parsed.errors);
  const Result<std::unique_ptr<Own>> own = load_own(context);
  if (!own) return fail(context, own.error());
  client::ShareRequest request;
  request.study = &parsed.file->study;
  request.table = args.get("as");
  request.version = args.has("version") ? args.get("version") : today();
  request.file = args.get("file");
  request.mapping_file = args.get("mapping");
  request.objections_file = args.get("objections");
  Result<client::PreparedTable> table = client::prepare_table(request, (*own)->identity.oin);
  if (!table) return fail(context, table.error());
  if (args.has("dry-run")) {
    print_report(context, table->report);
    return Exit::kOk;
  }
  Result<client::Nodes> nodes = connect_nodes(context, **own);
  if (!nodes) return fail(context, nodes.error());
  const Status sent = client::send_table(*table, *nodes);
  if (!sent) return fail(context, sent.error());
  const std::string rows = importers::count_text(context.language, table->selected);
  const std::string padded = importers::count_text(context.language, table->upload.rows);
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) {
      json.begin_object().member("table", table->upload.table).member("version", table->upload.version);
      json.member("rows", static_cast<int64_t>(table->selected))
          .member("padded", static_cast<int64_t>(table->upload.rows));
      json.member("commitment", crypto::to_hex(table->upload.commitment())).end_object();
    });
  } else {
    std::string columns;
    for (const auto& column : table->upload.columns) columns += (columns.empty() ? "" : ", ") + column.name;
    context.print(context.tr("data.shared",
                             {table->upload.table + "@" + table->upload.version, rows, padded, columns}));
    context.print(context.tr("data.shared_parts"));
  }
  return Exit::kOk;
}

Exit list(Context& context, const Args&) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  Result<client::Answer> answer = nodes[0].call("table.list");
  if (!answer) return fail(context, answer.error());
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.value(answer->data); });
    return Exit::kOk;
  }
  const JsonValue* tables = answer->data.find("tables");
  if (tables == nullptr || tables->items.empty()) context.print(context.tr("data.none"));
  if (tables == nullptr) return Exit::kOk;
  for (const JsonValue& table : tables->items) {
    const auto text = [&](const char* key) {
      return table.find(key) ? table.find(key)->text : std::string();
    };
    context.print(text("table") + "@" + text("version") + "  " +
                  importers::count_text(context.language,
                                        static_cast<uint64_t>(client::member(table, "rows").integer)) +
                  "  " + text("commitment").substr(0, 16) + "  " + text("study").substr(0, 4));
  }
  return Exit::kOk;
}

// The full commitment of a table@version or of a prefix of it.
Result<std::string> find_commitment(client::Nodes& nodes, const std::string& wanted) {
  SLUIS_ASSIGN(const client::Answer answer, nodes[0].call("table.list"));
  const JsonValue* tables = answer.data.find("tables");
  if (tables == nullptr) return usage_error("S1511.table", {});
  for (const JsonValue& table : tables->items) {
    const std::string commitment = client::member(table, "commitment").text;
    if (client::member(table, "table").text + "@" + client::member(table, "version").text == wanted ||
        commitment == wanted)
      return commitment;
  }
  return usage_error("S1511.table", {});
}

Exit withdraw(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<std::string> commitment = find_commitment(nodes, args.get("table"));
  if (!commitment) return fail(context, commitment.error());
  std::vector<std::string> receipts;
  for (int party = 0; party < 3; ++party) {
    const Result<client::Answer> answer = nodes[party].call(
        "table.withdraw", [&](JsonWriter& json) { json.member("commitment", *commitment); });
    if (!answer) return fail(context, answer.error());
    receipts.push_back(nodes[party].name());
    context.note(context.tr("data.erased_at", {nodes[party].name()}));
    if (context.form == OutputForm::kText)
      context.print(client::member(answer->data, "statement").text +
                    client::member(answer->data, "signature").text);
  }
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) {
      json.begin_object().key("erased_at").begin_array();
      for (const std::string& node : receipts) json.string(node);
      json.end_array().end_object();
    });
  return Exit::kOk;
}

// One erased table, with the nodes whose signed statement says so.
struct Erased {
  governance::Erasure first;
  std::vector<std::string> nodes;
};

// Every node's receipts, verified here; also saved if `directory` is given.
Result<std::map<std::string, Erased>> fetch_receipts(client::Nodes& nodes,
                                                     const governance::KeyRegistry& registry,
                                                     const std::string& directory) {
  std::map<std::string, Erased> out;
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(const std::vector<client::ErasureReceipt> receipts,
                 client::fetch_erasure_receipts(nodes[party], registry));
    for (const client::ErasureReceipt& receipt : receipts) {
      const std::string commitment = crypto::to_hex(receipt.erasure.commitment);
      Erased& erased = out.try_emplace(commitment, Erased{receipt.erasure, {}}).first->second;
      erased.nodes.push_back(receipt.erasure.node);
      if (directory.empty()) continue;
      const std::string file = directory + "/" + commitment.substr(0, 16) + "-" + receipt.erasure.node;
      SLUIS_TRY(write_file(file + ".json", receipt.statement, 0600));
      SLUIS_TRY(write_file(file + ".sig", receipt.signature, 0600));
    }
  }
  return out;
}

void print_receipts(const Context& context, const std::map<std::string, Erased>& all) {
  if (context.form == OutputForm::kJson)
    return print_envelope([&](JsonWriter& json) {
      json.begin_array();
      for (const auto& [commitment, erased] : all) {
        json.begin_object().member("table", erased.first.table).member("version", erased.first.version);
        json.member("commitment", commitment).member("time", governance::utc_text(erased.first.time));
        json.key("nodes").begin_array();
        for (const std::string& node : erased.nodes) json.string(node);
        json.end_array().end_object();
      }
      json.end_array();
    });
  if (all.empty()) context.print(context.tr("data.no_receipts"));
  for (const auto& [commitment, erased] : all) {
    std::string nodes;
    for (const std::string& node : erased.nodes) nodes += (nodes.empty() ? "" : ", ") + node;
    context.print(context.tr(
        erased.nodes.size() == 3 ? "data.receipt" : "data.receipt_part",
        {erased.first.table + "@" + erased.first.version, governance::utc_text(erased.first.time), nodes}));
  }
}

// Of one file that was saved before, without any node.
Exit verify_receipt(Context& context, const std::string& file) {
  const Result<client::Network> network = client::load_network(context.network);
  if (!network) return fail(context, network.error());
  const Result<std::string> statement = read_file(file, governance::kMaxErasureBytes);
  if (!statement) return fail(context, statement.error());
  const std::string signature_file = file.substr(0, file.rfind('.')) + ".sig";
  const Result<std::string> signature = read_file(signature_file, 4096);
  if (!signature) return fail(context, signature.error());
  const Result<governance::Erasure> erasure =
      governance::verify_erasure(*statement, *signature, network->registry);
  if (!erasure) return fail(context, erasure.error());
  print_receipts(context, {{crypto::to_hex(erasure->commitment), Erased{*erasure, {erasure->node}}}});
  return Exit::kOk;
}

Exit receipts(Context& context, const Args& args) {
  if (args.has("verify")) return verify_receipt(context, args.get("verify"));
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  if (args.has("out")) {
    std::error_code fault;
    std::filesystem::create_directories(args.get("out"), fault);
  }
  const auto all = fetch_receipts(*session->nodes, session->own->network.registry, args.get("out"));
  if (!all) return fail(context, all.error());
  print_receipts(context, *all);
  return Exit::kOk;
}

}  // namespace

void add_data_commands(std::vector<CommandSpec>& commands) {
  const OptionSpec file{"file", Kind::kPositional, true, ""};
  const OptionSpec as{"as", Kind::kValue, true, ""};
  const OptionSpec mapping{"mapping", Kind::kValue, false, ""};
  const OptionSpec objections{"objections", Kind::kValue, false, ""};
  commands.push_back({"data",
                      "check",
                      {file,
                       as,
                       mapping,
                       objections,
                       {"municipality", Kind::kValue, false, ""},
                       {"column", Kind::kList, false, ""},
                       {"year", Kind::kValue, false, ""}},
                      check});
  commands.push_back({"data",
                      "share",
                      {file,
                       as,
                       {"for", Kind::kValue, true, ""},
                       {"version", Kind::kValue, false, ""},
                       mapping,
                       objections,
                       {"dry-run", Kind::kFlag, false, ""}},
                      share});
  commands.push_back({"data", "list", {}, list});
  commands.push_back({"data",
                      "receipts",
                      {{"out", Kind::kValue, false, ""}, {"verify", Kind::kValue, false, ""}},
                      receipts});
  commands.push_back({"data", "withdraw", {{"table", Kind::kPositional, true, ""}}, withdraw});
}

}  // namespace sluis::apps
