#include "oblivious/scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

uint64_t fold_plainly(Fold fold, uint64_t earlier, uint64_t later, size_t planes) {
  switch (fold) {
    case Fold::kMin:
      return std::min(earlier, later);
    case Fold::kMax:
      return std::max(earlier, later);
    case Fold::kSum:
      return (earlier + later) & (planes < 64 ? (uint64_t{1} << planes) - 1 : ~uint64_t{0});
    case Fold::kOr:
      return earlier | later;
    case Fold::kFirst:
      return earlier;
  }
  return 0;
}

struct Column {
  Fold fold;
  size_t planes;
  size_t result_planes = 0;
  bool is_signed = false;
};

void check_scan(size_t rows, const std::vector<Column>& columns, uint64_t seed, int start_every) {
  std::mt19937_64 random(seed);
  Bits starts(rows, 1);
  for (size_t i = 0; i < rows; ++i) starts.set(i, 0, start_every > 0 && random() % start_every == 0);
  std::vector<Bits> values;
  for (const Column& column : columns) values.push_back(testing::random_bits(rows, column.planes, random()));
  const auto start_shares = testing::share(starts, seed);
  std::vector<std::array<SharedBits, 3>> value_shares;
  std::vector<ScanShape> shapes;
  for (size_t c = 0; c < columns.size(); ++c) {
    value_shares.push_back(testing::share(values[c], seed + c + 1));
    shapes.push_back({columns[c].fold, columns[c].planes, columns[c].result_planes, columns[c].is_signed});
  }
  const auto run = testing::run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    std::vector<ScanColumn> scanned;
    for (size_t c = 0; c < columns.size(); ++c) {
      scanned.push_back(
          {columns[c].fold, value_shares[c][i], columns[c].result_planes, columns[c].is_signed});
    }
    return segmented_scan(session, start_shares[i], std::move(scanned));
  });
  EXPECT_EQ(run.measured, cost_segmented_scan(rows, shapes)) << rows;
  for (size_t c = 0; c < columns.size(); ++c) {
    const Bits out = testing::reconstruct({run.results[0][c], run.results[1][c], run.results[2][c]});
    const size_t planes = columns[c].result_planes == 0 ? columns[c].planes : columns[c].result_planes;
    ASSERT_EQ(out.planes(), planes);
    const uint64_t mask = planes < 64 ? (uint64_t{1} << planes) - 1 : ~uint64_t{0};
    uint64_t expected = 0;
    for (size_t i = 0; i < rows; ++i) {
      uint64_t value = values[c].row_value(i);
      if (columns[c].is_signed && (value >> (columns[c].planes - 1)) != 0)
        value |= ~uint64_t{0} << columns[c].planes;
      const bool alone = i == 0 || starts.get(i, 0);
      expected = alone ? value & mask : fold_plainly(columns[c].fold, expected, value & mask, planes);
      ASSERT_EQ(out.row_value(i), expected) << "rows " << rows << " column " << c << " row " << i;
    }
  }
}

TEST(SegmentedScan, EqualsThePlainLoop) {
  const std::vector<Column> columns = {{Fold::kMin, 7},
                                       {Fold::kMax, 16},
                                       {Fold::kSum, 9},
                                       {Fold::kOr, 1},
                                       {Fold::kOr, 5},
                                       {Fold::kFirst, 70 % 64},
                                       {Fold::kSum, 1, 14, false},
                                       {Fold::kSum, 5, 20, true}};
  for (size_t rows = 0; rows <= 70; ++rows) check_scan(rows, columns, rows, 1 + static_cast<int>(rows % 9));
  for (const size_t rows : {size_t{4095}, size_t{4096}, size_t{4097}, size_t{10'000}}) {
    check_scan(rows, columns, rows, 50);
  }
}

TEST(SegmentedScan, OneSegmentAndOnlySegments) {
  for (const size_t rows : {size_t{1}, size_t{2}, size_t{63}, size_t{200}}) {
    check_scan(rows, {{Fold::kSum, 8, 40, true}, {Fold::kMin, 30}}, rows, 0);
    check_scan(rows, {{Fold::kSum, 8, 40, true}, {Fold::kMin, 30}}, rows, 1);
  }
}

TEST(SegmentedScan, ManyRowsUseTheByteOptimum) {
  check_scan(40'000, {{Fold::kSum, 3, 24, false}, {Fold::kMax, 4}}, 5, 100);
}

TEST(SegmentedScan, MessagesDoNotDependOnData) {
  std::optional<std::array<testing::Trace, 3>> expected;
  for (const uint64_t seed : {1, 2, 3}) {
    const auto start = testing::share(testing::random_bits(333, 1, seed), seed);
    const auto value = testing::share(testing::random_bits(333, 12, seed + 7), seed);
    const auto run = testing::run_measured([&](mpc::Session& session) {
      const auto i = static_cast<size_t>(session.party());
      segmented_scan(session, start[i], {{Fold::kMin, value[i]}, {Fold::kSum, value[i], 30}});
    });
    if (!expected) expected = run.traces;
    EXPECT_EQ(run.traces, *expected);
  }
}

}  // namespace
}  // namespace sluis::oblivious
