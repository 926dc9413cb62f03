// Segmented scans over rows in order: MIN, MAX, SUM, OR per group, in 2n combinations and 2 log2 n levels.
#pragma once

#include <vector>

#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

enum class Fold : uint8_t { kMin, kMax, kSum, kOr, kFirst };

// One column to fold. For kMin/kMax: unsigned planes (callers flip the sign plane; rows that must not count
// carry the neutral value). For kSum: result mod 2^planes of two's complement values. result_planes (kSum
// only, 0 = as value) asks for a wider result: then `value` need only hold one row's value, and sums are
// computed no wider than their number of rows demands; is_signed says how value is extended.
struct ScanColumn {
  Fold fold;
  SharedBits value;
  size_t result_planes = 0;
  bool is_signed = false;
};

// Inclusive prefix fold within segments: row i gets fold(row s..i), s the last row at or before i with start
// = 1. start has one plane. All columns share the levels' rounds. Row 0 counts as a start whatever its bit.
std::vector<SharedBits> segmented_scan(mpc::Session& session, const SharedBits& start,
                                       std::vector<ScanColumn> columns);

// What the cost of a column depends on; result_planes as in ScanColumn.
struct ScanShape {
  Fold fold;
  uint64_t planes;
  uint64_t result_planes = 0;
  bool is_signed = false;
};
mpc::Cost cost_segmented_scan(uint64_t rows, const std::vector<ScanShape>& columns);
mpc::Cost cost_segmented_scan(uint64_t rows, const std::vector<std::pair<Fold, uint64_t>>& columns);

}  // namespace sluis::oblivious
