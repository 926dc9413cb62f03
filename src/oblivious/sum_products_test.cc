#include "oblivious/sum_products.h"

#include <gtest/gtest.h>

#include "oblivious/clear_table_test.h"

namespace sluis::oblivious {
namespace {

struct Case {
  size_t rows, cells;
  FactorShape x, y;
};

int64_t value_of(const Bits& planes, size_t row, bool is_signed) {
  uint64_t value = planes.row_value(row);
  const size_t w = planes.planes();
  if (is_signed && w < 64 && (value >> (w - 1) & 1) != 0) value |= ~uint64_t{0} << w;
  return static_cast<int64_t>(value);
}

enum class Fill : uint8_t { kRandom, kZero, kOne };

Bits filled(size_t rows, size_t planes, Fill fill, uint64_t seed) {
  if (fill == Fill::kRandom) return testing::random_bits(rows, planes, seed);
  Bits x(rows, planes);
  for (size_t r = 0; r < rows && fill == Fill::kOne; ++r)
    for (size_t p = 0; p < planes; ++p) x.set(r, p, true);
  return x;
}

auto run_case(const Case& c, Fill fill, uint64_t seed) {
  const Bits one_hot = filled(c.rows, c.cells, fill, seed), x = filled(c.rows, c.x.planes, fill, seed + 1),
             y = filled(c.rows, c.y.planes, fill, seed + 2);
  const auto s = testing::share(one_hot, seed + 3), a = testing::share(x, seed + 4),
             b = testing::share(y, seed + 5);
  auto run = testing::run_measured([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    return sum_products(session, s[i], {&a[i], c.x.is_signed}, {&b[i], c.y.is_signed});
  });
  EXPECT_EQ(run.measured, cost_sum_products(c.rows, c.cells, c.x, c.y)) << c.rows;
  const Bits sums = testing::reconstruct(run.results);
  EXPECT_EQ(sums.rows(), c.cells);
  EXPECT_EQ(sums.planes(), sum_products_planes(c.rows, c.x.planes, c.y.planes));
  std::vector<int64_t> products;
  for (size_t r = 0; r < c.rows; ++r)
    products.push_back(value_of(x, r, c.x.is_signed) * value_of(y, r, c.y.is_signed));
  for (size_t cell = 0; cell < c.cells; ++cell) {
    int64_t sum = 0;
    for (size_t r = 0; r < c.rows; ++r) sum += one_hot.get(r, cell) ? products[r] : 0;
    EXPECT_EQ(value_of(sums, cell, c.x.is_signed || c.y.is_signed), sum)
        << "rows " << c.rows << " seed " << seed;
  }
  return run.traces;
}

TEST(SumProducts, EqualsThePlainLoop) {
  uint64_t seed = 1;
  for (const size_t rows : {0, 1, 2, 3, 63, 64, 65, 500, 1473, 4097, 10'000})
    for (const Fill fill : {Fill::kRandom, Fill::kZero, Fill::kOne})
      run_case({rows, 1, {11, false}, {4, false}}, fill, seed += 10);
  for (const bool x_signed : {false, true})
    for (const bool y_signed : {false, true})
      for (const Fill fill : {Fill::kRandom, Fill::kOne}) {
        run_case({300, 3, {9, x_signed}, {5, y_signed}}, fill, seed += 10);
        run_case({70, 2, {1, x_signed}, {1, y_signed}}, fill, seed += 10);
        run_case({129, 1, {3, x_signed}, {12, y_signed}}, fill, seed += 10);  // the narrower first
      }
  run_case({200, 0, {4, false}, {4, false}}, Fill::kRandom, seed);
}

// More products than are held at once.
TEST(SumProducts, InParts) { run_case({300'000, 40, {24, false}, {3, true}}, Fill::kRandom, 7); }

TEST(SumProducts, MessagesDoNotDependOnData) {
  const Case shape{700, 2, {7, true}, {3, false}};
  const auto expected = run_case(shape, Fill::kRandom, 1);
  EXPECT_EQ(run_case(shape, Fill::kRandom, 2), expected);
  EXPECT_EQ(run_case(shape, Fill::kZero, 3), expected);
}

// 8 M rows of TPC-H Q6: fewer bits than the product first.
TEST(SumProducts, Cost) {
  const uint64_t rows = uint64_t{1} << 20;
  const mpc::Cost cost = cost_sum_products(rows, 1, {24, false}, {4, false});
  EXPECT_LE(cost.to_prev[0], rows / 8 * (4 + 2 * 96) * 102 / 100);
}

}  // namespace
}  // namespace sluis::oblivious
