#include "oblivious/shared_table.h"

#include "base/check.h"

namespace sluis::oblivious {

Bits encode_column(const relation::ColumnSchema& schema, const relation::Column& column) {
  CHECK(column.values.size() == column.null.size());
  const auto value_planes = static_cast<size_t>(schema.type.bits());
  Bits planes(column.values.size(), value_planes + (schema.nullable ? 1 : 0));
  for (size_t row = 0; row < planes.rows(); ++row) {
    const bool null = column.null[row] != 0;
    CHECK(!null || schema.nullable);
    const auto value = null ? uint64_t{0} : static_cast<uint64_t>(column.values[row]);
    for (size_t p = 0; p < value_planes; ++p) {
      if ((value >> p) & 1) planes.set(row, p, true);
    }
    if (null) planes.set(row, value_planes, true);
  }
  return planes;
}

}  // namespace sluis::oblivious
