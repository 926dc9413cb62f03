#include "crypto/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace sluis::crypto {
namespace {

PrgKey test_key(uint8_t seed) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = seed;
  return PrgKey(bytes);
}

// The chi-square value that a uniform sample exceeds with probability about 10^-6 (Wilson-Hilferty).
double chi_square_limit(double degrees) {
  const double t = 1 - 2 / (9 * degrees) + 4.75 * std::sqrt(2 / (9 * degrees));
  return degrees * t * t * t;
}

double chi_square(const std::vector<uint64_t>& counts, double expected) {
  double sum = 0;
  for (const uint64_t c : counts)
    sum += (static_cast<double>(c) - expected) * (static_cast<double>(c) - expected);
  return sum / expected;
}

TEST(Permutation, IsAPermutationOfEveryLength) {
  const PrgKey key = test_key(1);
  for (const size_t n : {0, 1, 2, 3, 7, 100, 511, 512, 513, 1000, 65537}) {
    std::vector<uint32_t> order = random_permutation(key, n, n);
    std::sort(order.begin(), order.end());
    std::vector<uint32_t> expected(n);
    std::iota(expected.begin(), expected.end(), 0u);
    EXPECT_EQ(order, expected) << n;
  }
}

TEST(Permutation, DependsOnKeyAndOperationOnly) {
  EXPECT_EQ(random_permutation(test_key(1), 5, 1000), random_permutation(test_key(1), 5, 1000));
  EXPECT_NE(random_permutation(test_key(1), 5, 1000), random_permutation(test_key(1), 6, 1000));
  EXPECT_NE(random_permutation(test_key(1), 5, 1000), random_permutation(test_key(2), 5, 1000));
}

// Draw by draw from the definition, on the stream as prg.h describes it.
TEST(Permutation, FollowsItsDefinition) {
  const PrgKey key = test_key(3);
  const size_t n = 2000;
  std::vector<uint64_t> stream(n + 10);
  prg_fill(key, PrgDomain::kPermutation, 4, 0, std::span<uint64_t>(stream));
  std::vector<uint32_t> expected(n);
  std::iota(expected.begin(), expected.end(), 0u);
  size_t at = 0;
  for (size_t i = n; i > 1; --i) {
    // A rejection has probability below 2^-53 here: none in this stream.
    const auto product = static_cast<unsigned __int128>(stream[at++]) * i;
    std::swap(expected[i - 1], expected[static_cast<size_t>(product >> 64)]);
  }
  EXPECT_EQ(random_permutation(key, 4, n), expected);
}

class SmallPermutation : public testing::TestWithParam<size_t> {};

TEST_P(SmallPermutation, AllOrdersAreEquallyLikely) {
  const size_t n = GetParam();
  const PrgKey key = test_key(4);
  std::map<std::vector<uint32_t>, uint64_t> seen;
  const uint64_t draws = 120'000;
  for (uint64_t operation = 0; operation < draws; ++operation) ++seen[random_permutation(key, operation, n)];
  size_t orders = 1;
  for (size_t i = 2; i <= n; ++i) orders *= i;
  ASSERT_EQ(seen.size(), orders);
  std::vector<uint64_t> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  const double expected = static_cast<double>(draws) / static_cast<double>(orders);
  EXPECT_LT(chi_square(counts, expected), chi_square_limit(static_cast<double>(orders - 1)));
}

INSTANTIATE_TEST_SUITE_P(All, SmallPermutation, testing::Values(2, 3, 4, 5, 6));

// Where each of 1000 elements goes (1000 is not a power of two): all places alike, also pairwise neighbours.
TEST(Permutation, PositionsAreUniform) {
  const size_t n = 1000;
  const PrgKey key = test_key(5);
  std::vector<uint64_t> first(n, 0), last(n, 0), middle(n, 0), cells(100, 0);
  const uint64_t draws = 20'000;
  for (uint64_t operation = 0; operation < draws; ++operation) {
    const std::vector<uint32_t> order = random_permutation(key, operation, n);
    ++first[order[0]];
    ++middle[order[n / 2]];
    ++last[order[n - 1]];
    for (size_t i = 0; i < n; i += 97) ++cells[i * 10 / n * 10 + order[i] * 10 / n];
  }
  for (const auto* counts : {&first, &middle, &last})
    EXPECT_LT(chi_square(*counts, static_cast<double>(draws) / n), chi_square_limit(n - 1));
  // 11 sampled places per draw over 10 rows of cells: row 0 is hit by two of them (0 and 97).
  for (size_t row = 0; row < 10; ++row) {
    const std::vector<uint64_t> counts(cells.begin() + static_cast<ptrdiff_t>(10 * row),
                                       cells.begin() + static_cast<ptrdiff_t>(10 * row + 10));
    const double total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), uint64_t{0}));
    EXPECT_LT(chi_square(counts, total / 10), chi_square_limit(9)) << row;
  }
}

}  // namespace
}  // namespace sluis::crypto
