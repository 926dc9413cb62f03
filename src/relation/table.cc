#include "relation/table.h"

#include "base/check.h"
#include "relation/date.h"
#include "relation/decimal.h"

namespace sluis::relation {

int TableSchema::find(const std::string& column) const {
  for (size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == column) return static_cast<int>(i);
  return -1;
}

Table Table::empty(TableSchema schema) {
  Table table;
  table.columns.resize(schema.columns.size());
  table.schema = std::move(schema);
  return table;
}

std::string cell_text(const Type& type, int64_t value) {
  switch (type.kind) {
    case Kind::kInteger:
      return std::to_string(value);
    case Kind::kDate:
      return date_text(value);
    case Kind::kBoolean:
      return value != 0 ? "t" : "f";
    case Kind::kCategory:
      return type.domain.at(static_cast<size_t>(value));
    case Kind::kDecimal:
      return decimal_text(value, type.scale);
    case Kind::kNumeric:
      break;
  }
  CHECK(false);
  return {};
}

}  // namespace sluis::relation
