#include "sharing/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>

namespace sluis::sharing {
namespace {

Bits random_bits(size_t rows, size_t planes, uint64_t seed) {
  std::mt19937_64 engine(seed);
  Bits x(rows, planes);
  for (uint64_t& word : x.words()) word = engine();
  return x;
}

std::array<SharedBits, 3> shares_of(const Split& s) {
  return {party_share(s, 0), party_share(s, 1), party_share(s, 2)};
}

TEST(Split, SharesCombineToTheClearMatrix) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{64}, size_t{65}, size_t{4097}}) {
    const Bits x = random_bits(n, 5, n);
    const Result<Bits> back = combine(shares_of(split(x)));
    ASSERT_TRUE(back.ok());
    ASSERT_TRUE(back->same_shape(x));
    for (size_t r = 0; r < n; ++r) ASSERT_EQ(back->row_value(r), x.row_value(r));
  }
}

// Every single share of an all-zero matrix looks uniform, and two splits of one matrix share nothing.
TEST(Split, SharesAreUniformAndFresh) {
  const Bits zero(64 * 1000, 1);
  const auto first = shares_of(split(zero)), second = shares_of(split(zero));
  for (size_t i = 0; i < 3; ++i) {
    size_t ones = 0, equal = 0;
    const auto a = first[i].own.words(), b = second[i].own.words();
    for (size_t w = 0; w < a.size(); ++w) {
      ones += static_cast<size_t>(std::popcount(a[w]));
      equal += a[w] == b[w];
    }
    EXPECT_NEAR(static_cast<double>(ones), 32000, 6 * 126.5);
    EXPECT_EQ(equal, 0u);
  }
}

TEST(Split, ATailOfTheClearMatrixIsNotShared) {
  Bits x(3, 1);
  x.words()[0] = ~uint64_t{0};
  const auto s = shares_of(split(x));
  EXPECT_EQ(s[0].own.words()[0] ^ s[1].own.words()[0] ^ s[2].own.words()[0], 7u);
}

TEST(Split, OneAlteredCopyIsDetectedWhicheverItIs) {
  const Bits x = random_bits(100, 3, 1);
  for (size_t party = 0; party < 3; ++party)
    for (bool own : {true, false}) {
      auto s = shares_of(split(x));
      Bits& part = own ? s[party].own : s[party].next;
      part.set(99, 2, !part.get(99, 2));
      const Result<Bits> back = combine(s);
      ASSERT_FALSE(back.ok());
      EXPECT_EQ(back.error().code(), "S1302");
    }
  auto cut = shares_of(split(x));
  cut[1].own = Bits(99, 3);
  EXPECT_FALSE(combine(cut).ok());
}

}  // namespace
}  // namespace sluis::sharing
