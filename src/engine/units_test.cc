// Distinct units and owners' parts of cells against plain loops.
#include "engine/units.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/run_plan_test.h"

namespace sluis::engine {
namespace {

using oblivious::CellDimension;
using oblivious::ClearTable;
using sql::Cell;

// ---- distinct_per_cell and owner_counts by themselves

struct UnitRow {
  Cell unit, dimension, owner;
  bool valid, second;  // second: an indicator of its own
};

class Units : public ::testing::TestWithParam<std::tuple<size_t, int>> {};

// Random rows with many NULL units (percentage), few units, so that cells share them.
std::vector<UnitRow> unit_rows(size_t rows, int nulls, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<UnitRow> out;
  for (size_t r = 0; r < rows; ++r) {
    const auto cell = [&](int64_t n, int null) {
      return random() % 100 < static_cast<uint64_t>(null)
                 ? Cell()
                 : Cell(static_cast<int64_t>(random() % static_cast<uint64_t>(n)));
    };
    UnitRow row{cell(30, nulls), cell(4, 10), cell(3, 15), random() % 5 != 0, random() % 2 == 0};
    out.push_back(row);
  }
  return out;
}

ClearTable unit_table(const std::vector<UnitRow>& rows) {
  ClearTable table{{{"unit", Type::integer(0, 999'999'999), true},
                    {"dimension", Type::integer(0, 3), true},
                    {"owner", Type::category({"A", "B", "C"}), true},
                    {"second", Type::boolean(), false}},
                   {},
                   {}};
  for (const UnitRow& row : rows)
    table.add({row.unit, row.dimension, row.owner, row.second ? 1 : 0}, row.valid);
  return table;
}

// Codes 3, 0, 1: 2 is no heading, the order is the printing order.
const std::vector<int64_t> kCodes = {3, 0, 1};

TEST_P(Units, DistinctAndOwnersAgreeWithLoops) {
  const auto [count, nulls] = GetParam();
  const std::vector<UnitRow> rows = unit_rows(count, nulls, 11 + count + static_cast<uint64_t>(nulls));
  const oblivious::SharedTables shares = oblivious::share_table(unit_table(rows), 5);
  const auto run = testing::run_three([&](Session& session) {
    const SharedTable& table = shares[static_cast<size_t>(session.party())];
    const std::vector<CellDimension> dimensions = {{&table.columns[1], kCodes, false}};
    const SharedBits second = mpc::and_(session, table.valid, table.columns[3].value);
    auto counts = distinct_per_cell(session, {&table.columns[0], dimensions, 0}, {table.valid, second});
    auto with_nulls =
        distinct_per_cell(session, {&table.columns[0], dimensions, kLargestHousehold}, {table.valid, second});
    counts.insert(counts.end(), with_nulls.begin(), with_nulls.end());
    const auto owners = owner_counts(session, "t", table.columns[2], dimensions, second);
    EXPECT_EQ(owners.table, "t");
    counts.insert(counts.end(), owners.count.begin(), owners.count.end());
    return counts;
  });
  ASSERT_EQ(run[0].size(), 7U);
  for (size_t c = 0; c < kCodes.size(); ++c) {
    std::set<int64_t> units[2];
    uint64_t without_unit[2] = {0, 0}, owners[3] = {0, 0, 0};
    for (const UnitRow& row : rows)
      for (int indicator = 0; indicator < 2; ++indicator) {
        if (!row.valid || row.dimension != kCodes[c] || (indicator == 1 && !row.second)) continue;
        if (row.unit)
          units[indicator].insert(*row.unit);
        else
          ++without_unit[indicator];
        if (indicator == 1 && row.owner) ++owners[*row.owner];
      }
    const auto opened = [&](size_t i) {
      return testing::reconstruct({run[0][i], run[1][i], run[2][i]}).row_value(c);
    };
    EXPECT_EQ(opened(0), units[0].size());
    EXPECT_EQ(opened(1), units[1].size());
    EXPECT_EQ(opened(2), units[0].size() + without_unit[0] / 16);
    EXPECT_EQ(opened(3), units[1].size() + without_unit[1] / 16);
    for (size_t o = 0; o < 3; ++o) EXPECT_EQ(opened(4 + o), owners[o]);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Units,
                         ::testing::Combine(::testing::Values<size_t>(0, 1, 15, 16, 17, 64, 100, 400, 5000),
                                            ::testing::Values(0, 30, 100)));

// The group that stands last in the order counts like any other, also if it is the only one.
TEST(UnitsOfFewRows, TheLastGroupCounts) {
  for (const size_t rows : {1, 2, 3, 64, 65}) {
    std::vector<UnitRow> all;
    for (size_t r = 0; r < rows; ++r) all.push_back({static_cast<int64_t>(r / 2), 3, 0, true, true});
    const oblivious::SharedTables shares = oblivious::share_table(unit_table(all), 6);
    const auto run = testing::run_three([&](Session& session) {
      const SharedTable& table = shares[static_cast<size_t>(session.party())];
      return distinct_per_cell(session, {&table.columns[0], {{&table.columns[1], kCodes, false}}, 0},
                               {table.valid});
    });
    EXPECT_EQ(testing::reconstruct({run[0][0], run[1][0], run[2][0]}).row_value(0), (rows + 1) / 2) << rows;
  }
}

}  // namespace
}  // namespace sluis::engine
