#include "oblivious/join.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/multiply.h"
#include "oblivious/key.h"
#include "oblivious/scan.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

// The public shape of a join.
struct JoinPlan {
  std::vector<KeyType> key_types;
  uint64_t key_planes = 0;
  uint64_t payload_planes = 0;     // values and null planes
  uint64_t payload_nulls = 0;      // payload columns with a null plane
  bool left_key_nullable = false;  // some left key column can be NULL
  // Differences take the key through the shuffle (4/3 bits a plane and row), the scan two ANDs a plane.
  bool by_differences = false;
};

JoinPlan plan_join(const std::vector<ColumnSchema>& left, const std::vector<ColumnSchema>& right,
                   const JoinSpec& spec) {
  CHECK(!spec.left_keys.empty() && spec.left_keys.size() == spec.right_keys.size());
  const bool carries = spec.kind == JoinKind::kInner || spec.kind == JoinKind::kLeft;
  CHECK(carries || spec.right_payload.empty());
  JoinPlan plan;
  for (size_t k = 0; k < spec.left_keys.size(); ++k) {
    const ColumnSchema& l = left.at(static_cast<size_t>(spec.left_keys[k]));
    const ColumnSchema& r = right.at(static_cast<size_t>(spec.right_keys[k]));
    plan.key_types.push_back({unified_type(l.type, r.type), l.nullable || r.nullable});
    plan.left_key_nullable = plan.left_key_nullable || l.nullable;
  }
  plan.key_planes = key_planes(plan.key_types);
  for (const int c : spec.right_payload) {
    const ColumnSchema& column = right.at(static_cast<size_t>(c));
    plan.payload_planes += static_cast<uint64_t>(column.type.bits()) + (column.nullable ? 1 : 0);
    plan.payload_nulls += column.nullable ? 1 : 0;
  }
  plan.by_differences = spec.right_in_key_order && 2 * plan.key_planes < 3 * (1 + plan.payload_planes);
  return plan;
}

std::vector<ColumnSchema> schemas_of(const SharedTable& table) {
  std::vector<ColumnSchema> schemas;
  for (const SharedColumn& column : table.columns) {
    schemas.push_back({"", column.type, column.null.has_value()});
  }
  return schemas;
}

std::vector<const SharedColumn*> pick(const SharedTable& table, const std::vector<int>& columns) {
  std::vector<const SharedColumn*> picked;
  for (const int c : columns) picked.push_back(&table.columns.at(static_cast<size_t>(c)));
  return picked;
}

std::vector<ColumnSchema> pick(const std::vector<ColumnSchema>& schemas, const std::vector<int>& columns) {
  std::vector<ColumnSchema> picked;
  for (const int c : columns) picked.push_back(schemas.at(static_cast<size_t>(c)));
  return picked;
}

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
  const SharedBits not_right = sharing::not_(party, sharing::slice_planes(row, 0, 1));
  const SharedBits start = sharing::not_(party, mpc::and_(session, same, not_right));
  std::vector<ScanColumn> columns;
  columns.push_back({Fold::kFirst, std::move(row)});
  const SharedBits first = segmented_scan(session, start, std::move(columns))[0];
  return {sharing::slice_planes(first, 0, 1), sharing::slice_planes(first, 1, payload.planes())};
}

// The left rows' part of the union, back in the left side's order.
Carried return_to_left(mpc::Session& session, const Union& rows, const Carried& carried, size_t left_rows) {
  const SharedBits all = sharing::concat_planes({&carried.match, &carried.payload});
  const SharedBits back = out_of_order(session, rows.order, all);
  const SharedBits left = sharing::slice_rows(back, back.rows() - left_rows, left_rows);
  return {sharing::slice_planes(left, 0, 1), sharing::slice_planes(left, 1, left.planes() - 1)};
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
  const JoinPlan plan = plan_join(schemas_of(left), schemas_of(right), spec);
  const auto left_keys = pick(left, spec.left_keys), right_keys = pick(right, spec.right_keys);
  const SharedBits right_key = pack_key(session, right_keys, plan.key_types);
  const SharedBits payload = packed_payload(right, spec.right_payload);
  Carried found;
  {
    SharedBits union_key = pack_key(session, left_keys, plan.key_types);
    union_key = sharing::concat_rows({&right_key, &union_key});
    Union rows = order_union(session, union_key, sort);
    union_key = {};
    const Carried carried = plan.by_differences
                                ? carry_by_differences(session, rows, right, right_key, payload)
                                : carry_by_scan(session, rows, right, payload);
    found = return_to_left(session, rows, carried, left.rows());
  }
  if (const auto null = any_null(session, left_keys)) {
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

// All but the sort.
mpc::Cost cost_around_sort(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                           const std::vector<ColumnSchema>& right, uint64_t right_rows,
                           const JoinSpec& spec) {
  const JoinPlan plan = plan_join(left, right, spec);
  const uint64_t rows = left_rows + right_rows;
  const auto left_keys = pick(left, spec.left_keys);
  mpc::Cost cost =
      cost_pack_key(right_rows, pick(right, spec.right_keys)) + cost_pack_key(left_rows, left_keys);
  const uint64_t carried = (plan.by_differences ? plan.key_planes : 0) + 1 + plan.payload_planes;
  cost += cost_into_order(rows, carried) + mpc::cost_equal(rows, plan.key_planes) + mpc::cost_and(rows, 1);
  if (!plan.by_differences) {
    cost += cost_segmented_scan(rows, std::vector<ScanShape>{{Fold::kFirst, carried}});
  }
  cost += cost_out_of_order(rows, 1 + plan.payload_planes) + cost_any_null(left_rows, left_keys);
  if (plan.left_key_nullable) cost += mpc::cost_and(left_rows, 1);
  const uint64_t last = spec.kind == JoinKind::kLeft ? plan.payload_nulls : 1;
  return last == 0 ? cost : cost + mpc::cost_and(left_rows, last);
}

}  // namespace

mpc::Cost cost_join(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                    const std::vector<ColumnSchema>& right, const JoinSpec& spec, const SortTrace& trace) {
  CHECK(trace.rows >= left_rows);
  return cost_sort(trace) + cost_around_sort(left, left_rows, right, trace.rows - left_rows, spec);
}

mpc::Cost cost_join_bound(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                          const std::vector<ColumnSchema>& right, uint64_t right_rows, const JoinSpec& spec,
                          const SortRule& rule) {
  return cost_sort_bound(left_rows + right_rows, plan_join(left, right, spec).key_planes, {rule}) +
         cost_around_sort(left, left_rows, right, right_rows, spec);
}

mpc::Cost cost_join_expected(const std::vector<ColumnSchema>& left, uint64_t left_rows,
                             const std::vector<ColumnSchema>& right, uint64_t right_rows,
                             const JoinSpec& spec, const SortRule& rule) {
  return cost_sort_expected(left_rows + right_rows, plan_join(left, right, spec).key_planes, {rule}) +
         cost_around_sort(left, left_rows, right, right_rows, spec);
}

}  // namespace sluis::oblivious
