#include "oblivious/window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

// < 0, 0, > 0: how two rows stand in the window's order.
int compare_plainly(const WindowSpec& spec, const Row& a, const Row& b) {
  for (const WindowOrder& order : spec.order) {
    const Cell& x = a[static_cast<size_t>(order.column)];
    const Cell& y = b[static_cast<size_t>(order.column)];
    if (x == y) continue;
    if (!x || !y) return x.has_value() == order.nulls_first ? 1 : -1;
    return (*x < *y) != order.descending ? -1 : 1;
  }
  return 0;
}

Cell fold_plainly(const WindowCall& call, const std::vector<Row>& frame) {
  if (call.function == WindowFunction::kCountRows) return static_cast<int64_t>(frame.size());
  std::vector<int64_t> values;
  for (const Row& row : frame)
    if (const Cell value = row[static_cast<size_t>(call.column)]) values.push_back(*value);
  if (call.function == WindowFunction::kCount) return static_cast<int64_t>(values.size());
  if (values.empty()) return {};
  if (call.function == WindowFunction::kMin) return std::ranges::min(values);
  if (call.function == WindowFunction::kMax) return std::ranges::max(values);
  return std::accumulate(values.begin(), values.end(), int64_t{0});
}

// The call's value in row `at` of a partition whose rows stand in order.
Cell call_plainly(const WindowSpec& spec, const WindowCall& call, const std::vector<Row>& rows, size_t at) {
  const auto peer = [&](size_t other) { return compare_plainly(spec, rows[at], rows[other]) == 0; };
  size_t first_peer = at, end = at + 1;
  while (first_peer > 0 && peer(first_peer - 1)) --first_peer;
  while (end < rows.size() && peer(end)) ++end;
  const auto column = static_cast<size_t>(std::max(call.column, 0));
  switch (call.function) {
    case WindowFunction::kRowNumber:
      return static_cast<int64_t>(at) + 1;
    case WindowFunction::kRank:
      return static_cast<int64_t>(first_peer) + 1;
    case WindowFunction::kDenseRank: {
      int64_t rank = 1;
      for (size_t i = 1; i <= at; ++i) rank += compare_plainly(spec, rows[i - 1], rows[i]) != 0 ? 1 : 0;
      return rank;
    }
    case WindowFunction::kLag:
      return at < call.offset ? Cell() : rows[at - call.offset][column];
    case WindowFunction::kLead:
      return at + call.offset >= rows.size() ? Cell() : rows[at + call.offset][column];
    case WindowFunction::kFirst:
      return rows[0][column];
    default:
      break;
  }
  if (call.frame == WindowFrame::kRow) end = at + 1;
  if (call.frame == WindowFrame::kPartition) end = rows.size();
  return fold_plainly(call, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(end)});
}

// The valid rows, in their order, with a column per call.
std::vector<Row> window_plainly(const ClearTable& table, const WindowSpec& spec) {
  const std::vector<Row> input = table.valid_rows();
  std::map<Row, std::vector<size_t>> partitions;
  for (size_t i = 0; i < input.size(); ++i) {
    Row key;
    for (const int c : spec.partition) key.push_back(input[i][static_cast<size_t>(c)]);
    partitions[key].push_back(i);
  }
  std::vector<Row> out = input;
  for (auto& [key, members] : partitions) {
    std::ranges::stable_sort(
        members, [&](size_t a, size_t b) { return compare_plainly(spec, input[a], input[b]) < 0; });
    std::vector<Row> rows;
    for (const size_t i : members) rows.push_back(input[i]);
    for (size_t at = 0; at < rows.size(); ++at)
      for (const WindowCall& call : spec.calls)
        out[members[at]].push_back(call_plainly(spec, call, rows, at));
  }
  return out;
}

struct WindowRun {
  SharedTable table;
  SortTrace trace;
};

