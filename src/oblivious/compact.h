// Moving the valid rows to the front, and cutting to a public bound.
#pragma once

#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// Valid rows first, in their order, then the others (protocols.md 4.11); cut to `bound` rows if bound < rows.
// overflow: one bit, 1 if more than `bound` rows were valid (never opened here; opening is leakage
// "overflow").
struct Compacted {
  SharedTable table;
  SharedBits overflow;
};
Compacted compact(mpc::Session& session, const SharedTable& table, size_t bound);
// row_planes: all planes of a row, `valid` included. Exact.
mpc::Cost cost_compact(uint64_t rows, uint64_t row_planes);

}  // namespace sluis::oblivious
