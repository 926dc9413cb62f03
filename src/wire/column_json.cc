#include "wire/column_json.h"

#include <algorithm>

namespace sluis::wire {
namespace {

constexpr int64_t kLimit = int64_t{1} << 62;

relation::Kind kind_of(const std::string& name) {
  if (name == "date") return relation::Kind::kDate;
  if (name == "boolean") return relation::Kind::kBoolean;
  if (name == "category") return relation::Kind::kCategory;
  if (name == "decimal") return relation::Kind::kDecimal;
  return relation::Kind::kInteger;
}

relation::Type read_type(JsonReader& column) {
  const relation::Kind kind =
      kind_of(column.choice("type", {"integer", "date", "boolean", "category", "decimal"}));
  if (kind == relation::Kind::kBoolean) return relation::Type::boolean();
  if (kind == relation::Kind::kCategory) {
    const std::vector<std::string> domain = column.texts("domain", 4096);
    if (domain.empty() || !std::is_sorted(domain.begin(), domain.end()) ||
        std::adjacent_find(domain.begin(), domain.end()) != domain.end()) {
      column.fault("S1006.domain", {column.path("domain")}, column.value());
      return relation::Type::boolean();
    }
    return relation::Type::category(domain);
  }
  relation::Type type{kind, column.integer("lo", -kLimit, kLimit), column.integer("hi", -kLimit, kLimit), {}};
  if (kind == relation::Kind::kDecimal)
    type.scale = static_cast<int>(column.integer("scale", 1, relation::kMaxStoredScale));
  if (type.lo > type.hi) {
    column.fault("S1005.range", {column.path("hi")}, column.value());
    type.hi = type.lo;
  }
  return type;
}

}  // namespace

void write_columns(JsonWriter& json, const std::vector<relation::ColumnSchema>& columns) {
  json.begin_array();
  for (const relation::ColumnSchema& column : columns) {
    json.begin_object().member("name", column.name).member("type", relation::kind_name(column.type.kind));
    if (column.type.kind == relation::Kind::kCategory) {
      json.key("domain").begin_array();
      for (const std::string& value : column.type.domain) json.string(value);
      json.end_array();
    } else if (column.type.kind != relation::Kind::kBoolean) {
      json.member("lo", column.type.lo).member("hi", column.type.hi);
      if (column.type.kind == relation::Kind::kDecimal) json.member("scale", column.type.scale);
    }
    json.member("nullable", column.nullable).end_object();
  }
  json.end_array();
}

std::vector<relation::ColumnSchema> read_columns(JsonReader& object, size_t max_columns) {
  std::vector<relation::ColumnSchema> columns;
  for (const JsonValue* item : object.objects("columns", max_columns)) {
    JsonReader column = object.item(*item, object.path("columns"));
    relation::ColumnSchema schema;
    schema.name = column.text("name", 64);
    schema.type = read_type(column);
    schema.nullable = column.boolean("nullable");
    column.finish();
    columns.push_back(std::move(schema));
  }
  return columns;
}

}  // namespace sluis::wire
