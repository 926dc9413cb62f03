#include "oblivious/join.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "mpc/multiply.h"
#include "oblivious/index.h"
#include "oblivious/join_plan.h"
#include "oblivious/key.h"
#include "oblivious/scan.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

// What a right row hands down: its valid plane, then the payload columns, each value below its null plane.
SharedBits packed_payload(const SharedTable& right, const std::vector<int>& columns) {
  std::vector<const SharedBits*> parts = {&right.valid};
  for (const SharedColumn* column : pick(right, columns)) {
    parts.push_back(&column->value);
    if (column->null) parts.push_back(&*column->null);
  }
  return sharing::concat_planes(parts);
}

// Those rows in the union's order, zero at left rows.
SharedBits payload_in_order(mpc::Session& session, const Order& order, SharedBits right_row) {
  const SharedBits* const only = &right_row;
  return std::move(into_order(session, order, std::span(&only, 1)).front());
}

// The first two below return, for each row of the union in order, one plane "a valid right row has this key",
// then the payload that it carries of the right side. `rows.key` is freed on the way.

// protocols.md 4.9. The right rows are in key order, so up to any place of the union the XOR of their
// differences telescopes to the last right row at or before it.
SharedBits carry_by_differences(mpc::Session& session, Sorted& rows, SharedBits right_key,
                                SharedBits right_row) {
  sharing::xor_row_before_into(right_key);
  sharing::xor_row_before_into(right_row);
  const std::array<const SharedBits*, 2> parts = {&right_key, &right_row};
  std::vector<SharedBits> last = into_order(session, rows.order, parts);
  right_key = right_row = {};
  for (SharedBits& part : last) sharing::prefix_xor_into(part);
  const SharedBits same = mpc::equal(session, rows.key, last[0]);
  rows.key = last[0] = {};
  const SharedBits match = mpc::and_(session, same, sharing::slice_planes(last[1], 0, 1));
  sharing::put_planes(last[1], 0, match);
  return std::move(last[1]);
}

// Plane 0 of `row`: a valid right row stands here. Every row gets the last such row of its key group.
SharedBits first_of_segments(mpc::Session& session, const SharedBits& group_start, SharedBits row) {
  const int party = session.party();
  const SharedBits same = sharing::not_(party, group_start);
  const SharedBits not_right = sharing::not_(party, sharing::slice_planes(row, 0, 1));
  const SharedBits start = sharing::not_(party, mpc::and_(session, same, not_right));
  std::vector<ScanColumn> columns;
  columns.push_back({Fold::kFirst, std::move(row)});
  return std::move(segmented_scan(session, start, std::move(columns))[0]);
}

// Right rows in any order: a segment starts at every valid right row and wherever the key changes, and hands
// its first row down.
SharedBits carry_by_scan(mpc::Session& session, Sorted& rows, SharedBits right_row) {
  SharedBits row = payload_in_order(session, rows.order, std::move(right_row));
  const SharedBits same = mpc::equal(session, rows.key, sharing::shift_down(rows.key));
  rows.key = {};
  return first_of_segments(session, sharing::not_(session.party(), same), std::move(row));
}

// Both below: for each left row, in the left side's order, its match plane, then the payload.

SharedBits find_by_sort(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                        const JoinSpec& spec, const SortUse& sort) {
  const JoinPlan plan = plan_join(schemas_of(left), schemas_of(right), spec, false);
  // The right rows above the left ones: right before left at equal keys.
  SharedBits right_key = pack_key(session, pick(right, spec.right_keys), plan.key_types);
  SharedBits key = pack_key(session, pick(left, spec.left_keys), plan.key_types);
  key = sharing::concat_rows({&right_key, &key});
  if (!plan.by_differences) right_key = {};
  const size_t all = key.rows();
  Sorted rows = sort_key_opening(session, std::move(key), mpc::make_shuffle(session, all), sort_options(sort),
                                 sort.trace);
  SharedBits right_row = packed_payload(right, spec.right_payload);
  const SharedBits carried =
      plan.by_differences ? carry_by_differences(session, rows, std::move(right_key), std::move(right_row))
                          : carry_by_scan(session, rows, std::move(right_row));
  return out_of_order(session, rows.order, carried, right.rows(), left.rows());
}

