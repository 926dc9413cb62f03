#include "oblivious/window.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "mpc/multiply.h"
#include "oblivious/carried.h"
#include "oblivious/window_plan.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using relation::ColumnSchema;

std::vector<ColumnSchema> schemas_of(const SharedTable& table) {
  std::vector<ColumnSchema> schemas;
  for (const SharedColumn& column : table.columns)
    schemas.push_back({"", column.type, column.null.has_value()});
  return schemas;
}

std::vector<int> key_columns(const WindowSpec& spec) {
  std::vector<int> columns = spec.partition;
  for (const WindowOrder& order : spec.order) columns.push_back(order.column);
  return columns;
}

// The key in which ascending unsigned order is the order asked: values of descending columns complemented,
// null planes of NULLS FIRST too. (A NULL's value planes are all zero, so NULLs stay one value.)
SharedBits directed(int party, const SharedBits& key, const WindowSpec& spec, const WindowPlan& plan) {
  std::vector<SharedBits> parts;  // lowest first
  size_t first = 0;
  const auto take = [&](size_t planes, bool flip) {
    SharedBits part = sharing::slice_planes(key, first, planes);
    first += planes;
    parts.push_back(flip ? sharing::not_(party, part) : std::move(part));
  };
  for (size_t o = spec.order.size(); o-- > 0;) {
    const KeyType& type = plan.key_types[spec.partition.size() + o];
    take(static_cast<size_t>(type.type.bits()), spec.order[o].descending);
    if (type.nullable) take(1, spec.order[o].nulls_first);
  }
  take(key.planes() - first, false);
  std::vector<const SharedBits*> lowest_first;
  for (const SharedBits& part : parts) lowest_first.push_back(&part);
  return sharing::concat_planes(lowest_first);
}

// The rows in the order of partition and ORDER BY, those that are not valid first.
struct Ordered {
  Order order;
  SharedBits key;  // order columns ‖ partition columns ‖ valid
  std::vector<SharedColumn> columns;
};

Ordered order_rows(mpc::Session& session, const SharedTable& table, const WindowSpec& spec,
                   const WindowPlan& plan, const SortUse& sort) {
  SharedBits key(table.rows(), 0);
  const std::vector<int> named = key_columns(spec);
  if (!named.empty()) {
    std::vector<const SharedColumn*> columns;
    for (const int c : named) columns.push_back(&table.columns[static_cast<size_t>(c)]);
    key = directed(session.party(), pack_key(session, columns, plan.key_types), spec, plan);
  }
  key = sharing::concat_planes({&key, &table.valid});
  Sorted sorted = sort_key_opening(session, key, mpc::make_shuffle(session, table.rows()), sort_options(sort),
                                   sort.trace);
  std::vector<SharedColumn> columns = carry(session, table, plan.carried, sorted.order);
  return {std::move(sorted.order), std::move(sorted.key), std::move(columns)};
}

// 1 where a row is in the partition (is a peer) of the row before; row 0: 0.
struct Sameness {
  SharedBits partition, peer;
};

void clear_first(SharedBits& x) {
  if (x.rows() == 0) return;
  x.own.set(0, 0, false);
  x.next.set(0, 0, false);
}

Sameness find_sameness(mpc::Session& session, const Ordered& rows, const WindowPlan& plan) {
  const auto same = [&](size_t first, size_t planes) {
    const SharedBits part = sharing::slice_planes(rows.key, first, planes);
    SharedBits out = mpc::equal(session, part, sharing::shift_down(part));
    clear_first(out);
    return out;
  };
  Sameness out;
  out.partition = same(plan.order_planes, plan.partition_planes + 1);
  if (!plan.peers) return out;
  if (plan.order_planes == 0) {
    out.peer = out.partition;
  } else {
    out.peer = mpc::and_(session, out.partition, same(0, plan.order_planes));
  }
  return out;
}

// ---- running folds

SharedBits operand(int party, const RunningColumn& column, const Ordered& rows, const Sameness& same) {
  if (column.source == RunningSource::kOnes) return sharing::share_constant(party, rows.key.rows(), 1, 1);
  if (column.source == RunningSource::kPeerStart) return sharing::not_(party, same.peer);
  const SharedColumn& from = rows.columns[static_cast<size_t>(column.column)];
  if (column.source == RunningSource::kPresent) return sharing::not_(party, *from.null);
  if (column.source == RunningSource::kValue)
    return sharing::slice_planes(from.value, 0, column.shape.planes);
  if (column.source == RunningSource::kWhole)
    return from.null ? sharing::concat_planes({&from.value, &*from.null}) : from.value;
  SharedBits ordered = flip_sign(party, from.value, from.type);
  return column.source == RunningSource::kOrderedFromTop ? sharing::not_(party, ordered) : ordered;
}

