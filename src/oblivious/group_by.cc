#include "oblivious/group_by.h"

#include <algorithm>

#include "base/check.h"
#include "oblivious/carried.h"
#include "oblivious/group_plan.h"
#include "oblivious/index.h"
#include "oblivious/key.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

std::vector<ColumnSchema> schemas_of(const SharedTable& table) {
  std::vector<ColumnSchema> schemas;
  for (const SharedColumn& column : table.columns) {
    schemas.push_back({"", column.type, column.null.has_value()});
  }
  return schemas;
}

// The rows in key order. Columns that are neither key nor carried stay empty.
struct Ordered {
  SharedBits key;  // packed, without the plane `valid`
  SharedBits valid;
  std::vector<SharedColumn> columns;
};

void place_keys(int party, const std::vector<int>& keys, const GroupPlan& plan, Ordered& rows) {
  const auto key_columns = unpack_key(party, rows.key, plan.key_types);
  for (size_t k = 0; k < keys.size(); ++k) rows.columns[static_cast<size_t>(keys[k])] = key_columns[k];
}

// Sorts by (valid, keys): rows that are not valid come first.
Ordered order_rows(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                   const GroupPlan& plan, const SortUse& sort) {
  SharedBits packed(table.rows(), 0);
  if (!keys.empty()) {
    std::vector<const SharedColumn*> columns;
    for (const int key : keys) columns.push_back(&table.columns[static_cast<size_t>(key)]);
    packed = pack_key(session, columns, plan.key_types);
  }
  packed = sharing::concat_planes({&packed, &table.valid});
  const Sorted sorted = sort_key_opening(session, std::move(packed), mpc::make_shuffle(session, table.rows()),
                                         sort_options(sort), sort.trace);
  Ordered rows{sharing::slice_planes(sorted.key, 0, plan.key_planes),
               sharing::slice_planes(sorted.key, plan.key_planes, 1),
               carry(session, table, plan.carried, sorted.order)};
  place_keys(session.party(), keys, plan, rows);
  return rows;
}

// Where the key differs from the row before (row 0: whatever).
SharedBits group_starts(mpc::Session& session, const Ordered& rows) {
  const SharedBits whole = sharing::concat_planes({&rows.key, &rows.valid});
  return sharing::not_(session.party(), mpc::equal(session, whole, sharing::shift_down(whole)));
}

// The value whose fold is asked, before NULLs are masked; for MIN complemented, so that masking by AND gives
// all ones after complementing back.
SharedBits fold_operand(int party, const FoldColumn& fold, const Ordered& rows) {
  if (fold.source == FoldSource::kOnes) return sharing::share_constant(party, rows.valid.rows(), 1, 1);
  CHECK(fold.column >= 0);
  const SharedColumn& column = rows.columns[static_cast<size_t>(fold.column)];
  if (fold.source == FoldSource::kPresent) return sharing::not_(party, *column.null);
  if (fold.source == FoldSource::kValue) return sharing::slice_planes(column.value, 0, fold.shape.planes);
  SharedBits ordered = flip_sign(party, column.value, column.type);
  return fold.source == FoldSource::kOrderedFromTop ? sharing::not_(party, ordered) : ordered;
}

// What one round of ANDs prepares: masked fold operands, the key of invalid rows, the result's valid rows.
struct Prepared {
  std::vector<ScanColumn> columns;
  SharedBits key;
  SharedBits valid;
};

Prepared prepare(mpc::Session& session, const GroupPlan& plan, const Ordered& rows, const SharedBits& ends) {
  const int party = session.party();
  std::vector<SharedBits> operands, present;
  operands.reserve(plan.folds.size());
  present.reserve(plan.folds.size());
  std::vector<mpc::AndPair> pairs;
  pairs.push_back({&ends, &rows.valid});
  pairs.push_back({&rows.key, &rows.valid});
  for (const FoldColumn& fold : plan.folds) {
    operands.push_back(fold_operand(party, fold, rows));
    if (!fold.masked) continue;
    present.push_back(sharing::not_(party, *rows.columns[static_cast<size_t>(fold.column)].null));
    pairs.push_back({&operands.back(), &present.back()});
  }
  std::vector<SharedBits> products = mpc::and_batch(session, pairs);
  Prepared out{{}, std::move(products[1]), std::move(products[0])};
  size_t next = 2;
  for (size_t f = 0; f < plan.folds.size(); ++f) {
    const FoldColumn& fold = plan.folds[f];
    SharedBits value = fold.masked ? std::move(products[next++]) : std::move(operands[f]);
    if (fold.source == FoldSource::kOrderedFromTop) value = sharing::not_(party, value);
    out.columns.push_back(
        {fold.shape.fold, std::move(value), fold.shape.result_planes, fold.shape.is_signed});
  }
  return out;
}

SharedBits resized(const SharedBits& value, const relation::Type& from, const relation::Type& to) {
  const auto planes = static_cast<size_t>(to.bits());
  if (planes <= value.planes()) return sharing::slice_planes(value, 0, planes);
  return sharing::extend(value, planes, from.is_signed());
}

