#include "oblivious/group_by.h"

#include <algorithm>

#include "base/check.h"
#include "oblivious/group_plan.h"
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

std::vector<SharedColumn> carry(mpc::Session& session, const SharedTable& table, const GroupPlan& plan,
                                const Order& order) {
  std::vector<SharedColumn> columns(table.columns.size());
  if (plan.carried.empty()) return columns;
  std::vector<const SharedBits*> parts;
  for (const int c : plan.carried) {
    const SharedColumn& column = table.columns[static_cast<size_t>(c)];
    parts.push_back(&column.value);
    if (column.null) parts.push_back(&*column.null);
  }
  const SharedBits moved = into_order(session, order, sharing::concat_planes(parts));
  size_t first = 0;
  const auto take = [&](size_t planes) {
    first += planes;
    return sharing::slice_planes(moved, first - planes, planes);
  };
  for (const int c : plan.carried) {
    const SharedColumn& from = table.columns[static_cast<size_t>(c)];
    SharedColumn& to = columns[static_cast<size_t>(c)];
    to.type = from.type;
    to.value = take(from.value.planes());
    if (from.null) to.null = take(1);
  }
  return columns;
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
  const SharedBits key = sharing::concat_planes({&packed, &table.valid});
  const Sorted sorted = sort_key_opening(session, key, mpc::make_shuffle(session, table.rows()),
                                         sort_options(sort), sort.trace);
  Ordered rows{sharing::slice_planes(sorted.key, 0, plan.key_planes),
               sharing::slice_planes(sorted.key, plan.key_planes, 1),
               carry(session, table, plan, sorted.order)};
  const auto key_columns = unpack_key(session.party(), rows.key, plan.key_types);
  for (size_t k = 0; k < keys.size(); ++k) rows.columns[static_cast<size_t>(keys[k])] = key_columns[k];
  return rows;
}

// Where the key differs from the row before (row 0: whatever).
SharedBits group_starts(mpc::Session& session, const Ordered& rows) {
  const SharedBits whole = sharing::concat_planes({&rows.key, &rows.valid});
  return sharing::not_(session.party(), mpc::equal(session, whole, sharing::shift_down(whole)));
}

SharedBits group_ends(int party, const SharedBits& starts) {
  Bits last_row(starts.rows(), 1);
  if (starts.rows() > 0) last_row.set(starts.rows() - 1, 0, true);
  return sharing::xor_public(party, sharing::shift_up(starts), last_row);
}

// The value whose fold is asked, before NULLs are masked; for MIN complemented, so that masking by AND gives
// all ones after complementing back.
SharedBits fold_operand(int party, const FoldColumn& fold, const Ordered& rows) {
  if (fold.source == FoldSource::kOnes) return sharing::share_constant(party, rows.valid.rows(), 1, 1);
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
