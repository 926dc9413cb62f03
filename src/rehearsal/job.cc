#include "rehearsal/job.h"

#include "base/check.h"
#include "base/json.h"
#include "sql/binder.h"
#include "wire/column_json.h"

namespace sluis::rehearsal {
namespace {

constexpr size_t kMaxTables = 64;
constexpr int64_t kMaxRows = int64_t{1} << 26;
constexpr size_t kMaxColumns = 2000;  // as relation/schema_toml reads

void write_table(JsonWriter& json, const relation::TableSchema& schema, uint64_t rows) {
  json.begin_object().member("name", schema.name).member("rows", static_cast<int64_t>(rows)).key("columns");
  wire::write_columns(json, schema.columns);
  json.key("unique").begin_array();
  for (const std::vector<std::string>& key : schema.unique_keys) {
    json.begin_object().key("columns").begin_array();
    for (const std::string& column : key) json.string(column);
    json.end_array().end_object();
  }
  json.end_array().key("at_most").begin_array();
  for (const relation::KeyLimit& limit : schema.at_most) {
    json.begin_object().member("rows", static_cast<int64_t>(limit.rows)).key("columns").begin_array();
    for (const std::string& column : limit.columns) json.string(column);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

void read_table(JsonReader table, Job& job) {
  relation::TableSchema schema;
  schema.name = table.text("name", 64);
  job.rows.push_back(static_cast<uint64_t>(table.integer("rows", 1, kMaxRows)));
  schema.columns = wire::read_columns(table, kMaxColumns);
  for (const JsonValue* item : table.objects("unique", 100)) {
    JsonReader key = table.item(*item, "unique");
    schema.unique_keys.push_back(key.texts("columns", 100));
    key.finish();
  }
  for (const JsonValue* item : table.objects("at_most", 100)) {
    JsonReader limit = table.item(*item, "at_most");
    const auto rows = static_cast<uint64_t>(limit.integer("rows", 1, kMaxRows));
    schema.at_most.push_back({limit.texts("columns", 100), rows});
    limit.finish();
  }
  table.finish();
  job.tables.push_back(std::move(schema));
}

}  // namespace

std::string to_text(const Job& job) {
  JsonWriter json;
  json.begin_object().member("format", "sluis-rehearsal/1").member("sql", job.sql).member("run", job.run);
  json.member("network", mpc::profile(job.network).name);
  json.key("tables").begin_array();
  for (size_t t = 0; t < job.tables.size(); ++t) write_table(json, job.tables[t], job.rows[t]);
  json.end_array().key("parties").begin_array();
  for (size_t p = 0; p < 3; ++p)
    json.begin_object()
        .member("port", int{job.ports[p]})
        .member("fingerprint", job.fingerprints[p])
        .end_object();
  json.end_array().end_object();
  return json.take();
}

Result<Job> parse_job(std::string_view text) {
  SLUIS_ASSIGN(const JsonValue value, parse_json(text, {.max_bytes = kMaxJobBytes, .max_values = 8'000'000}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  Job job;
  (void)json.choice("format", {"sluis-rehearsal/1"});
  job.sql = json.text("sql", 64 * 1024);
  job.run = json.text("run", 32);
  const std::string network = json.choice("network", {"loopback", "lan", "nl", "wan"});
  job.network = mpc::network_of(network).value_or(job.network);
  for (const JsonValue* item : json.objects("tables", kMaxTables))
    read_table(json.item(*item, "tables"), job);
  const std::vector<const JsonValue*> parties = json.objects("parties", 3);
  for (size_t p = 0; p < parties.size(); ++p) {
    JsonReader party = json.item(*parties[p], "parties");
    job.ports[p] = static_cast<uint16_t>(party.integer("port", 1, 65535));
    job.fingerprints[p] = party.text("fingerprint", 64);
    party.finish();
  }
  json.finish();
  if (!errors.empty()) return errors.front();
  return job;
}

Result<sql::Plan> bind_job(const Job& job) {
  std::map<std::string, uint64_t> rows;
  for (size_t t = 0; t < job.tables.size(); ++t) rows[job.tables[t].name] = job.rows[t];
  sql::BindResult bound = sql::bind_query(job.sql, job.tables, rows);
  if (!bound.plan) return bound.errors.front();
  return std::move(*bound.plan);
}

std::map<std::string, std::set<int>> scanned_columns(const sql::Plan& plan) {
  std::map<std::string, std::set<int>> out;
  std::vector<const sql::Node*> left;
  std::set<const sql::Node*> seen;
  for (const sql::Output& output : plan.outputs) left.push_back(output.input.get());
  while (!left.empty()) {
    const sql::Node* node = left.back();
    left.pop_back();
    if (!seen.insert(node).second) continue;
    if (node->kind == sql::NodeKind::kScan)
      out[node->table].insert(node->scan_columns.begin(), node->scan_columns.end());
    for (const sql::NodePtr& input : node->inputs) left.push_back(input.get());
  }
  return out;
}

SharedPart shared_part(const Job& job, const std::string& table, const std::set<int>& columns) {
  for (size_t t = 0; t < job.tables.size(); ++t) {
    if (job.tables[t].name != table) continue;
    SharedPart part{{table, {}, {}}, job.rows[t]};
    for (const int column : columns)
      part.schema.columns.push_back(job.tables[t].columns.at(static_cast<size_t>(column)));
    return part;
  }
  CHECK(false);
  return {};
}

std::string to_text(const Opened& opened) {
  JsonWriter json;
  json.begin_object().member("rounds", static_cast<int64_t>(opened.rounds));
  json.member("bytes_sent", static_cast<int64_t>(opened.bytes_sent)).key("rows").begin_array();
  for (uint64_t rows : opened.cells.rows) json.integer(static_cast<int64_t>(rows));
  json.end_array().key("measures").begin_array();
  for (const std::vector<sql::Cell>& cell : opened.cells.measures) {
    json.begin_array();
    for (const sql::Cell& value : cell) value ? json.integer(*value) : json.null();
    json.end_array();
  }
  json.end_array().key("steps").begin_array();
  for (const sql::MeasuredStep& step : opened.steps) {
    json.begin_object().member("label", step.label);
    json.member("rounds", static_cast<int64_t>(step.measured.rounds));
    json.member("bytes", static_cast<int64_t>(step.measured.bytes));
    json.member("microseconds", static_cast<int64_t>(step.measured.seconds * 1e6)).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

Result<Opened> parse_opened(std::string_view text) {
  SLUIS_ASSIGN(const JsonValue value, parse_json(text, {.max_bytes = 256 << 20, .max_values = 50'000'000}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  Opened opened;
  opened.rounds = static_cast<uint64_t>(json.integer("rounds", 0, INT64_MAX));
  opened.bytes_sent = static_cast<uint64_t>(json.integer("bytes_sent", 0, INT64_MAX));
  if (const JsonValue* rows = json.get("rows", JsonValue::Kind::kArray))
    for (const JsonValue& item : rows->items)
      opened.cells.rows.push_back(static_cast<uint64_t>(item.integer));
  if (const JsonValue* measures = json.get("measures", JsonValue::Kind::kArray)) {
    for (const JsonValue& cell : measures->items) {
      std::vector<sql::Cell> values;
      for (const JsonValue& item : cell.items)
        values.push_back(item.is(JsonValue::Kind::kNull) ? sql::Cell() : sql::Cell(item.integer));
      opened.cells.measures.push_back(std::move(values));
    }
  }
  for (const JsonValue* item : json.objects("steps", 100'000)) {
    JsonReader step = json.item(*item, "steps");
    sql::MeasuredStep one{step.text("label", 400), {}};
    one.measured.rounds = static_cast<uint64_t>(step.integer("rounds", 0, INT64_MAX));
    one.measured.bytes = static_cast<uint64_t>(step.integer("bytes", 0, INT64_MAX));
    one.measured.seconds = 1e-6 * static_cast<double>(step.integer("microseconds", 0, INT64_MAX));
    step.finish();
    opened.steps.push_back(std::move(one));
  }
  json.finish();
  if (!errors.empty()) return errors.front();
  return opened;
}

}  // namespace sluis::rehearsal