std::vector<SharedBits> run_folds(mpc::Session& session, const WindowPlan& plan, const Ordered& rows,
                                  const Sameness& same) {
  const int party = session.party();
  std::vector<SharedBits> operands, present;
  present.reserve(plan.running.size());
  std::vector<mpc::AndPair> pairs;
  for (const RunningColumn& column : plan.running) operands.push_back(operand(party, column, rows, same));
  for (size_t i = 0; i < operands.size(); ++i) {
    if (!plan.running[i].masked) continue;
    const SharedColumn& from = rows.columns[static_cast<size_t>(plan.running[i].column)];
    present.push_back(sharing::not_(party, *from.null));
    pairs.push_back({&operands[i], &present.back()});
  }
  std::vector<SharedBits> masked = pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
  std::vector<ScanColumn> columns;
  size_t next = 0;
  for (size_t i = 0; i < operands.size(); ++i) {
    const RunningColumn& column = plan.running[i];
    SharedBits value = column.masked ? std::move(masked[next++]) : std::move(operands[i]);
    if (column.source == RunningSource::kOrderedFromTop) value = sharing::not_(party, value);
    columns.push_back(
        {column.shape.fold, std::move(value), column.shape.result_planes, column.shape.is_signed});
  }
  return segmented_scan(session, sharing::not_(party, same.partition), std::move(columns));
}

SharedBits reversed(const SharedBits& x) {
  std::vector<uint32_t> index(x.rows());
  std::iota(index.rbegin(), index.rend(), 0U);
  return sharing::gather_rows(x, index);
}

// The value and presence of one call, each row's own so far.
struct Reached {
  SharedBits value;  // and `present` above it, if the call has one
  bool present = false;
};

// Hands the value at the first (or last) row of each segment to all its rows, for the calls that want it.
void copy_within(mpc::Session& session, const WindowPlan& plan, const SharedBits& same,
                 std::pair<WindowFrame, bool> which, std::vector<Reached>& calls) {
  const auto [frame, first_peer] = which;
  std::vector<ScanColumn> columns;
  std::vector<size_t> wanting;
  for (size_t c = 0; c < calls.size(); ++c) {
    const WindowOutput& output = plan.outputs[c];
    if (output.value < 0 || output.frame != frame || output.first_peer != first_peer) continue;
    wanting.push_back(c);
    columns.push_back({Fold::kFirst, first_peer ? calls[c].value : reversed(calls[c].value)});
  }
  if (columns.empty()) return;
  // From the end, a segment starts where the next row (in order) is not the same.
  SharedBits start = sharing::not_(session.party(), same);
  if (!first_peer) start = reversed(sharing::shift_up(start));
  std::vector<SharedBits> copied = segmented_scan(session, start, std::move(columns));
  for (size_t i = 0; i < wanting.size(); ++i)
    calls[wanting[i]].value = first_peer ? std::move(copied[i]) : reversed(copied[i]);
}

// ---- lag and lead

// Row i of the result is row i - by (lag) or i + by (lead) of x, zero where there is none.
SharedBits shifted(const SharedBits& x, uint64_t by, bool lag) {
  const size_t rows = x.rows(), gap = std::min<size_t>(by, rows);
  const SharedBits zeros(gap, x.planes());
  const SharedBits rest = sharing::slice_rows(x, lag ? 0 : gap, rows - gap);
  return lag ? sharing::concat_rows({&zeros, &rest}) : sharing::concat_rows({&rest, &zeros});
}

// within[n]: the row n places before is there and in the partition, for n = 1..max_offset. Doubles at every
// round.
std::vector<SharedBits> find_within(mpc::Session& session, const SharedBits& same, uint64_t max_offset) {
  std::vector<SharedBits> within = {SharedBits{}, same};
  while (within.size() <= max_offset) {
    const uint64_t known = within.size() - 1, more = std::min(known, max_offset - known);
    std::vector<SharedBits> further;
    for (uint64_t n = 1; n <= more; ++n) further.push_back(shifted(within[n], known, true));
    std::vector<mpc::AndPair> pairs;
    for (const SharedBits& one : further) pairs.push_back({&one, &within[known]});
    for (SharedBits& one : mpc::and_batch(session, pairs)) within.push_back(std::move(one));
  }
  return within;
}

mpc::Cost cost_find_within(uint64_t rows, uint64_t max_offset) {
  mpc::Cost cost;
  for (uint64_t known = 1; known < max_offset; known += std::min(known, max_offset - known))
    cost += mpc::cost_and(rows, std::min(known, max_offset - known));
  return cost;
}