// The union's order and its groups are at hand: only what belongs to the right rows moves.
SharedBits find_by_index(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                         const JoinSpec& spec, const KeyIndex& index) {
  CHECK(index.order && index.order->rows() == left.rows() + right.rows());
  SharedBits row = packed_payload(right, spec.right_payload);
  if (spec.right_in_key_order) sharing::xor_row_before_into(row);
  row = payload_in_order(session, *index.order, std::move(row));
  if (spec.right_in_key_order) {
    sharing::prefix_xor_into(row);
  } else {
    row = first_of_segments(session, index.start, std::move(row));
  }
  SharedBits found = out_of_order(session, *index.order, row, right.rows(), left.rows());
  if (!spec.right_in_key_order) return found;
  sharing::put_planes(found, 0, mpc::and_(session, sharing::slice_planes(found, 0, 1), index.found));
  return found;
}

// Left columns, then payload columns; null planes of the payload as the right side had them.
SharedTable joined_columns(const SharedTable& left, const SharedTable& right, const JoinSpec& spec,
                           const SharedBits& found) {
  SharedTable result = left;
  size_t first = 1;
  const auto take = [&](size_t planes) {
    first += planes;
    return sharing::slice_planes(found, first - planes, planes);
  };
  for (const SharedColumn* column : pick(right, spec.right_payload)) {
    SharedColumn carried{column->type, take(column->value.planes()), std::nullopt};
    if (column->null) carried.null = take(1);
    result.columns.push_back(std::move(carried));
  }
  return result;
}

// kLeft: payload is NULL where nothing matched: NOT (match AND NOT null).
void null_unmatched(mpc::Session& session, SharedTable& result, size_t first_payload,
                    const SharedBits& match) {
  const int party = session.party();
  std::vector<SharedBits> present;
  for (size_t c = first_payload; c < result.columns.size(); ++c) {
    if (result.columns[c].null) present.push_back(sharing::not_(party, *result.columns[c].null));
  }
  std::vector<mpc::AndPair> pairs;
  for (const SharedBits& plane : present) pairs.push_back({&plane, &match});
  const auto products = pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
  size_t next = 0;
  for (size_t c = first_payload; c < result.columns.size(); ++c) {
    auto& null = result.columns[c].null;
    null = sharing::not_(party, null ? products[next++] : match);
  }
}

}  // namespace

// F: every left row gets the payload of the valid right row with its key, and a secret match bit.
//   U     <- right rows, then left rows; ordered by key ‖ index (ties: right before left)
//   P     <- the last right row at or before (carry_by_differences), or the first row of the segment
//            (carry_by_scan), whichever sends less where right_in_key_order allows both
//   match <- key equal AND P.valid; back to the left side's order; match AND left key NOT NULL
//   valid, null planes: by kind
// Security: sort_key_opening opens comparison bits (a function of a uniform permutation); nothing else is
//   opened, match and valid stay shared. Cost: cost_join(trace). Leaks: both row counts, column types
//   (public).
// Source: Asharov et al., CCS 2023 (sort and differences); the XOR form is ours (protocols.md 4.9).
SharedTable join(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                 const JoinSpec& spec, const SortUse& sort) {
  const SharedBits found = sort.index != nullptr ? find_by_index(session, left, right, spec, *sort.index)
                                                 : find_by_sort(session, left, right, spec, sort);
  SharedBits match = sharing::slice_planes(found, 0, 1);
  // Over an index of a right side in key order, `found` there knows about NULL keys.
  const bool nulls_left = sort.index == nullptr || !spec.right_in_key_order;
  const auto left_keys = pick(left, spec.left_keys);
  if (const auto null = nulls_left ? any_null(session, left_keys) : std::nullopt) {
    match = mpc::and_(session, match, sharing::not_(session.party(), *null));
  }
  SharedTable result = joined_columns(left, right, spec, found);
  if (spec.kind == JoinKind::kLeft) {
    null_unmatched(session, result, left.columns.size(), match);
  } else {
    const bool anti = spec.kind == JoinKind::kAnti;
    result.valid = mpc::and_(session, result.valid, anti ? sharing::not_(session.party(), match) : match);
  }
  return result;
}

