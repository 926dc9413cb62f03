#include "oblivious/join.h"

#include <algorithm>
#include <bit>

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

// Payload columns side by side, each value below its null plane.
SharedBits packed_payload(const SharedTable& right, const std::vector<int>& columns) {
  const SharedBits none(right.rows(), 0);
  std::vector<const SharedBits*> parts = {&none};
  for (const SharedColumn* column : pick(right, columns)) {
    parts.push_back(&column->value);
    if (column->null) parts.push_back(&*column->null);
  }
  return sharing::concat_planes(parts);
}

// The right rows above the left ones, in key order: right before left at equal keys.
struct Union {
  Order order;
  SharedBits key;
};

Union order_union(mpc::Session& session, const SharedBits& key, const SortUse& sort) {
  Sorted sorted =
      sort_key_opening(session, key, mpc::make_shuffle(session, key.rows()), sort_options(sort), sort.trace);
  return {std::move(sorted.order), std::move(sorted.key)};
}

// What each row of the union carries of the right side: one plane "a valid right row has this key", payload.
struct Carried {
  SharedBits match, payload;
};

// protocols.md 4.9. The right rows are in key order, so up to any place of the union the XOR of their
// differences telescopes to the last right row at or before it.
Carried carry_by_differences(mpc::Session& session, Union& rows, const SharedTable& right,
                             const SharedBits& right_key, const SharedBits& payload) {
  const SharedBits right_row = sharing::concat_planes({&right_key, &right.valid, &payload});
  const SharedBits difference = sharing::xor_(right_row, sharing::shift_down(right_row));
  const SharedBits none(rows.key.rows() - right.rows(), difference.planes());
  const SharedBits last =
      sharing::prefix_xor(into_order(session, rows.order, sharing::concat_rows({&difference, &none})));
  const size_t key = right_key.planes();
  const SharedBits same = mpc::equal(session, rows.key, sharing::slice_planes(last, 0, key));
  rows.key = {};
  return {mpc::and_(session, same, sharing::slice_planes(last, key, 1)),
          sharing::slice_planes(last, key + 1, payload.planes())};
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
Carried carry_by_scan(mpc::Session& session, Union& rows, const SharedTable& right,
                      const SharedBits& payload) {
  const int party = session.party();
  const SharedBits right_row = sharing::concat_planes({&right.valid, &payload});
  const SharedBits none(rows.key.rows() - right.rows(), right_row.planes());
  SharedBits row = into_order(session, rows.order, sharing::concat_rows({&right_row, &none}));
  const SharedBits same = mpc::equal(session, rows.key, sharing::shift_down(rows.key));
  rows.key = {};
  const SharedBits first = first_of_segments(session, sharing::not_(party, same), std::move(row));
  return {sharing::slice_planes(first, 0, 1), sharing::slice_planes(first, 1, payload.planes())};
}

// The left rows' part of the union, back in the left side's order. One plane "match", then the payload.
Carried return_to_left(mpc::Session& session, const Order& order, const SharedBits& carried,
                       size_t left_rows) {
  const SharedBits back = out_of_order(session, order, carried);
  const SharedBits left = sharing::slice_rows(back, back.rows() - left_rows, left_rows);
  return {sharing::slice_planes(left, 0, 1), sharing::slice_planes(left, 1, left.planes() - 1)};
}

Carried find_by_sort(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                     const JoinSpec& spec, const SortUse& sort) {
  const JoinPlan plan = plan_join(schemas_of(left), schemas_of(right), spec, false);
  const SharedBits right_key = pack_key(session, pick(right, spec.right_keys), plan.key_types);
  SharedBits union_key = pack_key(session, pick(left, spec.left_keys), plan.key_types);
  union_key = sharing::concat_rows({&right_key, &union_key});
  Union rows = order_union(session, union_key, sort);
  union_key = {};
  const SharedBits payload = packed_payload(right, spec.right_payload);
  const Carried carried = plan.by_differences ? carry_by_differences(session, rows, right, right_key, payload)
                                              : carry_by_scan(session, rows, right, payload);
  return return_to_left(session, rows.order, sharing::concat_planes({&carried.match, &carried.payload}),
                        left.rows());
}

// The union's order and its groups are at hand: only what belongs to the right rows moves.
Carried find_by_index(mpc::Session& session, const SharedTable& left, const SharedTable& right,
                      const JoinSpec& spec, const KeyIndex& index) {
  CHECK(index.order && index.order->rows() == left.rows() + right.rows());
  const SharedBits payload = packed_payload(right, spec.right_payload);
  SharedBits row = sharing::concat_planes({&right.valid, &payload});
  if (spec.right_in_key_order) row = sharing::xor_(row, sharing::shift_down(row));
  const SharedBits none(left.rows(), row.planes());
  row = into_order(session, *index.order, sharing::concat_rows({&row, &none}));
  if (!spec.right_in_key_order) {
    return return_to_left(session, *index.order, first_of_segments(session, index.start, std::move(row)),
                          left.rows());
  }
  Carried found = return_to_left(session, *index.order, sharing::prefix_xor(row), left.rows());
  found.match = mpc::and_(session, found.match, index.found);
  return found;
}

// Left columns, then payload columns; null planes of the payload as the right side had them.
SharedTable joined_columns(const SharedTable& left, const SharedTable& right, const JoinSpec& spec,
                           const SharedBits& payload) {
  SharedTable result = left;
  size_t first = 0;
  const auto take = [&](size_t planes) {
    first += planes;
    return sharing::slice_planes(payload, first - planes, planes);
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
  Carried found = sort.index != nullptr ? find_by_index(session, left, right, spec, *sort.index)
                                        : find_by_sort(session, left, right, spec, sort);
  // Over an index of a right side in key order, `found` there knows about NULL keys.
  const bool nulls_left = sort.index == nullptr || !spec.right_in_key_order;
  const auto left_keys = pick(left, spec.left_keys);
  if (const auto null = nulls_left ? any_null(session, left_keys) : std::nullopt) {
    found.match = mpc::and_(session, found.match, sharing::not_(session.party(), *null));
  }
  SharedTable result = joined_columns(left, right, spec, found.payload);
  if (spec.kind == JoinKind::kLeft) {
    null_unmatched(session, result, left.columns.size(), found.match);
  } else {
    const bool anti = spec.kind == JoinKind::kAnti;
    result.valid =
        mpc::and_(session, result.valid, anti ? sharing::not_(session.party(), found.match) : found.match);
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
  return cost + cost_out_of_order(rows, 1 + plan.payload_planes) +
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
  const mpc::Cost moves = cost_into_order(rows, carried) + cost_out_of_order(rows, carried);
  const mpc::Cost match = plan.by_differences ? mpc::cost_and(left_rows, 1)
                                              : cost_first_of_segments(rows, carried) +
                                                    cost_left_nulls(left, left_rows, plan, spec);
  return moves + match + cost_outcome(plan, left_rows, spec);
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
