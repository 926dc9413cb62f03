#include "mpc/add.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <bit>

#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }
uint64_t low(uint64_t v, size_t planes) { return planes >= 64 ? v : v & ((uint64_t{1} << planes) - 1); }

TEST(Add, SumsAndDifferencesWrapAround) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{65}, size_t{4097}})
    for (size_t w : {size_t{0}, size_t{1}, size_t{2}, size_t{17}, size_t{64}}) {
      const Bits a = random_bits(n, w, 1), b = random_bits(n, w, 2);
      const auto x = share(a, 3), y = share(b, 4);
      for (bool carry : {false, true}) {
        const auto run = run_measured([&](Session& s) { return add(s, x[index(s)], y[index(s)], carry); });
        EXPECT_EQ(run.measured, cost_add(n, w));
        if (n > 0 && w > 0) {
          EXPECT_EQ(run.measured.rounds, w - 1);
        }
        const Bits z = reconstruct(run.results);
        for (size_t r = 0; r < n; ++r)
          ASSERT_EQ(z.row_value(r), low(a.row_value(r) + b.row_value(r) + carry, w));
      }
      const auto run = run_measured([&](Session& s) { return subtract(s, x[index(s)], y[index(s)]); });
      EXPECT_EQ(run.measured, cost_add(n, w));
      const Bits z = reconstruct(run.results);
      for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.row_value(r), low(a.row_value(r) - b.row_value(r), w));
      for (uint64_t c : {uint64_t{0}, uint64_t{1}, uint64_t{0x123456789}, ~uint64_t{0}}) {
        const auto sum = run_measured([&](Session& s) { return add_constant(s, x[index(s)], c); });
        EXPECT_EQ(sum.measured, cost_add_constant(n, w, c));
        const Bits v = reconstruct(sum.results);
        for (size_t r = 0; r < n; ++r) ASSERT_EQ(v.row_value(r), low(a.row_value(r) + c, w));
      }
    }
}

TEST(Add, ProductsByConstantsAndEachOther) {
  const size_t n = 300;
  for (size_t w : {size_t{1}, size_t{5}, size_t{20}}) {
    const Bits a = random_bits(n, w, 5), b = random_bits(n, 7, 6);
    const auto x = share(a, 7), y = share(b, 8);
    for (size_t planes : {w, w + 3, size_t{60}})
      for (uint64_t c : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{3}, uint64_t{5}, uint64_t{7},
                         uint64_t{0xABCDEF}, uint64_t{0xFFFFFFFF}, ~uint64_t{0}}) {
        const auto run =
            run_measured([&](Session& s) { return multiply_constant(s, x[index(s)], c, planes); });
        EXPECT_EQ(run.measured, cost_multiply_constant(n, w, c, planes));
        const Bits z = reconstruct(run.results);
        for (size_t r = 0; r < n; ++r)
          ASSERT_EQ(z.row_value(r), low(a.row_value(r) * c, planes)) << w << " " << planes << " " << c;
      }
    for (size_t planes : {size_t{3}, w + 7, size_t{40}}) {
      const auto run =
          run_measured([&](Session& s) { return multiply(s, x[index(s)], y[index(s)], planes); });
      EXPECT_EQ(run.measured, cost_multiply(n, w, 7, planes));
      const Bits z = reconstruct(run.results);
      for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.row_value(r), low(a.row_value(r) * b.row_value(r), planes));
    }
  }
}

TEST(Add, PowersOfTwoCostNothing) {
  EXPECT_EQ(cost_multiply_constant(100, 20, 64, 30), Cost{});
  EXPECT_EQ(cost_divide_constant(100, 20, 8), Cost{});
  EXPECT_EQ(cost_divide_constant(100, 20, uint64_t{1} << 20), Cost{});
}

TEST(Add, DivisionIsExactOnAllSmallNumbers) {
  for (size_t w : {size_t{0}, size_t{1}, size_t{4}, size_t{8}}) {
    std::vector<uint64_t> values;
    for (uint64_t i = 0; i < uint64_t{1} << w; ++i) values.push_back(i);
    const auto x = share(bits_of(values, w), 9);
    for (uint64_t d = 1; d < 40; d += d < 12 ? 1 : 5) {
      const auto run = run_measured([&](Session& s) { return divide_constant(s, x[index(s)], d); });
      EXPECT_EQ(run.measured, cost_divide_constant(values.size(), w, d));
      const Bits z = reconstruct(run.results);
      for (size_t v = 0; v < values.size(); ++v)
        ASSERT_EQ(z.row_value(v), v / d) << w << ": " << v << " / " << d;
    }
  }
}

// Near multiples of the divisor at full width, where a reciprocal that is one too small or too large shows.
TEST(Add, DivisionIsExactAtFortyPlanes) {
  const uint64_t top = (uint64_t{1} << 40) - 1;
  for (uint64_t d : {uint64_t{3}, uint64_t{5}, uint64_t{7}, uint64_t{10}, uint64_t{365}, uint64_t{641},
                     (uint64_t{1} << 39) + 1, top}) {
    std::vector<uint64_t> values = {0, 1, top, top - 1};
    for (uint64_t q : {uint64_t{1}, uint64_t{2}, top / d / 2, top / d - 1, top / d})
      for (uint64_t v : {q * d - 1, q * d, q * d + 1}) values.push_back(std::min(v, top));
    const auto x = share(bits_of(values, 40), 10);
    const Bits z = reconstruct(run_three([&](Session& s) { return divide_constant(s, x[index(s)], d); }));
    for (size_t r = 0; r < values.size(); ++r)
      ASSERT_EQ(z.row_value(r), values[r] / d) << values[r] << " / " << d;
  }
}

