#include "oblivious/group_by.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "oblivious/clear_table_test.h"
#include "oblivious/index.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

testing::RunOptions seeded(uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  return options;
}

struct RowLess {
  bool operator()(const Row& a, const Row& b) const { return before(a, b); }
};

Cell aggregate_plainly(const AggregateSpec& spec, const std::vector<Row>& rows) {
  if (spec.function == Aggregate::kCountRows) return static_cast<int64_t>(rows.size());
  const auto column = static_cast<size_t>(spec.column);
  if (spec.function == Aggregate::kAny) return rows[0][column];
  std::vector<int64_t> values;
  for (const Row& row : rows) {
    if (row[column]) values.push_back(*row[column]);
  }
  if (spec.function == Aggregate::kCount) return static_cast<int64_t>(values.size());
  if (values.empty()) return {};
  if (spec.function == Aggregate::kMin) return std::ranges::min(values);
  if (spec.function == Aggregate::kMax) return std::ranges::max(values);
  int64_t sum = 0;
  for (const int64_t v : values) sum += v;
  return sum;
}

std::vector<Row> group_plainly(const ClearTable& table, const std::vector<int>& keys,
                               const std::vector<AggregateSpec>& aggregates) {
  std::map<Row, std::vector<Row>, RowLess> groups;
  for (const Row& row : table.valid_rows()) {
    Row key;
    for (const int k : keys) key.push_back(row[static_cast<size_t>(k)]);
    groups[key].push_back(row);
  }
  std::vector<Row> result;
  for (const auto& [key, rows] : groups) {
    Row row = key;
    for (const AggregateSpec& spec : aggregates) row.push_back(aggregate_plainly(spec, rows));
    result.push_back(row);
  }
  return result;
}

struct GroupRun {
  SharedTable table;
  SortTrace trace;
};

Row key_of(const ClearTable& table, size_t row, const std::vector<int>& keys) {
  Row key;
  for (size_t k = 0; k < keys.size(); ++k) key.push_back(table.rows[row][k]);
  return key;
}

// What joins rely on: the key columns of all rows, valid or not, do not decrease; within a key only the last
// row is valid.
void check_order_contract(const ClearTable& grouped, const std::vector<int>& keys) {
  for (size_t i = 1; i < grouped.rows.size(); ++i) {
    const Row last = key_of(grouped, i - 1, keys), key = key_of(grouped, i, keys);
    EXPECT_FALSE(before(key, last)) << i;
    if (!before(last, key)) {
      EXPECT_EQ(grouped.valid[i - 1], 0) << i;
    }
  }
}

mpc::Cost after(mpc::Cost all, const mpc::Cost& first) {
  all.rounds -= first.rounds;
  for (size_t p = 0; p < 3; ++p) {
    all.to_next[p] -= first.to_next[p];
    all.to_prev[p] -= first.to_prev[p];
  }
  return all;
}

// The same over an index that was made while other rows were valid; then again, by the first key, over the
// result, which stands in its order.
struct IndexedRun {
  SharedTable table, again;
  SortTrace trace;
  mpc::Cost built, grouped, all;
};

void check_indexed(const ClearTable& clear, const std::vector<int>& keys,
                   const std::vector<AggregateSpec>& aggregates, uint64_t seed) {
  const SharedTables shares = share_table(clear, seed);
  ClearTable other = clear;
  for (size_t i = 0; i < other.valid.size(); ++i) other.valid[i] = (i + seed) % 3 == 0;
  const SharedTables unfiltered = share_table(other, seed + 1);
  const AggregateSpec count{Aggregate::kCountRows, -1,
                            Type::integer(0, static_cast<int64_t>(clear.rows.size()))};
  const auto run = testing::run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    IndexedRun result;
    const KeyIndex index = table_index(session, unfiltered[i], keys, {.rule = {}, .trace = &result.trace});
    result.built = session.measured();
    result.table = group_by(session, shares[i], keys, aggregates, over(index));
    result.grouped = session.measured();
    const KeyIndex in_place = index_in_place(session, result.table, {0});
    result.again = group_by(session, result.table, {0}, {count}, over(in_place));
    result.all = session.measured();
    return result;
  });
  const auto part = [&](auto member) {
    return SharedTables{run.results[0].*member, run.results[1].*member, run.results[2].*member};
  };
  const auto cost = [&](auto member) {
    return testing::merge_costs({run.results[0].*member, run.results[1].*member, run.results[2].*member});
  };
  const ClearTable grouped = reconstruct_table(part(&IndexedRun::table));
  const ClearTable again = reconstruct_table(part(&IndexedRun::again));
  EXPECT_EQ(grouped.valid_rows(), group_plainly(clear, keys, aggregates)) << "seed " << seed;
  EXPECT_EQ(again.valid_rows(), group_plainly(grouped, {0}, {count})) << "seed " << seed;
  check_order_contract(grouped, keys);
  check_order_contract(again, {0});
  expect_no_block_twice(run.prg_uses);
  const size_t rows = clear.rows.size();
  EXPECT_EQ(cost(&IndexedRun::built), cost_table_index(clear.schema, run.results[0].trace, keys));
  EXPECT_EQ(after(cost(&IndexedRun::grouped), cost(&IndexedRun::built)),
            cost_group_by_indexed(clear.schema, rows, keys, aggregates, false));
  EXPECT_EQ(after(cost(&IndexedRun::all), cost(&IndexedRun::grouped)),
            cost_index_in_place(grouped.schema, rows, {0}) +
                cost_group_by_indexed(grouped.schema, rows, {0}, {count}, true));
}