SharedColumn read_aggregate(int party, const FoldOutput& output, const AggregateSpec& spec,
                            const Ordered& rows, const std::vector<SharedBits>& folded) {
  SharedColumn column{spec.result_type, {}, std::nullopt};
  const SharedColumn* source = spec.column < 0 ? nullptr : &rows.columns[static_cast<size_t>(spec.column)];
  if (output.fold < 0) {
    column.value = resized(source->value, source->type, spec.result_type);
    column.null = source->null;
    return column;
  }
  column.value = folded[static_cast<size_t>(output.fold)];
  if (spec.function == Aggregate::kMin || spec.function == Aggregate::kMax) {
    column.value = resized(flip_sign(party, column.value, source->type), source->type, spec.result_type);
  }
  if (output.present >= 0) column.null = sharing::not_(party, folded[static_cast<size_t>(output.present)]);
  return column;
}

// Of the columns of plan.masked_nulls: valid AND NOT NULL.
std::vector<SharedBits> counting_rows(mpc::Session& session, const GroupPlan& plan, const Ordered& rows) {
  std::vector<SharedBits> present;
  present.reserve(plan.masked_nulls.size());
  std::vector<mpc::AndPair> pairs;
  for (const int c : plan.masked_nulls) {
    present.push_back(sharing::not_(session.party(), *rows.columns[static_cast<size_t>(c)].null));
    pairs.push_back({&present.back(), &rows.valid});
  }
  return pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
}

// The folds' operands with everything masked that does not count, and last `valid` itself, for its OR.
std::vector<ScanColumn> interleaved_folds(mpc::Session& session, const GroupPlan& plan, const Ordered& rows) {
  const int party = session.party();
  const std::vector<SharedBits> counts = counting_rows(session, plan, rows);
  const auto counting = [&](int column) -> const SharedBits& {
    const auto at = std::ranges::find(plan.masked_nulls, column);
    return at == plan.masked_nulls.end() ? rows.valid
                                         : counts[static_cast<size_t>(at - plan.masked_nulls.begin())];
  };
  std::vector<SharedBits> operands;
  operands.reserve(plan.folds.size());
  std::vector<mpc::AndPair> pairs;
  for (const FoldColumn& fold : plan.folds) {
    if (!fold.masked) continue;
    operands.push_back(fold_operand(party, fold, rows));
    pairs.push_back({&operands.back(), &counting(fold.column)});
  }
  std::vector<SharedBits> masked = pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
  std::vector<ScanColumn> columns;
  size_t next = 0;
  for (const FoldColumn& fold : plan.folds) {
    SharedBits value = fold.masked ? std::move(masked[next++]) : counting(fold.column);
    if (fold.source == FoldSource::kOrderedFromTop) value = sharing::not_(party, value);
    columns.push_back({fold.shape.fold, std::move(value), fold.shape.result_planes, fold.shape.is_signed});
  }
  columns.push_back({Fold::kOr, rows.valid});
  return columns;
}

// F: as group_by below, over rows in the order of an index, where invalid rows stand among the others.
//   valid, aggregated columns <- into the index's order
//   what invalid rows and NULLs hold <- the neutral value of its fold
//   one segmented scan from the index's group starts, with any_valid <- OR(valid)
//   valid_j <- end_j AND any_valid_j
// All rows keep their key, so the key columns do not decrease, and only a group's last row can be valid.
// Security: opens nothing. Cost: cost_group_by_indexed. Leaks: as group_by. Source: protocols.md 4.8, 4.10.
SharedTable group_by_index(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                           const std::vector<AggregateSpec>& aggregates, const KeyIndex& index) {
  const int party = session.party();
  const GroupPlan plan = plan_group(schemas_of(table), keys, aggregates, true);
  CHECK(index.rows() == table.rows() && index.key.planes() == plan.key_planes);
  const SharedBits moved = into_index(session, index, carried_planes(table, plan.carried, {&table.valid}));
  Ordered rows{index.key, sharing::slice_planes(moved, 0, 1), carried_columns(table, plan.carried, moved, 1)};
  place_keys(party, keys, plan, rows);
  std::vector<SharedBits> folded =
      segmented_scan(session, index.start, interleaved_folds(session, plan, rows));
  SharedTable result{mpc::and_(session, group_ends(party, index.start), folded.back()),
                     unpack_key(party, rows.key, plan.key_types)};
  for (size_t a = 0; a < aggregates.size(); ++a) {
    result.columns.push_back(read_aggregate(party, plan.outputs[a], aggregates[a], rows, folded));
  }
  return result;
}

}  // namespace