void check_window(const ClearTable& clear, const WindowSpec& spec, uint64_t seed) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed << ", rows " << clear.rows.size());
  const SharedTables shares = share_table(clear, seed);
  const auto run = sluis::testing::run_measured([&](mpc::Session& session) {
    WindowRun result;
    result.table = window(session, shares[static_cast<size_t>(session.party())], spec,
                          {.rule = {}, .trace = &result.trace});
    return result;
  });
  const ClearTable result =
      reconstruct_table({run.results[0].table, run.results[1].table, run.results[2].table});
  ASSERT_EQ(result.valid, clear.valid);
  EXPECT_EQ(result.valid_rows(), window_plainly(clear, spec));
  EXPECT_EQ(run.measured, cost_window(clear.schema, run.results[0].trace, spec));
  const mpc::Cost bound = cost_window_bound(clear.schema, clear.rows.size(), spec);
  EXPECT_LE(run.measured.rounds, bound.rounds);
  EXPECT_LE(run.measured.total(), bound.total());
  EXPECT_LE(cost_window_expected(clear.schema, clear.rows.size(), spec).total(), bound.total());
}

// Columns: 0 partition (nullable, signed), 1 partition, 2 value (nullable, signed), 3 date, 4 boolean.
ClearTable random_table(size_t rows, uint64_t seed, int null_every, int invalid_every) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"k", Type::integer(-4, 4), true},
                  {"l", Type::integer(0, 2), false},
                  {"v", Type::integer(-100, 1000), true},
                  {"w", Type::date(), false},
                  {"b", Type::boolean(), true}};
  const auto chance = [&](int every) { return every > 0 && random() % static_cast<uint64_t>(every) == 0; };
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 3) - 1, static_cast<int64_t>(random() % 2),
               static_cast<int64_t>(random() % 7) - 3, static_cast<int64_t>(random() % 5),
               static_cast<int64_t>(random() % 2)};
    for (const size_t c : {size_t{0}, size_t{2}, size_t{4}})
      if (chance(null_every)) row[c].reset();
    table.add(row, !chance(invalid_every));
  }
  return table;
}

std::vector<WindowCall> all_calls(int64_t rows) {
  const Type number = Type::integer(1, rows), count = Type::integer(0, rows);
  const Type value = Type::integer(-100, 1000);
  std::vector<WindowCall> calls = {
      {WindowFunction::kRowNumber, -1, 1, {}, number}, {WindowFunction::kRank, -1, 1, {}, number},
      {WindowFunction::kDenseRank, -1, 1, {}, number}, {WindowFunction::kLag, 2, 1, {}, value},
      {WindowFunction::kLag, 3, 3, {}, Type::date()},  {WindowFunction::kLead, 2, 2, {}, value},
      {WindowFunction::kLead, 3, 1, {}, Type::date()}, {WindowFunction::kLag, 4, 7, {}, Type::boolean()},
      {WindowFunction::kFirst, 2, 1, {}, value},       {WindowFunction::kFirst, 3, 1, {}, Type::date()}};
  for (const WindowFrame frame : {WindowFrame::kRow, WindowFrame::kPeers, WindowFrame::kPartition}) {
    calls.push_back({WindowFunction::kCountRows, -1, 1, frame, count});
    calls.push_back({WindowFunction::kCount, 2, 1, frame, count});
    calls.push_back({WindowFunction::kCount, 3, 1, frame, count});
    calls.push_back({WindowFunction::kSum, 2, 1, frame, Type::integer(-100 * rows, 1000 * rows)});
    calls.push_back({WindowFunction::kSum, 3, 1, frame, Type::integer(0, 65535 * rows)});
    calls.push_back({WindowFunction::kMin, 2, 1, frame, value});
    calls.push_back({WindowFunction::kMax, 2, 1, frame, value});
    calls.push_back({WindowFunction::kMin, 3, 1, frame, Type::date()});
    calls.push_back({WindowFunction::kMax, 4, 1, frame, Type::boolean()});
  }
  return calls;
}

