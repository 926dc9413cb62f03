#include "oblivious/compact.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

using relation::Type;

ClearTable random_table(size_t rows, uint64_t seed, int valid_of_ten) {
  std::mt19937_64 random(seed);
  ClearTable table;
  table.schema = {{"a", Type::integer(-70, 70), true}, {"b", Type::date(), false}};
  for (size_t i = 0; i < rows; ++i) {
    Row row = {static_cast<int64_t>(random() % 141) - 70, static_cast<int64_t>(i)};
    if (random() % 5 == 0) row[0].reset();
    table.add(row, static_cast<int>(random() % 10) < valid_of_ten);
  }
  return table;
}

void check_compact(const ClearTable& clear, size_t bound, uint64_t seed) {
  const SharedTables shares = share_table(clear, seed);
  const auto run = testing::run_measured([&](mpc::Session& session) {
    return compact(session, shares[static_cast<size_t>(session.party())], bound);
  });
  EXPECT_EQ(run.measured, cost_compact(clear.rows.size(), 1 + 9 + 16));
  const ClearTable compacted =
      reconstruct_table({run.results[0].table, run.results[1].table, run.results[2].table});
  const Bits overflow =
      testing::reconstruct({run.results[0].overflow, run.results[1].overflow, run.results[2].overflow});
  std::vector<Row> expected = clear.valid_rows();
  ASSERT_EQ(overflow.rows(), 1u);
  EXPECT_EQ(overflow.get(0, 0), expected.size() > bound) << clear.rows.size() << " " << bound;
  expected.resize(std::min(expected.size(), bound));
  ASSERT_EQ(compacted.rows.size(), std::min(bound, clear.rows.size()));
  for (size_t i = 0; i < compacted.rows.size(); ++i) {
    ASSERT_EQ(compacted.valid[i] != 0, i < expected.size()) << i;
    if (i < expected.size()) {
      ASSERT_EQ(compacted.rows[i], expected[i]) << i;
    }
  }
}

TEST(Compact, ValidRowsFirstInTheirOrder) {
  for (size_t rows = 0; rows <= 40; ++rows) {
    for (const int valid_of_ten : {0, 5, 10}) {
      const ClearTable table = random_table(rows, rows, valid_of_ten);
      for (const size_t bound : {size_t{0}, rows / 3, rows, rows + 5}) check_compact(table, bound, rows);
    }
  }
  for (const size_t rows : {size_t{4095}, size_t{4096}, size_t{4097}, size_t{10'000}}) {
    check_compact(random_table(rows, rows, 4), rows / 2, rows);
  }
}

TEST(Compact, MessagesDoNotDependOnData) {
  std::optional<std::array<testing::Trace, 3>> expected;
  for (const int valid_of_ten : {0, 5, 10}) {
    const SharedTables shares = share_table(random_table(200, 3, valid_of_ten), 4);
    const auto run = testing::run_measured(
        [&](mpc::Session& session) { compact(session, shares[static_cast<size_t>(session.party())], 20); });
    if (!expected) expected = run.traces;
    EXPECT_EQ(run.traces, *expected);
  }
}

}  // namespace
}  // namespace sluis::oblivious