int64_t expected_quotient(int64_t x, int64_t d, bool nearest) {
  const int64_t magnitude = x < 0 ? -x : x;
  const int64_t quotient = (magnitude + (nearest ? d / 2 : 0)) / d;
  return x < 0 ? -quotient : quotient;
}

TEST(Add, SignedDivisionTruncatesOrRoundsAwayFromZero) {
  for (size_t w : {size_t{1}, size_t{2}, size_t{5}, size_t{8}}) {
    std::vector<uint64_t> values;
    for (uint64_t i = 0; i < uint64_t{1} << w; ++i) values.push_back(i);
    const auto x = share(bits_of(values, w), 19);
    for (const bool nearest : {false, true})
      for (const bool is_signed : {false, true})
        for (uint64_t d : {1, 2, 3, 7, 10, 16, 64, 100, 127, 128, 129, 255, 256, 300, 1000}) {
          const Division division{d, is_signed, nearest};
          const auto run =
              run_measured([&](Session& s) { return divide_constant(s, x[index(s)], division); });
          EXPECT_EQ(run.measured, cost_divide_constant(values.size(), w, division));
          const Bits z = reconstruct(run.results);
          for (uint64_t v : values) {
            const bool negative = is_signed && (v >> (w - 1)) != 0;
            const int64_t number = static_cast<int64_t>(v) - (negative ? int64_t{1} << w : 0);
            const int64_t quotient = expected_quotient(number, static_cast<int64_t>(d), nearest);
            ASSERT_EQ(z.row_value(v), low(static_cast<uint64_t>(quotient), w))
                << number << " / " << d << (nearest ? " nearest" : "");
          }
        }
  }
}

// Halves, and numbers beside multiples, of powers of ten at the widest column.
TEST(Add, SignedDivisionIsExactAtSixtyTwoPlanes) {
  constexpr size_t kWidth = 62;
  const int64_t top = (int64_t{1} << (kWidth - 1)) - 1;
  std::mt19937_64 random(23);
  for (int64_t d : {int64_t{3}, int64_t{10}, int64_t{10'000}, int64_t{1'000'000'000'000}, top - 1, top}) {
    std::vector<int64_t> numbers = {0, 1, top, top - 1};
    for (int i = 0; i < 40; ++i) {
      const int64_t near = static_cast<int64_t>(random() % static_cast<uint64_t>(top / d + 1)) * d;
      for (int64_t v : {near - 1, near, near + d / 2 - 1, near + d / 2, near + d / 2 + 1})
        numbers.push_back(std::clamp<int64_t>(v, 0, top));
    }
    std::vector<uint64_t> values;
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (i % 2 == 1) numbers[i] = -numbers[i];
      values.push_back(low(static_cast<uint64_t>(numbers[i]), kWidth));
    }
    const auto x = share(bits_of(values, kWidth), 29);
    for (const bool nearest : {false, true}) {
      const Division division{static_cast<uint64_t>(d), true, nearest};
      const auto run = run_measured([&](Session& s) { return divide_constant(s, x[index(s)], division); });
      EXPECT_EQ(run.measured, cost_divide_constant(values.size(), kWidth, division));
      const Bits z = reconstruct(run.results);
      for (size_t r = 0; r < values.size(); ++r)
        ASSERT_EQ(z.row_value(r),
                  low(static_cast<uint64_t>(expected_quotient(numbers[r], d, nearest)), kWidth))
            << numbers[r] << " / " << d << (nearest ? " nearest" : "");
    }
  }
}

// Row by row up to 1,472 rows; in units of 64 rows above; in whole blocks from 24 blocks on, with the rows
// after them joining later.
TEST(Popcount, CountsEveryPlane) {
  constexpr size_t kBlocks = 24 * sharing::kBlockRows;
  for (size_t n : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{64}, size_t{65},
                   size_t{1000}, size_t{1472}, size_t{1473}, size_t{4097}, size_t{30000}, kBlocks - 1,
                   kBlocks, kBlocks + 1, size_t{200001}})
    for (size_t w : {size_t{0}, size_t{1}, size_t{5}, size_t{70}}) {
      Bits a = random_bits(n, w, 11);
      for (size_t r = 0; w > 1 && r < n; ++r) {
        a.set(r, 0, true);
        a.set(r, 1, false);
      }
      const auto x = share(a, 12);
      const auto run = run_measured([&](Session& s) { return popcount_planes(s, x[index(s)]); });
      EXPECT_EQ(run.measured, cost_popcount_rows(n, w)) << n << " x " << w;
      const Bits z = reconstruct(run.results);
      ASSERT_EQ(z.rows(), w);
      ASSERT_EQ(z.planes(), count_planes(n));
      for (size_t p = 0; p < w; ++p) {
        uint64_t count = 0;
        for (size_t r = 0; r < n; ++r) count += a.get(r, p);
        ASSERT_EQ(z.row_value(p), count) << n << " plane " << p;
      }
    }
}

TEST(Popcount, CostsAboutOneBitPerInputBit) {
  const Cost cost = cost_popcount_rows(1 << 20, 64);
  EXPECT_LE(cost.rounds, 60u);
  EXPECT_LE(cost.to_prev[0], (uint64_t{1} << 20) * 64 / 8 * 101 / 100);
}

}  // namespace
}  // namespace sluis::mpc
