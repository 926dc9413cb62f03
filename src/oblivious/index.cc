#include "oblivious/index.h"

#include "base/check.h"
#include "oblivious/join_plan.h"
#include "oblivious/key.h"
#include "oblivious/scan.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

std::vector<KeyType> key_types(const std::vector<ColumnSchema>& keys) {
  std::vector<KeyType> types;
  for (const ColumnSchema& key : keys) types.push_back({key.type, key.nullable});
  return types;
}

SharedBits packed_key(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys) {
  CHECK(!keys.empty());
  return pack_key(session, pick(table, keys), key_types(pick(schemas_of(table), keys)));
}

// Where the key differs from the row before; row 0 starts a group.
SharedBits group_starts(mpc::Session& session, const SharedBits& key) {
  SharedBits same = mpc::equal(session, key, sharing::shift_down(key));
  if (same.rows() > 0) {
    same.own.set(0, 0, false);
    same.next.set(0, 0, false);
  }
  return sharing::not_(session.party(), same);
}

// Of each left row: its key is not NULL and a right row has it. Right rows stand first in their group, so the
// first row of each group tells.
SharedBits right_has_key(mpc::Session& session, const KeyIndex& index, const SharedTable& left,
                         const JoinSpec& spec) {
  const int party = session.party();
  const size_t rows = index.rows(), right_rows = rows - left.rows();
  Bits is_right(rows, 1);
  for (size_t i = 0; i < right_rows; ++i) is_right.set(i, 0, true);
  std::vector<ScanColumn> columns;
  columns.push_back({Fold::kFirst, into_index(session, index, sharing::share_public(party, is_right))});
  const SharedBits first = segmented_scan(session, index.start, std::move(columns))[0];
  const SharedBits found = out_of_order(session, *index.order, first, right_rows, left.rows());
  const auto null = any_null(session, pick(left, spec.left_keys));
  return null ? mpc::and_(session, found, sharing::not_(party, *null)) : found;
}

}  // namespace

// F: table, keys -> the order of all its rows by key (ties in row order), the keys in it, where groups start.
//   key <- pack(keys);  rows <- sort(key);  start_j <- NOT EQ(key_j, key_j-1)
// Security: one opened order of one fresh shuffle (sort_key_opening), however often the index is used after
//   it; nothing else is opened. Cost: cost_table_index(trace), exact. Randomness: the sort's, AND masks.
// Leaks: row count, key planes. Source: protocols.md 4.8.
KeyIndex table_index(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                     const SortUse& sort) {
  Sorted sorted = sort_key_opening(session, packed_key(session, table, keys),
                                   mpc::make_shuffle(session, table.rows()), sort_options(sort), sort.trace);
  SharedBits start = group_starts(session, sorted.key);
  return {std::move(sorted.order), std::move(sorted.key), std::move(start), {}};
}

KeyIndex index_in_place(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys) {
  SharedBits key = packed_key(session, table, keys);
  SharedBits start = group_starts(session, key);
  return {std::nullopt, std::move(key), std::move(start), {}};
}

// F: the order of right rows and left rows together by key, right before left at equal keys; where groups
//   start; for a right side in key order, which left rows' keys some right row has.
//   U <- right, then left; key <- sort(pack(U));  start_j <- NOT EQ(key_j, key_j-1)
//   found <- FIRST(is_right) by group, back to the left rows, AND left key NOT NULL
// Security: as table_index: one shuffle covers the union and is opened once. Two tables' own indexes would
//   give no merged order; comparing them would show degrees. Cost: cost_union_index(trace), exact.
// Leaks: both row counts, key planes. Source: protocols.md 4.8, 4.9.
KeyIndex union_index(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                     const JoinSpec& spec, const SortUse& sort) {
  const JoinPlan plan = plan_join(schemas_of(left), schemas_of(right), spec, true);
  KeyIndex index;
  {
    SharedBits key = pack_key(session, pick(right, spec.right_keys), plan.key_types);
    {
      const SharedBits left_key = pack_key(session, pick(left, spec.left_keys), plan.key_types);
      key = sharing::concat_rows({&key, &left_key});
    }
    const size_t rows = key.rows();
    Sorted sorted = sort_key_opening(session, std::move(key), mpc::make_shuffle(session, rows),
                                     sort_options(sort), sort.trace);
    index.order = std::move(sorted.order);
    index.start = group_starts(session, sorted.key);
  }
  if (spec.right_in_key_order) index.found = right_has_key(session, index, left, spec);
  return index;
}

SharedBits into_index(mpc::Session& session, const KeyIndex& index, const SharedBits& x) {
  CHECK(x.rows() == index.rows());
  return index.order ? into_order(session, *index.order, x) : x;
}

SharedBits group_ends(int party, const SharedBits& start) {
  Bits last_row(start.rows(), 1);
  if (start.rows() > 0) last_row.set(start.rows() - 1, 0, true);
  return sharing::xor_public(party, sharing::shift_up(start), last_row);
}

uint64_t table_key_planes(const std::vector<ColumnSchema>& columns, const std::vector<int>& keys) {
  return key_planes(key_types(pick(columns, keys)));
}

uint64_t union_key_planes(const std::vector<ColumnSchema>& left, const std::vector<ColumnSchema>& right,
                          const JoinSpec& spec) {
  return plan_join(left, right, spec, true).key_planes;
}

mpc::Cost cost_around_table_index(const std::vector<ColumnSchema>& columns, uint64_t rows,
                                  const std::vector<int>& keys) {
  return cost_pack_key(rows, pick(columns, keys)) + mpc::cost_equal(rows, table_key_planes(columns, keys));
}

mpc::Cost cost_index_in_place(const std::vector<ColumnSchema>& columns, uint64_t rows,
                              const std::vector<int>& keys) {
  return cost_around_table_index(columns, rows, keys);
}

mpc::Cost cost_around_union_index(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                                  const std::vector<ColumnSchema>& right, uint64_t right_rows,
                                  const JoinSpec& spec) {
  const JoinPlan plan = plan_join(left, right, spec, true);
  const uint64_t rows = left_rows + right_rows;
  const auto left_keys = pick(left, spec.left_keys);
  mpc::Cost cost = cost_pack_key(right_rows, pick(right, spec.right_keys)) +
                   cost_pack_key(left_rows, left_keys) + mpc::cost_equal(rows, plan.key_planes);
  if (!spec.right_in_key_order) return cost;
  cost += cost_into_order(rows, 1) + cost_segmented_scan(rows, std::vector<ScanShape>{{Fold::kFirst, 1}}) +
          cost_out_of_order(rows, 1, left_rows) + cost_any_null(left_rows, left_keys);
  return plan.left_key_nullable ? cost + mpc::cost_and(left_rows, 1) : cost;
}

mpc::Cost cost_table_index(const std::vector<ColumnSchema>& columns, const SortTrace& trace,
                           const std::vector<int>& keys) {
  return cost_sort(trace) + cost_around_table_index(columns, trace.rows, keys);
}

mpc::Cost cost_union_index(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                           const std::vector<ColumnSchema>& right, const JoinSpec& spec,
                           const SortTrace& trace) {
  CHECK(trace.rows >= left_rows);
  return cost_sort(trace) + cost_around_union_index(left, left_rows, right, trace.rows - left_rows, spec);
}

mpc::Cost cost_into_index(uint64_t rows, uint64_t planes, bool in_place) {
  return in_place ? mpc::Cost{} : cost_into_order(rows, planes);
}

}  // namespace sluis::oblivious
