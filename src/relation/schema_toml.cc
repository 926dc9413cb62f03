#include "relation/schema_toml.h"

#include <set>

#include "base/toml.h"
#include "base/utf8.h"
#include "relation/date.h"
#include "relation/decimal.h"

namespace sluis::relation {
namespace {

constexpr size_t kMaxTables = 200;
constexpr size_t kMaxColumns = 2000;
constexpr size_t kMaxDomain = 65'536;

Kind kind_of(const std::string& name) {
  for (const Kind kind : {Kind::kDate, Kind::kBoolean, Kind::kCategory, Kind::kDecimal})
    if (name == kind_name(kind)) return kind;
  return Kind::kInteger;
}

std::optional<int64_t> bound(TomlReader& reader, std::string_view key, Kind kind) {
  if (!reader.has(key)) return std::nullopt;
  if (kind == Kind::kInteger) return reader.integer(key, INT64_MIN, INT64_MAX);
  const CalendarDate date = reader.date(key);
  const auto day = day_number(date.year, date.month, date.day);
  if (day && *day >= kMinStoredDate && *day <= kMaxStoredDate) return day;
  reader.fault("S1042.date_range", {reader.path(key)}, reader.at(key));
  return std::nullopt;
}

// A bound of a decimal is written as text, "0.00": TOML's own numbers with a point are binary fractions.
std::optional<int64_t> decimal_bound(TomlReader& reader, std::string_view key, int scale) {
  if (!reader.has(key)) return std::nullopt;
  const std::string text = reader.text(key, 32);
  const std::optional<Decimal> number = parse_decimal(text);
  constexpr int64_t kLimit = 1'000'000'000'000'000'000;  // 18 digits
  if (number && number->scale <= scale) {
    const __int128 value = static_cast<__int128>(number->value) * power_of_ten(scale - number->scale);
    if (value > -kLimit && value < kLimit) return static_cast<int64_t>(value);
  }
  reader.fault("S1042.decimal", {reader.path(key), std::to_string(scale)}, reader.at(key));
  return std::nullopt;
}

DeclaredColumn read_column(TomlReader reader, const std::string& name) {
  DeclaredColumn column;
  column.name = name;
  column.kind = kind_of(reader.choice("type", {"integer", "date", "boolean", "category", "decimal"}));
  if (column.kind == Kind::kInteger || column.kind == Kind::kDate) {
    column.lo = bound(reader, "min", column.kind);
    column.hi = bound(reader, "max", column.kind);
  }
  if (column.kind == Kind::kDecimal) {
    column.scale = static_cast<int>(reader.integer("scale", 1, kMaxStoredScale));
    column.lo = decimal_bound(reader, "min", column.scale);
    column.hi = decimal_bound(reader, "max", column.scale);
  }
  if (column.lo && column.hi && *column.lo > *column.hi)
    reader.fault("S1042.bounds", {reader.path("min")}, reader.at("min"));
  if (column.kind == Kind::kCategory && reader.has("values"))
    column.domain = reader.texts("values", 1, kMaxDomain);
  if (reader.has("nullable")) column.nullable = reader.boolean("nullable");
  reader.finish();
  return column;
}

void read_columns(TomlReader columns, DeclaredTable& table) {
  if (columns.value().entries.size() > kMaxColumns)
    return columns.fault("S1005.count", {columns.path(""), "0", std::to_string(kMaxColumns)},
                         columns.value().at);
  for (const TomlValue::Entry& entry : columns.value().entries) {
    if (!is_plain_name(entry.key)) columns.fault("S1042.column_name", {safe_name(entry.key)}, entry.at);
    table.columns.push_back(read_column(columns.table(entry.key), entry.key));
  }
}

// unique = [["id"], ["owner", "number"]]
void read_unique(TomlReader& reader, DeclaredTable& table) {
  const TomlValue* keys = reader.get("unique", TomlValue::Kind::kArray, false);
  if (keys == nullptr) return;
  for (const TomlValue& key : keys->items) {
    std::vector<std::string> columns;
    for (const TomlValue& item : key.items)
      if (item.kind == TomlValue::Kind::kString) columns.push_back(item.text);
    const std::set<std::string> distinct(columns.begin(), columns.end());
    const bool good = key.kind == TomlValue::Kind::kArray && !columns.empty() &&
                      columns.size() == key.items.size() && distinct.size() == columns.size();
    if (!good) reader.fault("S1042.unique_form", {reader.path("unique")}, key.at);
    table.unique_keys.push_back(std::move(columns));
  }
}

// at_most = [{ columns = ["parent"], rows = 12 }]
void read_at_most(TomlReader& reader, DeclaredTable& table) {
  const TomlValue* limits = reader.get("at_most", TomlValue::Kind::kArray, false);
  if (limits == nullptr) return;
  for (const TomlValue& value : limits->items) {
    if (value.kind != TomlValue::Kind::kTable) {
      reader.fault("S1042.at_most_form", {reader.path("at_most")}, value.at);
      continue;
    }
    TomlReader item = reader.item(value, reader.path("at_most"));
    KeyLimit limit;
    limit.columns = item.texts("columns", 1, kMaxColumns);
    limit.rows = static_cast<uint64_t>(item.integer("rows", 1, 1'000'000));
    item.finish();
    table.at_most.push_back(std::move(limit));
  }
}

DeclaredTable read_table(TomlReader reader, const std::string& name) {
  DeclaredTable table;
  table.name = name;
  table.file = reader.has("file") ? reader.text("file", 255) : name + ".csv";
  if (table.file.find('/') != std::string::npos || table.file.starts_with('.'))
    reader.fault("S1042.file_name", {}, reader.at("file"));
  read_unique(reader, table);
  read_at_most(reader, table);
  if (reader.has("columns")) read_columns(reader.table("columns"), table);
  reader.finish();
  return table;
}

}  // namespace

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > 63 || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

SchemaToml parse_schema_toml(std::string_view bytes, std::string_view file) {
  SchemaToml out;
  TomlParse parsed = parse_toml(bytes, file);
  out.errors = std::move(parsed.errors);
  if (!parsed.root) return out;
  TomlReader root(*parsed.root, "", std::string(file), out.errors);
  root.choice("format", {"sluis-schema/1"});
  TomlReader tables = root.table("table", false);
  if (tables.value().entries.size() > kMaxTables)
    tables.fault("S1005.count", {"table", "0", std::to_string(kMaxTables)}, tables.value().at);
  std::set<std::string> files;
  for (const TomlValue::Entry& entry : tables.value().entries) {
    if (!is_plain_name(entry.key)) tables.fault("S1042.table_name", {safe_name(entry.key)}, entry.at);
    out.tables.push_back(read_table(tables.table(entry.key), entry.key));
    const std::string& csv = out.tables.back().file;
    if (!files.insert(csv).second) tables.fault("S1042.file_twice", {safe_name(csv)}, entry.at);
  }
  root.finish();
  sort_by_position(out.errors);
  if (!out.errors.empty()) out.tables.clear();
  return out;
}

}  // namespace sluis::relation
