// Primary key - foreign key join by XOR differences (protocols.md 4.9).
#pragma once

#include <vector>

#include "oblivious/order.h"

namespace sluis::oblivious {

enum class JoinKind : uint8_t { kInner, kLeft, kSemi, kAnti };

struct JoinSpec {
  JoinKind kind = JoinKind::kInner;
  std::vector<int> left_keys;      // columns of the many side (foreign keys)
  std::vector<int> right_keys;     // columns of the one side (primary key), same kinds; widths are unified
  std::vector<int> right_payload;  // columns of the one side that the result carries
  // The right rows, invalid ones included, do not decrease in their keys (first key column most significant,
  // NULL last), and within each key at most the last is valid. True of group_by's result, joined on all its
  // keys in their order, also after filters. Then a wide payload needs no multiplication (XOR differences);
  // otherwise, or if that sends less, it is copied forward by a scan: 2 ANDs a bit and row, 2 log2 n rounds.
  bool right_in_key_order = false;
};

// Result: the left side's rows in the left side's order; columns = left columns, then right_payload (nullable
// for kLeft; NULL where nothing matched). valid: kInner/kSemi and match, kAnti and no match, kLeft unchanged.
// NULL keys never match. REQUIRES: right is unique on its keys among valid rows (group_by's result, or
// checked by unique_violation below); kSemi and kAnti need no uniqueness unless right_in_key_order.
SharedTable join(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                 const JoinSpec& spec, const SortUse& sort = {});

// One bit: some key occurs on two valid rows. Opening it is leakage ("unique-violation", docs/leakage.md):
// only within one owner's table.
// Rows with a NULL key column count as different from every other.
SharedBits unique_violation(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                            const SortUse& sort = {});
// Exact, given what the sort did.
mpc::Cost cost_unique_violation(const std::vector<relation::ColumnSchema>& columns, const SortTrace& trace,
                                const std::vector<int>& keys);
mpc::Cost cost_unique_violation_bound(const std::vector<relation::ColumnSchema>& columns, uint64_t rows,
                                      const std::vector<int>& keys, const SortRule& rule = {});

// Exact cost of a join whose sort did `trace`; the bound and the expectation for EXPLAIN.
mpc::Cost cost_join(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                    const std::vector<relation::ColumnSchema>& right, const JoinSpec& spec,
                    const SortTrace& trace);

// Exact cost of a join over union_index (SortUse::index).
mpc::Cost cost_join_indexed(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                            const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                            const JoinSpec& spec);
// The sort inside a join: of both sides' rows.
SortShape join_sort(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                    const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                    const JoinSpec& spec);
mpc::Cost cost_join_bound(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                          const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                          const JoinSpec& spec, const SortRule& rule = {});
mpc::Cost cost_join_expected(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                             const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                             const JoinSpec& spec, const SortRule& rule = {});

}  // namespace sluis::oblivious