void check_group_by(const ClearTable& clear, const std::vector<int>& keys,
                    const std::vector<AggregateSpec>& aggregates, uint64_t seed) {
  const SharedTables shares = share_table(clear, seed);
  const auto run = testing::run_measured([&](mpc::Session& session) {
    GroupRun result;
    result.table = group_by(session, shares[static_cast<size_t>(session.party())], keys, aggregates,
                            {.rule = {}, .trace = &result.trace});
    return result;
  });
  const ClearTable grouped =
      reconstruct_table({run.results[0].table, run.results[1].table, run.results[2].table});
  ASSERT_EQ(grouped.rows.size(), clear.rows.size());
  EXPECT_EQ(grouped.valid_rows(), group_plainly(clear, keys, aggregates)) << "seed " << seed;
  EXPECT_EQ(run.measured, cost_group_by(clear.schema, run.results[0].trace, keys, aggregates));
  const mpc::Cost bound = cost_group_by_bound(clear.schema, clear.rows.size(), keys, aggregates);
  EXPECT_LE(run.measured.rounds, bound.rounds);
  EXPECT_LE(run.measured.total(), bound.total());
  EXPECT_LE(cost_group_by_expected(clear.schema, clear.rows.size(), keys, aggregates).total(), bound.total());
  check_order_contract(grouped, keys);
  if (!keys.empty()) check_indexed(clear, keys, aggregates, seed);
}

// Columns: 0 key (nullable, signed), 1 key, 2 value (nullable, signed), 3 value, 4 boolean.
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
    Row row = {static_cast<int64_t>(random() % 5) - 2, static_cast<int64_t>(random() % 3),
               static_cast<int64_t>(random() % 1101) - 100, static_cast<int64_t>(random() % 65536),
               static_cast<int64_t>(random() % 2)};
    for (const size_t c : {size_t{0}, size_t{2}, size_t{4}}) {
      if (chance(null_every)) row[c].reset();
    }
    table.add(row, !chance(invalid_every));
  }
  return table;
}

std::vector<AggregateSpec> all_aggregates(int64_t rows) {
  const Type count = Type::integer(0, rows);
  return {{Aggregate::kCountRows, -1, count},
          {Aggregate::kCount, 2, count},
          {Aggregate::kCount, 3, count},
          {Aggregate::kSum, 2, Type::integer(-100 * rows - 1, 1000 * rows)},
          {Aggregate::kSum, 3, Type::integer(0, 65535 * rows + 1)},
          {Aggregate::kMin, 2, Type::integer(-100, 1000)},
          {Aggregate::kMax, 2, Type::integer(-100, 1000)},
          {Aggregate::kMin, 3, Type::date()},
          {Aggregate::kMax, 3, Type::date()},
          {Aggregate::kMax, 4, Type::boolean()},
          {Aggregate::kMin, 0, Type::integer(-4, 4)},
          {Aggregate::kAny, 1, Type::integer(0, 2)}};
}