std::vector<SharedColumn> shift_columns(mpc::Session& session, const WindowSpec& spec, const WindowPlan& plan,
                                        const Ordered& rows, const SharedBits& same) {
  if (plan.max_offset == 0) return {};
  const int party = session.party();
  const std::vector<SharedBits> within = find_within(session, same, plan.max_offset);
  std::vector<SharedColumn> out;
  std::vector<SharedBits> there, present;
  for (const WindowCall& call : spec.calls) {
    if (!is_shift(call.function)) continue;
    const bool lag = call.function == WindowFunction::kLag;
    const SharedColumn& from = rows.columns[static_cast<size_t>(call.column)];
    out.push_back({from.type, shifted(from.value, call.offset, lag), std::nullopt});
    there.push_back(lag ? within[call.offset] : shifted(within[call.offset], call.offset, false));
    present.push_back(from.null ? shifted(sharing::not_(party, *from.null), call.offset, lag) : SharedBits{});
  }
  std::vector<mpc::AndPair> pairs;
  for (size_t i = 0; i < out.size(); ++i)
    if (present[i].planes() > 0) pairs.push_back({&there[i], &present[i]});
  const auto products = pairs.empty() ? std::vector<SharedBits>{} : mpc::and_batch(session, pairs);
  size_t next = 0;
  for (size_t i = 0; i < out.size(); ++i)
    out[i].null = sharing::not_(party, present[i].planes() > 0 ? products[next++] : there[i]);
  return out;
}

// ---- results

SharedBits resized(const SharedBits& value, const relation::Type& from, const relation::Type& to) {
  const auto planes = static_cast<size_t>(to.bits());
  if (planes <= value.planes()) return sharing::slice_planes(value, 0, planes);
  return sharing::extend(value, planes, from.is_signed());
}

SharedColumn read_running(int party, const WindowCall& call, const Reached& reached, const Ordered& rows) {
  SharedColumn column{call.result_type, {}, std::nullopt};
  const size_t planes = reached.value.planes() - (reached.present ? 1 : 0);
  column.value = sharing::slice_planes(reached.value, 0, planes);
  if (reached.present) column.null = sharing::not_(party, sharing::slice_planes(reached.value, planes, 1));
  if (call.column < 0 || call.function == WindowFunction::kCount) return column;
  const SharedColumn& from = rows.columns[static_cast<size_t>(call.column)];
  if (call.function == WindowFunction::kFirst && from.null) {
    column.null = sharing::slice_planes(column.value, planes - 1, 1);
    column.value = sharing::slice_planes(column.value, 0, planes - 1);
  }
  if (call.function == WindowFunction::kMin || call.function == WindowFunction::kMax)
    column.value = flip_sign(party, column.value, from.type);
  if (call.function != WindowFunction::kSum)
    column.value = resized(column.value, from.type, call.result_type);
  return column;
}

// The columns of all calls, in order.
std::vector<SharedColumn> call_columns(mpc::Session& session, const WindowSpec& spec, const WindowPlan& plan,
                                       const Ordered& rows) {
  const Sameness same = find_sameness(session, rows, plan);
  const std::vector<SharedBits> folds = run_folds(session, plan, rows, same);
  std::vector<Reached> reached(spec.calls.size());
  for (size_t c = 0; c < reached.size(); ++c) {
    const WindowOutput& output = plan.outputs[c];
    if (output.value < 0) continue;
    reached[c].value = folds[static_cast<size_t>(output.value)];
    reached[c].present = output.present >= 0;
    if (output.present >= 0)
      reached[c].value =
          sharing::concat_planes({&reached[c].value, &folds[static_cast<size_t>(output.present)]});
  }
  copy_within(session, plan, same.peer, {WindowFrame::kRow, true}, reached);
  copy_within(session, plan, same.peer, {WindowFrame::kPeers, false}, reached);
  copy_within(session, plan, same.partition, {WindowFrame::kPartition, false}, reached);
  std::vector<SharedColumn> shifts = shift_columns(session, spec, plan, rows, same.partition);
  std::vector<SharedColumn> out;
  size_t next = 0;
  for (size_t c = 0; c < spec.calls.size(); ++c) {
    if (is_shift(spec.calls[c].function)) {
      SharedColumn& shift = shifts[next++];
      shift.value = resized(shift.value, shift.type, spec.calls[c].result_type);
      shift.type = spec.calls[c].result_type;
      out.push_back(std::move(shift));
    } else {
      out.push_back(read_running(session.party(), spec.calls[c], reached[c], rows));
    }
  }
  return out;
}

void return_columns(mpc::Session& session, const Order& order, std::vector<SharedColumn>& columns) {
  if (columns.empty()) return;
  std::vector<const SharedBits*> parts;
  for (const SharedColumn& column : columns) {
    parts.push_back(&column.value);
    if (column.null) parts.push_back(&*column.null);
  }
  const SharedBits back = out_of_order(session, order, sharing::concat_planes(parts));
  size_t first = 0;
  const auto take = [&](SharedBits& x) {
    const size_t planes = x.planes();
    x = sharing::slice_planes(back, first, planes);
    first += planes;
  };
  for (SharedColumn& column : columns) {
    take(column.value);
    if (column.null) take(*column.null);
  }
}

}  // namespace

