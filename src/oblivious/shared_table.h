// A secret-shared table: what every oblivious operator takes and gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relation/table.h"
#include "sharing/bits.h"

namespace sluis::oblivious {

using sharing::Bits;
using sharing::SharedBits;

// One column. `value` has type.bits() planes, two's complement (unsigned if type.lo >= 0). `null` (one plane,
// 1 = NULL) is present if the column may be NULL; value is unspecified where null is 1 (operators must not
// depend on it: mask first).
struct SharedColumn {
  relation::Type type;
  SharedBits value;
  std::optional<SharedBits> null;
};

// `valid` (one plane) says which rows exist; rows() is public, the number of valid rows is secret. A filter
// only clears `valid`: nothing shrinks unless a public bound allows it.
struct SharedTable {
  SharedBits valid;
  std::vector<SharedColumn> columns;
  size_t rows() const { return valid.rows(); }
};

// Clear table -> planes of one column (value planes, then a null plane if nullable), in the encoding above.
// What an owner splits and a node reads back. NULL entries have value 0.
Bits encode_column(const relation::ColumnSchema& schema, const relation::Column& column);

}  // namespace sluis::oblivious
