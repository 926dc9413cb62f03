// GROUP BY on a secret key of any size, and DISTINCT.
#pragma once

#include <vector>

#include "oblivious/order.h"
#include "oblivious/scan.h"

namespace sluis::oblivious {

enum class Aggregate : uint8_t {
  kCountRows,
  kCount,
  kSum,
  kMin,
  kMax,
  kAny
};  // kAny: any one value of the group (equal in all)

struct AggregateSpec {
  Aggregate function;
  int column = -1;             // of the input table; -1 for kCountRows
  relation::Type result_type;  // bounds of the result, from the binder (COUNT: 0..rows)
};

// SELECT keys, aggregates FROM table GROUP BY keys. Result: same public number of rows; the last row of each
// group is valid, in key order; columns = keys, then aggregates. NULL keys form one group (SQL). Aggregates
// over no non-NULL value are NULL. Sort by (valid, keys), one segmented scan for all aggregates. The result
// is unique on its keys and in key order.
// Rows that are not the last of a valid group keep their place: over all rows, valid or not, the key columns
// do not decrease (NULL last), as a join with right_in_key_order asks. Keys may be empty (one group). No
// valid row: no valid group.
// With sort.index (of the same keys; keys not empty) nothing is sorted: the rows stand in the index's order,
// invalid ones among the others with their own keys.
SharedTable group_by(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                     const std::vector<AggregateSpec>& aggregates, const SortUse& sort = {});
// Exact cost of a group_by whose sort did `trace`.
mpc::Cost cost_group_by(const std::vector<relation::ColumnSchema>& columns, const SortTrace& trace,
                        const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates);
// Exact cost over an index (SortUse::index): table_index, or index_in_place if in_place.
mpc::Cost cost_group_by_indexed(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                                const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                                bool in_place);
// The sort inside a group_by.
SortShape group_by_sort(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                        const std::vector<int>& keys);
mpc::Cost cost_group_by_bound(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                              const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                              const SortRule& rule = {});
mpc::Cost cost_group_by_expected(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                                 const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                                 const SortRule& rule = {});

}  // namespace sluis::oblivious
