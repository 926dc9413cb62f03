// [[output]] of a study: the only thing that leaves.
#include <algorithm>

#include "governance/derive.h"
#include "governance/fields.h"
#include "governance/study_parse.h"

namespace sluis::governance::study_parts {
namespace {

constexpr size_t kMaxSqlBytes = 16 * 1024;
constexpr std::string_view kParticipants = "@participants";

void read_heading(TomlReader& reader, const std::string& path, const TomlValue& item, Domain& out) {
  const bool integer = item.kind == TomlValue::Kind::kInteger;
  if (!integer && item.kind != TomlValue::Kind::kString)
    return reader.fault("S1005.form", {path, "[\"a\", \"b\"]"}, item.at);
  if (!out.values.empty() && integer != out.integers)
    return reader.fault("S1005.form", {path, "[\"a\", \"b\"], [1, 2]"}, item.at);
  out.integers = integer;
  const std::string value = integer ? std::to_string(item.integer) : item.text;
  if (value.empty() || value.size() > 200 || value.starts_with('@') || value.find('\n') != std::string::npos)
    return reader.fault("S1005.form", {path, "1..200 x"}, item.at);
  if (std::find(out.values.begin(), out.values.end(), value) != out.values.end())
    return reader.fault("S1008.twice", {path, value}, item.at);
  out.values.push_back(value);
}

Domain read_domain_column(TomlReader& reader, const TomlValue::Entry& entry) {
  Domain out;
  out.column = entry.key;
  out.at = entry.at;
  const std::string path = reader.path("domain") + '.' + entry.key;
  if (!is_identifier(entry.key)) reader.fault("S1005.form", {path, "[a-z_][a-z0-9_]*"}, entry.at);
  if (entry.value.kind == TomlValue::Kind::kString && entry.value.text == kParticipants) {
    out.participants = true;
  } else if (entry.value.kind != TomlValue::Kind::kArray || entry.value.items.empty() ||
             entry.value.items.size() > 1000) {
    reader.fault("S1005.form", {path, "[\"a\", \"b\"], \"@participants\""}, entry.value.at);
  } else {
    for (const TomlValue& item : entry.value.items) read_heading(reader, path, item, out);
  }
  return out;
}

std::vector<Domain> read_domain(TomlReader& reader) {
  std::vector<Domain> out;
  const TomlValue* table = reader.get("domain", TomlValue::Kind::kTable, false);
  if (table == nullptr) return out;
  if (table->entries.empty() || table->entries.size() > 16)
    reader.fault("S1005.count", {reader.path("domain"), "1", "16"}, table->at);
  size_t cells = 1;
  for (const TomlValue::Entry& entry : table->entries) {
    out.push_back(read_domain_column(reader, entry));
    cells = std::min<size_t>(1'000'000, cells * std::max<size_t>(1, out.back().values.size()));
  }
  if (cells > 10'000) reader.fault("S1034.cells", {reader.path("domain"), "10000"}, table->at);
  return out;
}

Sensitive read_sensitive(TomlReader reader) {
  Sensitive out;
  if (const TomlValue* values = reader.get("values", TomlValue::Kind::kTable, false)) {
    TomlReader columns = reader.item(*values, reader.path("values"));
    for (const TomlValue::Entry& entry : values->entries)
      out.values[entry.key] = columns.texts(entry.key, 1, 1000);
  }
  out.counts = reader.texts("counts", 0, 50);
  if (out.values.empty() && out.counts.empty())
    reader.fault("S1004.empty", {reader.path("values")}, reader.value().at);
  reader.finish();
  return out;
}

Derive read_derive(TomlReader reader) {
  Derive out;
  out.at = reader.value().at;
  out.name = reader.text("name");
  demand_form(reader, "name", out.name, is_identifier, "[a-z_][a-z0-9_]*");
  out.expression = reader.text("expr", 400);
  if (const auto formula = parse_derive(out.expression); !out.expression.empty() && !formula.ok())
    reader.fault(formula.error().id, formula.error().args, reader.at("expr"));
  reader.finish();
  return out;
}

Statistic read_statistic(TomlReader reader) {
  Statistic out;
  out.at = reader.value().at;
  out.name = reader.text("name");
  demand_form(reader, "name", out.name, is_identifier, "[a-z_][a-z0-9_]*");
  out.kind = reader.text("kind", 100);
  if (!out.kind.empty() && out.kind != "mantel-haenszel-risk-ratio")
    reader.fault("S1030.value", {reader.path("kind"), "mantel-haenszel-risk-ratio"}, reader.at("kind"));
  out.event = reader.text("event", 63);
  out.total = reader.text("total", 63);
  if (const TomlValue* exposed = reader.get("exposed", TomlValue::Kind::kTable)) {
    TomlReader one = reader.item(*exposed, reader.path("exposed"));
    if (exposed->entries.size() != 1) {
      reader.fault("S1005.count", {reader.path("exposed"), "1", "1"}, exposed->at);
    } else {
      out.exposed_column = exposed->entries[0].key;
      out.exposed_value = one.text(out.exposed_column, 200);
    }
  }
  out.strata = reader.texts("strata", 1, 15);
  reader.finish();
  return out;
}

std::vector<int64_t> read_bands(TomlReader& reader) {
  std::vector<int64_t> out;
  const TomlValue* array = reader.get("bands", TomlValue::Kind::kArray, false);
  if (array == nullptr) return out;
  if (array->items.empty() || array->items.size() > 16)
    reader.fault("S1005.count", {reader.path("bands"), "1", "16"}, array->at);
  for (const TomlValue& item : array->items) {
    const bool fits = item.kind == TomlValue::Kind::kInteger && item.integer > 0 &&
                      item.integer <= 1'000'000 && (out.empty() || item.integer > out.back());
    if (!fits) {
      reader.fault("S1005.form", {reader.path("bands"), "[10, 25, 50, 100]"}, item.at);
      break;
    }
    out.push_back(item.integer);
  }
  return out;
}

}  // namespace

Output read_output(TomlReader reader) {
  Output out;
  out.at = reader.value().at;
  out.name = reader.text("name");
  // Names that begin with an underscore are the nodes' own: link rates.
  demand_form(
      reader, "name", out.name,
      [](std::string_view name) { return is_identifier(name) && name.front() != '_'; }, "[a-z][a-z0-9_]*");
  out.title = reader.text("title", 500);
  out.sql = read_sql(reader, "sql", kMaxSqlBytes);
  out.domain = read_domain(reader);
  if (reader.has("sensitive")) out.sensitive = read_sensitive(reader.table("sensitive"));
  for (const TomlValue* item : reader.tables("derive", 0, 50))
    out.derive.push_back(read_derive(reader.item(*item, reader.path("derive"))));
  for (const TomlValue* item : reader.tables("statistics", 0, 20))
    out.statistics.push_back(read_statistic(reader.item(*item, reader.path("statistics"))));
  out.bands = read_bands(reader);
  out.to = reader.choice("to", {"recipients", "own-row"}) == "own-row" ? Recipient::kOwnRow
                                                                       : Recipient::kRecipients;
  reader.finish();
  return out;
}

}  // namespace sluis::governance::study_parts