namespace {

// The last step: match into valid, or into null planes.
mpc::Cost cost_outcome(const JoinPlan& plan, uint64_t left_rows, const JoinSpec& spec) {
  const uint64_t last = spec.kind == JoinKind::kLeft ? plan.payload_nulls : 1;
  return last == 0 ? mpc::Cost{} : mpc::cost_and(left_rows, last);
}

mpc::Cost cost_left_nulls(const std::vector<ColumnSchema>& left, uint64_t left_rows, const JoinPlan& plan,
                          const JoinSpec& spec) {
  mpc::Cost cost = cost_any_null(left_rows, pick(left, spec.left_keys));
  return plan.left_key_nullable ? cost + mpc::cost_and(left_rows, 1) : cost;
}

mpc::Cost cost_first_of_segments(uint64_t rows, uint64_t planes) {
  return mpc::cost_and(rows, 1) + cost_segmented_scan(rows, std::vector<ScanShape>{{Fold::kFirst, planes}});
}

// All but the sort.
mpc::Cost cost_around_sort(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                           const std::vector<ColumnSchema>& right, uint64_t right_rows,
                           const JoinSpec& spec) {
  const JoinPlan plan = plan_join(left, right, spec, false);
  const uint64_t rows = left_rows + right_rows;
  const auto left_keys = pick(left, spec.left_keys);
  mpc::Cost cost =
      cost_pack_key(right_rows, pick(right, spec.right_keys)) + cost_pack_key(left_rows, left_keys);
  const uint64_t carried = (plan.by_differences ? plan.key_planes : 0) + 1 + plan.payload_planes;
  cost += cost_into_order(rows, carried) + mpc::cost_equal(rows, plan.key_planes);
  cost += plan.by_differences ? mpc::cost_and(rows, 1) : cost_first_of_segments(rows, carried);
  return cost + cost_out_of_order(rows, 1 + plan.payload_planes, left_rows) +
         cost_left_nulls(left, left_rows, plan, spec) + cost_outcome(plan, left_rows, spec);
}

}  // namespace

mpc::Cost cost_join(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                    const std::vector<ColumnSchema>& right, const JoinSpec& spec, const SortTrace& trace) {
  CHECK(trace.rows >= left_rows);
  return cost_sort(trace) + cost_around_sort(left, left_rows, right, trace.rows - left_rows, spec);
}

mpc::Cost cost_join_indexed(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                            const std::vector<ColumnSchema>& right, uint64_t right_rows,
                            const JoinSpec& spec) {
  const JoinPlan plan = plan_join(left, right, spec, true);
  const uint64_t rows = left_rows + right_rows, carried = 1 + plan.payload_planes;
  const mpc::Cost moves = cost_into_order(rows, carried) + cost_out_of_order(rows, carried, left_rows);
  const mpc::Cost match = plan.by_differences ? mpc::cost_and(left_rows, 1)
                                              : cost_first_of_segments(rows, carried) +
                                                    cost_left_nulls(left, left_rows, plan, spec);
  return moves + match + cost_outcome(plan, left_rows, spec);
}

SortShape join_sort(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                    const std::vector<ColumnSchema>& right, uint64_t right_rows, const JoinSpec& spec) {
  return {left_rows + right_rows, plan_join(left, right, spec, false).key_planes};
}

mpc::Cost cost_join_bound(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                          const std::vector<ColumnSchema>& right, uint64_t right_rows, const JoinSpec& spec,
                          const SortRule& rule) {
  return cost_sort_bound(left_rows + right_rows, plan_join(left, right, spec, false).key_planes, {rule}) +
         cost_around_sort(left, left_rows, right, right_rows, spec);
}

mpc::Cost cost_join_expected(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                             const std::vector<ColumnSchema>& right, uint64_t right_rows,
                             const JoinSpec& spec, const SortRule& rule) {
  return cost_sort_expected(left_rows + right_rows, plan_join(left, right, spec, false).key_planes, {rule}) +
         cost_around_sort(left, left_rows, right, right_rows, spec);
}

}  // namespace sluis::oblivious
