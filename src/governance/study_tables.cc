// [[table]], [link] and [[view]] of a study.
#include <algorithm>

#include "governance/fields.h"
#include "governance/study_parse.h"
#include "relation/date.h"

namespace sluis::governance::study_parts {
namespace {

constexpr size_t kMaxSqlBytes = 16 * 1024;

// "bij/2026#jeugdhulp": profile, version, and which of the profile's relations.
bool is_schema(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_slug(text.substr(0, slash))) return false;
  const std::string_view rest = text.substr(slash + 1);
  const size_t hash = rest.find('#');
  const std::string_view version = rest.substr(0, hash);
  const auto is_version = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  return !version.empty() && version.size() <= 16 &&
         std::all_of(version.begin(), version.end(), is_version) &&
         (hash == std::string_view::npos || is_slug(rest.substr(hash + 1)));
}

std::optional<Period> read_period(TomlReader& reader) {
  if (!reader.has("period")) return std::nullopt;
  const TomlValue* array = reader.get("period", TomlValue::Kind::kArray);
  if (array == nullptr) return std::nullopt;
  const auto is_date = [](const TomlValue& item) { return item.kind == TomlValue::Kind::kDate; };
  if (array->items.size() != 2 || !std::all_of(array->items.begin(), array->items.end(), is_date)) {
    reader.fault("S1005.form", {reader.path("period"), "[2021-01-01, 2022-12-31]"}, array->at);
    return std::nullopt;
  }
  const auto day = [&](size_t i) {
    const CalendarDate& date = array->items[i].date;
    return relation::day_number(date.year, date.month, date.day).value_or(0);
  };
  const Period period{day(0), day(1)};
  if (period.from > period.to || period.from < relation::kMinStoredDate ||
      period.to > relation::kMaxStoredDate)
    reader.fault("S1034.period", {reader.path("period")}, array->at);
  return period;
}

std::vector<StudyColumn> read_columns(TomlReader& reader) {
  std::vector<StudyColumn> out;
  const TomlValue* columns = reader.get("columns", TomlValue::Kind::kTable);
  if (columns == nullptr) return out;
  TomlReader uses = reader.item(*columns, reader.path("columns"));
  if (columns->entries.empty() || columns->entries.size() > 256)
    reader.fault("S1005.count", {reader.path("columns"), "1", "256"}, columns->at);
  for (const TomlValue::Entry& entry : columns->entries) {
    if (!is_identifier(entry.key))
      reader.fault("S1005.form", {uses.path(entry.key), "[a-z_][a-z0-9_]*"}, entry.at);
    const std::string use = uses.choice(entry.key, {"link", "filter", "compare", "group", "sum"});
    StudyColumn column{entry.key, ColumnUse::kLink, entry.at};
    for (int i = 0; i <= static_cast<int>(ColumnUse::kSum); ++i)
      if (use == column_use_name(static_cast<ColumnUse>(i))) column.use = static_cast<ColumnUse>(i);
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace

SqlText read_sql(TomlReader& reader, std::string_view key, size_t max_bytes) {
  SqlText out;
  out.text = reader.text(key, max_bytes);
  const TomlValue* value = reader.find(key);
  if (value == nullptr || value->kind != TomlValue::Kind::kString) return out;
  out.at = value->text_at;
  if (!value->verbatim) reader.fault("S1005.verbatim", {reader.path(key)}, value->at);
  return out;
}

StudyTable read_table(TomlReader reader) {
  StudyTable out;
  out.at = reader.value().at;
  out.name = reader.text("name");
  demand_form(reader, "name", out.name, is_identifier, "[a-z_][a-z0-9_]*");
  out.schema = reader.text("schema", 100);
  demand_form(reader, "schema", out.schema, is_schema, "profiel/1.0#relatie");
  out.owners = reader.choice("owners", {"gemeente", "jeugdhulpaanbieder"});
  out.period = read_period(reader);
  reader.find("period");
  if (reader.has("rows")) out.rows = read_sql(reader, "rows", 2000);
  out.columns = read_columns(reader);
  reader.finish();
  return out;
}

Link read_link(TomlReader reader) {
  Link out;
  out.key = reader.text("key");
  if (!out.key.empty() && out.key != "bsn")
    reader.fault("S1030.value", {reader.path("key"), "bsn"}, reader.at("key"));
  out.check = reader.text("check");
  if (!out.check.empty() && out.check != "elfproef")
    reader.fault("S1030.value", {reader.path("check"), "elfproef"}, reader.at("check"));
  out.invalid = reader.texts("invalid", 2, 2);
  std::vector<std::string> sorted = out.invalid;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() == 2 && sorted != std::vector<std::string>{"000000000", "999999999"})
    reader.fault("S1030.value", {reader.path("invalid"), "[\"000000000\", \"999999999\"]"},
                 reader.at("invalid"));
  out.match = reader.text("match");
  if (!out.match.empty() && out.match != "exact")
    reader.fault("S1030.value", {reader.path("match"), "exact"}, reader.at("match"));
  out.report = reader.boolean("report");
  reader.finish();
  return out;
}

View read_view(TomlReader reader) {
  View out;
  out.at = reader.value().at;
  out.name = reader.text("name");
  demand_form(reader, "name", out.name, is_identifier, "[a-z_][a-z0-9_]*");
  out.sql = read_sql(reader, "sql", kMaxSqlBytes);
  reader.finish();
  return out;
}

}  // namespace sluis::governance::study_parts