WindowSpec full_spec(int64_t rows) { return {{0, 1}, {{2, false, false}}, all_calls(rows)}; }

TEST(Window, EqualsThePlainLoop) {
  for (const size_t rows : {0, 1, 2, 3, 5, 8, 9, 16, 33, 64, 70})
    for (const uint64_t seed : {1, 2})
      check_window(random_table(rows, seed + 10 * rows, 4, 5), full_spec(static_cast<int64_t>(rows) + 1),
                   seed);
  check_window(random_table(4097, 3, 6, 3), full_spec(4097), 4);
}

TEST(Window, EveryDirectionAndPlaceOfNulls) {
  for (const bool descending : {false, true})
    for (const bool nulls_first : {false, true}) {
      WindowSpec spec = full_spec(90);
      spec.order = {{2, descending, nulls_first}, {4, !descending, nulls_first}, {3, descending, false}};
      check_window(random_table(90, 20, 3, 6), spec, 21);
      spec.order = {{4, descending, nulls_first}};
      spec.partition = {1};
      check_window(random_table(60, 22, 2, 0), spec, 23);
    }
}

TEST(Window, WithoutPartitionWithoutOrder) {
  WindowSpec spec = full_spec(80);
  spec.partition.clear();
  check_window(random_table(80, 30, 3, 4), spec, 31);
  spec.order.clear();
  check_window(random_table(80, 32, 3, 4), spec, 33);
  spec.partition = {0};
  check_window(random_table(80, 34, 3, 4), spec, 35);
}

TEST(Window, AllRowsInvalidOrNullOrEqual) {
  const WindowSpec spec = full_spec(100);
  check_window(random_table(50, 40, 0, 1), spec, 41);
  check_window(random_table(50, 42, 1, 0), spec, 43);
  ClearTable equal = random_table(64, 44, 2, 6);
  for (Row& row : equal.rows) row = {-1, 1, 5, 3, 1};
  check_window(equal, spec, 45);
}

TEST(Window, LongShiftsAndSingleCalls) {
  const ClearTable table = random_table(200, 50, 5, 4);
  for (const uint64_t offset : {2, 3, 5, 31, 64})
    check_window(table,
                 {{1},
                  {{3, true, true}},
                  {{WindowFunction::kLag, 2, offset, {}, Type::integer(-100, 1000)},
                   {WindowFunction::kLead, 3, offset, {}, Type::date()}}},
                 offset);
  for (const WindowCall& call : all_calls(200))
    check_window(table, {{0}, {{2, false, false}, {3, true, true}}, {call}}, 51);
  check_window(table, {{0}, {{2, false, false}}, {}}, 52);
}

// Tables of one shape whose rows stand in one rank order: the same messages.
TEST(Window, MessagesAreAFunctionOfTheOrder) {
  std::optional<std::array<sluis::testing::Trace, 3>> expected;
  for (const int kind : {0, 1, 2}) {
    ClearTable table = random_table(300, 60 + static_cast<uint64_t>(kind), 2, 0);
    for (size_t i = 0; i < 300; ++i) {
      table.rows[i][1] = kind == 0 ? 0 : kind == 1 ? static_cast<int64_t>(i / 100) : 2;
      table.rows[i][3] = kind == 0 ? static_cast<int64_t>(i) : static_cast<int64_t>(i % 100 / 7);
      if (kind == 2) table.rows[i][3] = 9;
      if (kind == 2) table.valid[i] = 0;
    }
    const SharedTables shares = share_table(table, static_cast<uint64_t>(kind));
    const WindowSpec spec{{1}, {{3, false, false}}, all_calls(300)};
    const auto run = sluis::testing::run_measured(
        [&](mpc::Session& session) { window(session, shares[static_cast<size_t>(session.party())], spec); });
    if (!expected) expected = run.traces;
    EXPECT_EQ(run.traces, *expected) << kind;
  }
}

}  // namespace
}  // namespace sluis::oblivious