// F: table -> table with a column per call.
//   key  <- order columns (directed) ‖ partition columns ‖ valid;  rows <- sort(key), columns that calls read
//   same_j  <- EQ(key_j, key_j-1) on partition ‖ valid; peer_j <- same_j AND EQ on the order columns
//   running folds <- one segmented scan over partitions (row_number: SUM of ones; dense_rank: SUM of NOT
//   peer) rank <- its row_number at the first peer, handed down; frames that end at the last peer or at the
//   end of
//     the partition: the fold at that row, handed up (the same scan on the rows in reverse)
//   lag, lead: the row n places away, NULL unless n rows in a row are in the partition
//   results back into the input's order
// Security: sort_key_opening opens comparison bits (a function of a uniform permutation); nothing else is
//   opened: partitions and their sizes stay shared. Cost: cost_window(trace). Randomness: of its parts.
//   Leaks: row count, column types (public).
// Source: segmented scans, Blelloch 1990; the use after a sort as in protocols.md 4.10.
SharedTable window(mpc::Session& session, const SharedTable& table, const WindowSpec& spec,
                   const SortUse& sort) {
  const WindowPlan plan = plan_window(schemas_of(table), spec);
  SharedTable result = table;
  std::vector<SharedColumn> columns;
  {
    const Ordered rows = order_rows(session, table, spec, plan, sort);
    columns = call_columns(session, spec, plan, rows);
    return_columns(session, rows.order, columns);
  }
  for (SharedColumn& column : columns) result.columns.push_back(std::move(column));
  return result;
}

namespace {

// All but the sort.
mpc::Cost cost_around_sort(const std::vector<ColumnSchema>& columns, uint64_t rows, const WindowSpec& spec,
                           const WindowPlan& plan) {
  std::vector<ColumnSchema> keys;
  for (const int c : key_columns(spec)) keys.push_back(columns.at(static_cast<size_t>(c)));
  mpc::Cost cost = keys.empty() ? mpc::Cost{} : cost_pack_key(rows, keys);
  if (!plan.carried.empty()) cost += cost_into_order(rows, plan.carried_planes);
  cost += mpc::cost_equal(rows, plan.partition_planes + 1);
  if (plan.peers && plan.order_planes > 0)
    cost += mpc::cost_equal(rows, plan.order_planes) + mpc::cost_and(rows, 1);
  uint64_t masked = 0;
  std::vector<ScanShape> shapes;
  for (const RunningColumn& column : plan.running) {
    if (column.masked) masked += column.shape.planes;
    shapes.push_back(column.shape);
  }
  cost += mpc::cost_and(rows, masked) + cost_segmented_scan(rows, shapes);
  cost += cost_segmented_scan(rows, copied_shapes(plan, WindowFrame::kRow, true)) +
          cost_segmented_scan(rows, copied_shapes(plan, WindowFrame::kPeers, false)) +
          cost_segmented_scan(rows, copied_shapes(plan, WindowFrame::kPartition, false));
  if (plan.max_offset > 0)
    cost += cost_find_within(rows, plan.max_offset) + mpc::cost_and(rows, plan.nullable_shifts);
  return plan.result_planes == 0 ? cost : cost + cost_out_of_order(rows, plan.result_planes);
}

uint64_t sort_planes(const WindowPlan& plan) { return plan.partition_planes + plan.order_planes + 1; }

}  // namespace

mpc::Cost cost_window(const std::vector<ColumnSchema>& columns, const SortTrace& trace,
                      const WindowSpec& spec) {
  return cost_sort(trace) + cost_around_sort(columns, trace.rows, spec, plan_window(columns, spec));
}

SortShape window_sort(const std::vector<ColumnSchema>& columns, uint64_t rows, const WindowSpec& spec) {
  return {rows, sort_planes(plan_window(columns, spec))};
}

mpc::Cost cost_window_bound(const std::vector<ColumnSchema>& columns, uint64_t rows, const WindowSpec& spec,
                            const SortRule& rule) {
  const WindowPlan plan = plan_window(columns, spec);
  return cost_sort_bound(rows, sort_planes(plan), {rule}) + cost_around_sort(columns, rows, spec, plan);
}

mpc::Cost cost_window_expected(const std::vector<ColumnSchema>& columns, uint64_t rows,
                               const WindowSpec& spec, const SortRule& rule) {
  const WindowPlan plan = plan_window(columns, spec);
  return cost_sort_expected(rows, sort_planes(plan), {rule}) + cost_around_sort(columns, rows, spec, plan);
}

}  // namespace sluis::oblivious