// F: table -> one valid row per group of valid rows with equal keys, at the place of its last row in key
//   order.
//   key    <- keys (NULLs masked) ‖ valid;  rows <- sort(key), aggregated columns with them
//   start_j <- NOT EQ(key_j, key_j-1);  end_j <- start_j+1;  valid_j <- end_j AND valid_j
//   one segmented scan over all aggregates; NULLs enter as the neutral value; a second fold says whether any
//   value was there
//   keys of invalid rows <- all zeros, so that the key columns never decrease
// `valid` is the top plane of the sort key: invalid rows stand first, before the valid row of any key (a join
// by
//   differences needs that, also where a valid key has all planes 0 or 1), and share no group with it.
// Security: sort_key_opening opens comparison bits (a function of a uniform permutation); nothing else is
//   opened. Cost: cost_group_by(trace): sort, shuffle of the aggregated columns, w ANDs for EQ, one AND
//   round, segmented scan. Leaks: row count, column types (public).
// Source: protocols.md 4.10; segmented scan instead of prefix sums, so that MIN and MAX need no second sort.
SharedTable group_by(mpc::Session& session, const SharedTable& table, const std::vector<int>& keys,
                     const std::vector<AggregateSpec>& aggregates, const SortUse& sort) {
  if (sort.index != nullptr) return group_by_index(session, table, keys, aggregates, *sort.index);
  const int party = session.party();
  const GroupPlan plan = plan_group(schemas_of(table), keys, aggregates);
  const Ordered rows = order_rows(session, table, keys, plan, sort);
  const SharedBits starts = group_starts(session, rows);
  Prepared ready = prepare(session, plan, rows, group_ends(party, starts));
  const std::vector<SharedBits> folded = segmented_scan(session, starts, std::move(ready.columns));
  SharedTable result{std::move(ready.valid), unpack_key(party, ready.key, plan.key_types)};
  for (size_t a = 0; a < aggregates.size(); ++a) {
    result.columns.push_back(read_aggregate(party, plan.outputs[a], aggregates[a], rows, folded));
  }
  return result;
}

namespace {

// All but the sort.
mpc::Cost cost_after_sort(const std::vector<ColumnSchema>& columns, uint64_t rows,
                          const std::vector<int>& keys, const GroupPlan& plan) {
  std::vector<ColumnSchema> key_columns;
  for (const int key : keys) key_columns.push_back(columns.at(static_cast<size_t>(key)));
  mpc::Cost cost = cost_pack_key(rows, key_columns);
  if (!plan.carried.empty()) cost += cost_into_order(rows, plan.carried_planes);
  cost += mpc::cost_equal(rows, plan.key_planes + 1);
  uint64_t masked = 1 + plan.key_planes;
  std::vector<ScanShape> shapes;
  for (const FoldColumn& fold : plan.folds) {
    if (fold.masked) masked += fold.shape.planes;
    shapes.push_back(fold.shape);
  }
  return cost + mpc::cost_and(rows, masked) + cost_segmented_scan(rows, shapes);
}

}  // namespace

mpc::Cost cost_group_by(const std::vector<ColumnSchema>& columns, const SortTrace& trace,
                        const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates) {
  const GroupPlan plan = plan_group(columns, keys, aggregates);
  return cost_sort(trace) + cost_after_sort(columns, trace.rows, keys, plan);
}

mpc::Cost cost_group_by_indexed(const std::vector<ColumnSchema>& columns, uint64_t rows,
                                const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                                bool in_place) {
  const GroupPlan plan = plan_group(columns, keys, aggregates, true);
  mpc::Cost cost = cost_into_index(rows, plan.moved_planes(), in_place);
  if (!plan.masked_nulls.empty()) cost += mpc::cost_and(rows, plan.masked_nulls.size());
  uint64_t masked = 0;
  std::vector<ScanShape> shapes;
  for (const FoldColumn& fold : plan.folds) {
    if (fold.masked) masked += fold.shape.planes;
    shapes.push_back(fold.shape);
  }
  shapes.push_back({Fold::kOr, 1});
  if (masked > 0) cost += mpc::cost_and(rows, masked);
  return cost + cost_segmented_scan(rows, shapes) + mpc::cost_and(rows, 1);
}

SortShape group_by_sort(const std::vector<ColumnSchema>& columns, uint64_t rows,
                        const std::vector<int>& keys) {
  return {rows, plan_group(columns, keys, {}).key_planes + 1};
}

mpc::Cost cost_group_by_bound(const std::vector<ColumnSchema>& columns, uint64_t rows,
                              const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                              const SortRule& rule) {
  const GroupPlan plan = plan_group(columns, keys, aggregates);
  return cost_sort_bound(rows, plan.key_planes + 1, {rule}) + cost_after_sort(columns, rows, keys, plan);
}

mpc::Cost cost_group_by_expected(const std::vector<ColumnSchema>& columns, uint64_t rows,
                                 const std::vector<int>& keys, const std::vector<AggregateSpec>& aggregates,
                                 const SortRule& rule) {
  const GroupPlan plan = plan_group(columns, keys, aggregates);
  return cost_sort_expected(rows, plan.key_planes + 1, {rule}) + cost_after_sort(columns, rows, keys, plan);
}

}  // namespace sluis::oblivious
