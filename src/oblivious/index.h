// An order on key columns that is kept (docs/protocols/index.md): of one table, or of the union of a join's
// two sides. It does not depend on `valid`, so filters do not spoil it. Using it opens nothing and sorts
// nothing.
#pragma once

#include <optional>
#include <vector>

#include "oblivious/join.h"
#include "oblivious/order.h"

namespace sluis::oblivious {

// What follows from the keys of all rows, valid or not, and is therefore made once.
struct KeyIndex {
  std::optional<Order> order;  // nothing: the rows stand in key order already
  SharedBits key;              // packed key of each row, in order (key.h); of a union: no planes
  SharedBits start;            // in order: the key differs from the row before; row 0: 1
  // Union with a right side in key order: of each left row, in the left side's order, that its key is not
  // NULL and that some right row has it. Otherwise no planes.
  SharedBits found;

  size_t rows() const { return start.rows(); }
};

// How an operator takes the index.
inline SortUse over(const KeyIndex& index) { return {{}, nullptr, &index}; }

// Sorts the table by `keys` alone. group_by takes the index as SortUse::index. REQUIRES: keys not empty.
KeyIndex table_index(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                     const SortUse& sort = {});
mpc::Cost cost_table_index(const std::vector<relation::ColumnSchema>& columns, const SortTrace& trace,
                           const std::vector<int>& keys);
// The same for a table whose rows, invalid ones included, do not decrease in `keys` (group_by's result, in
// the first of its keys): nothing moves.
KeyIndex index_in_place(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys);
mpc::Cost cost_index_in_place(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                              const std::vector<int>& keys);

// Sorts the union of the right rows and the left rows by the keys of `spec`; of the tables only the key
// columns matter. join takes the index as SortUse::index, with the same key columns, right_in_key_order and
// row counts; kind, payload and `valid` may differ.
KeyIndex union_index(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                     const JoinSpec& spec, const SortUse& sort = {});
mpc::Cost cost_union_index(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                           const std::vector<relation::ColumnSchema>& right, const JoinSpec& spec,
                           const SortTrace& trace);

// What one sort costs: expectation and bound for EXPLAIN. The two above without their sort.
mpc::Cost cost_around_table_index(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                                  const std::vector<int>& keys);
mpc::Cost cost_around_union_index(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                                  const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                                  const JoinSpec& spec);
// Planes of the packed keys: what the sort compares beside its own row numbers.
uint64_t table_key_planes(const std::vector<relation::ColumnSchema>& columns, const std::vector<int>& keys);
uint64_t union_key_planes(const std::vector<relation::ColumnSchema>& left,
                          const std::vector<relation::ColumnSchema>& right, const JoinSpec& spec);

// Moves `x`, one row per row of the indexed table, into key order: 2 rounds, or nothing if it stands there.
SharedBits into_index(mpc::Session& session, const KeyIndex& index, const SharedBits& x);
mpc::Cost cost_into_index(uint64_t rows, uint64_t planes, bool in_place);
// The last row of each group, from `start`. Local.
SharedBits group_ends(int party, const SharedBits& start);

}  // namespace sluis::oblivious
