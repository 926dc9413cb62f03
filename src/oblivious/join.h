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
  bool right_in_key_order =
      false;  // rows ordered so that within each key at most the last is valid (after group_by)
};

// Result: the left side's rows in the left side's order; columns = left columns, then right_payload (nullable
// for kLeft; NULL where nothing matched). valid: kInner/kSemi and match, kAnti and no match, kLeft unchanged.
// NULL keys never match. REQUIRES: right is unique on its keys among valid rows (group_by's result, or
// checked by unique_violation below).
SharedTable join(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                 const JoinSpec& spec);

// One bit: some key occurs on two valid rows. Opening it is leakage ("unique-violation", docs/leakage.md):
// only within one owner's table.
SharedBits unique_violation(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys);

mpc::Cost cost_join_bound(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                          const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                          const JoinSpec& spec);
mpc::Cost cost_join_expected(const std::vector<relation::ColumnSchema>& left, uint64_t left_rows,
                             const std::vector<relation::ColumnSchema>& right, uint64_t right_rows,
                             const JoinSpec& spec);

}  // namespace sluis::oblivious
