#include "oblivious/group_by.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

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
  // What joins rely on: the key columns of all rows, valid or not, do not decrease.
  const auto key_of = [&](size_t i) {
    return Row(grouped.rows[i].begin(), grouped.rows[i].begin() + static_cast<ptrdiff_t>(keys.size()));
  };
  for (size_t i = 1; i < grouped.rows.size(); ++i) EXPECT_FALSE(before(key_of(i), key_of(i - 1))) << i;
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
