// Dense tables over few public cells.
#pragma once

#include <vector>

#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// One-hot form of the cell that each row falls in: plane c is 1 where valid and every dimension has its value
// of cell c. dims: for each dimension the column's planes and the public codes that count (cells = product of
// their numbers, last dimension fastest); a row whose value is not among the codes falls in no cell.
// `null_code` adds a last cell for NULL.
struct CellDimension {
  const SharedColumn* column;
  std::vector<int64_t> codes;
  bool null_cell = false;
};
SharedBits one_hot_cells(mpc::Session& session, const SharedBits& valid,
                         const std::vector<CellDimension>& dimensions);
// The same from what is public about a dimension. The form with pairs stands for dimensions without NULL
// whose codes are 0 .. codes - 1.
struct CellShape {
  uint64_t planes;  // of the value
  std::vector<int64_t> codes;
  bool nullable = false;
  bool null_cell = false;
  bool is_signed = false;
};
mpc::Cost cost_one_hot_cells(uint64_t rows, const std::vector<CellShape>& dimensions);
mpc::Cost cost_one_hot_cells(uint64_t rows,
                             const std::vector<std::pair<uint64_t, uint64_t>>& planes_and_codes);

// Number of rows per plane of one_hot: `cells` rows, planes = bits of the largest possible count (rows).
// Carry-save adders.
SharedBits count_cells(mpc::Session& session, const SharedBits& one_hot);
// Sum per cell of a value (two's complement; NULL and other cells' rows count as zero): cells rows, enough
// planes for any sum.
SharedBits sum_cells(mpc::Session& session, const SharedBits& one_hot, const SharedColumn& value);
// For a table in which each cell has at most one row (after group_by): that row's planes, zeros if none.
// Inner products: 1 round, cells * planes bits in all.
SharedBits select_cells(mpc::Session& session, const SharedBits& one_hot, const SharedBits& planes);
mpc::Cost cost_count_cells(uint64_t rows, uint64_t cells);
mpc::Cost cost_sum_cells(uint64_t rows, uint64_t cells, uint64_t planes, bool nullable = false,
                         bool is_signed = false);
mpc::Cost cost_select_cells(uint64_t rows, uint64_t cells, uint64_t planes);
// Planes of a sum_cells result: of rows values of so many planes.
uint64_t sum_cells_planes(uint64_t rows, uint64_t planes);

}  // namespace sluis::oblivious