TEST(GroupBy, EqualsThePlainLoop) {
  for (const size_t rows : {0, 1, 2, 3, 5, 8, 9, 16, 33, 64, 70}) {
    for (const uint64_t seed : {1, 2, 3}) {
      const ClearTable table = random_table(rows, seed + 10 * rows, 4, 5);
      check_group_by(table, {0, 1}, all_aggregates(static_cast<int64_t>(rows) + 1), seed);
    }
  }
  for (const size_t rows : {4095, 4096, 4097, 10'000}) {
    check_group_by(random_table(rows, rows, 6, 3), {1, 0}, all_aggregates(static_cast<int64_t>(rows)), rows);
  }
}

TEST(GroupBy, OneKeyColumn) {
  const ClearTable table = random_table(200, 5, 3, 4);
  auto aggregates = all_aggregates(200);
  aggregates.pop_back();  // kAny of a column that is not the key
  aggregates.push_back({Aggregate::kAny, 0, Type::integer(-9, 9)});
  check_group_by(table, {0}, aggregates, 6);
  check_group_by(table, {3}, {{Aggregate::kSum, 2, Type::integer(-20'001, 200'000)}}, 7);
}

TEST(GroupBy, DistinctAndOneGroup) {
  const ClearTable table = random_table(150, 8, 3, 4);
  check_group_by(table, {1}, {}, 9);
  check_group_by(table, {0, 1, 4}, {}, 10);
  check_group_by(table, {}, {{Aggregate::kCountRows, -1, Type::integer(0, 150)}}, 11);
}

TEST(GroupBy, AllRowsInvalidOrNullOrEqual) {
  const auto aggregates = all_aggregates(100);
  check_group_by(random_table(50, 12, 0, 1), {0, 1}, aggregates, 13);
  check_group_by(random_table(50, 14, 1, 0), {0, 1}, aggregates, 15);
  ClearTable equal = random_table(64, 16, 2, 6);
  for (Row& row : equal.rows) {
    row[0] = -4;
    row[1] = 2;
  }
  check_group_by(equal, {0, 1}, aggregates, 17);
}

// Valid keys of all zeros (what invalid rows get) and all ones keep their own groups.
TEST(GroupBy, ExtremeKeysAreNotMixedWithInvalidRows) {
  ClearTable table;
  table.schema = {{"k", Type::integer(0, 3), false}, {"v", Type::integer(0, 9), false}};
  table.add({3, 5});
  table.add({3, 9}, false);
  table.add({3, 1});
  table.add({0, 8}, false);
  table.add({0, 2});
  table.add({0, 7}, false);
  check_group_by(table, {0},
                 {{Aggregate::kSum, 1, Type::integer(0, 36)}, {Aggregate::kMax, 1, Type::integer(0, 9)}}, 18);
}

TEST(GroupBy, EqualAggregatesAreFoldedOnce) {
  const std::vector<relation::ColumnSchema> schema = {{"k", Type::integer(0, 3), false},
                                                      {"v", Type::integer(0, 9), true}};
  const AggregateSpec max{Aggregate::kMax, 1, Type::integer(0, 9)};
  EXPECT_EQ(cost_group_by_bound(schema, 100, {0}, {max, max, max}),
            cost_group_by_bound(schema, 100, {0}, {max}));
}

// A reuse opens nothing and sends as much for every table: other keys, other rows valid, another order.
TEST(GroupBy, MessagesOverAnIndexAreOfOneLength) {
  std::optional<std::array<std::vector<uint64_t>, 3>> expected;
  for (const uint64_t kind : {0, 1, 2}) {
    ClearTable table = random_table(300, 19 + kind, kind == 1 ? 2 : 5, kind == 2 ? 1 : 4);
    const SharedTables shares = share_table(table, kind);
    const auto run = testing::run_measured(
        [&](mpc::Session& session) {
          const auto& mine = shares[static_cast<size_t>(session.party())];
          const KeyIndex index = table_index(session, mine, {0, 1});
          const size_t before = session.trace().size();
          group_by(session, mine, {0, 1}, all_aggregates(300), over(index));
          std::vector<uint64_t> lengths;
          for (size_t m = before; m < session.trace().size(); ++m)
            lengths.push_back(session.trace()[m].second);
          return lengths;
        },
        seeded(3 + kind));
    if (!expected) expected = run.results;
    EXPECT_EQ(run.results, *expected) << kind;
  }
}

// Tables of one shape whose rows stand in one rank order: the same messages.
TEST(GroupBy, MessagesAreAFunctionOfTheOrder) {
  std::optional<std::array<testing::Trace, 3>> expected;
  for (const int kind : {0, 1, 2}) {
    ClearTable table = random_table(300, 19 + static_cast<uint64_t>(kind), 2, 0);
    for (size_t i = 0; i < 300; ++i) {
      table.rows[i][1] = kind == 0 ? 0 : kind == 1 ? static_cast<int64_t>(i / 100) : 2;
      if (kind == 2) table.valid[i] = 0;
    }
    const SharedTables shares = share_table(table, static_cast<uint64_t>(kind));
    const auto run = testing::run_measured([&](mpc::Session& session) {
      group_by(session, shares[static_cast<size_t>(session.party())], {1}, all_aggregates(300));
    });
    if (!expected) expected = run.traces;
    EXPECT_EQ(run.traces, *expected) << kind;
  }
}

}  // namespace
}  // namespace sluis::oblivious
