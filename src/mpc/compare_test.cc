#include "mpc/compare.h"

#include <gtest/gtest.h>

#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

// All pairs of w-bit numbers, as two matrices.
std::pair<Bits, Bits> all_pairs(size_t w) {
  const size_t n = size_t{1} << w;
  std::vector<uint64_t> a, b;
  for (size_t i = 0; i < n * n; ++i) {
    a.push_back(i % n);
    b.push_back(i / n);
  }
  return {bits_of(a, w), bits_of(b, w)};
}

// Every recipe on the front of every width up to 8, on all pairs; and its declared bits and rounds.
TEST(Compare, EveryRecipeIsRightOnAllSmallNumbers) {
  for (size_t w = 1; w <= 8; ++w) {
    const auto [a, b] = all_pairs(w);
    const auto x = share(a, 1), y = share(b, 2);
    for (const CompareChoice& choice : compare_choices(w)) {
      const auto run =
          run_measured([&](Session& s) { return less(s, x[index(s)], y[index(s)], choice.recipe); });
      const Bits z = reconstruct(run.results);
      for (size_t i = 0; i < a.rows(); ++i)
        ASSERT_EQ(z.get(i, 0), a.row_value(i) < b.row_value(i))
            << w << ": " << a.row_value(i) << " < " << b.row_value(i);
      EXPECT_EQ(run.measured.rounds, choice.rounds);
      EXPECT_EQ(run.measured.to_prev[0], choice.bits * ((a.rows() + 63) / 64) * 8);
      EXPECT_EQ(run.measured, cost_less(a.rows(), w, choice.recipe));
    }
  }
}

// The table of protocols.md 4.3.
TEST(Compare, FrontHasThePublishedRoundsAndBits) {
  const auto has = [](uint64_t w, uint64_t rounds, uint64_t bits) {
    for (const CompareChoice& choice : compare_choices(w))
      if (choice.rounds == rounds && choice.bits == bits) return true;
    return false;
  };
  for (auto [rounds, bits] : {std::pair{30, 30}, {11, 32}, {8, 35}, {6, 42}})
    EXPECT_TRUE(has(30, rounds, bits)) << rounds;
  for (auto [rounds, bits] : {std::pair{50, 50}, {10, 58}, {8, 62}})
    EXPECT_TRUE(has(50, rounds, bits)) << rounds;
  for (auto [rounds, bits] : {std::pair{64, 64}, {13, 70}, {10, 76}, {8, 83}})
    EXPECT_TRUE(has(64, rounds, bits)) << rounds;
  for (auto [rounds, bits] : {std::pair{84, 84}, {14, 92}, {10, 99}, {8, 114}})
    EXPECT_TRUE(has(84, rounds, bits)) << rounds;
  EXPECT_TRUE(compare_choices(50).front().rounds <= 7);
  EXPECT_EQ(compare_choice(64, CompareDepth::kRipple).bits, 64u);
  EXPECT_EQ(compare_choice(64, CompareDepth::kGrouped).rounds, 10u);
  EXPECT_EQ(compare_choice(64, CompareDepth::kShallow).rounds, 8u);
}

TEST(Compare, WideNumbersOfAnyRowCount) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{4095}, size_t{4096},
                   size_t{4097}, size_t{10000}})
    for (size_t w : {size_t{0}, size_t{30}, size_t{64}, size_t{100}}) {
      Bits a = random_bits(n, w, 3), b = random_bits(n, w, 4);
      // Make many rows agree on their upper planes, so that low planes decide.
      for (size_t r = 0; r < n; ++r)
        for (size_t p = r % (w + 1); p < w; ++p) b.set(r, p, a.get(r, p));
      const auto x = share(a, 5), y = share(b, 6);
      const auto below = [&](size_t r) {
        for (size_t p = w; p-- > 0;)
          if (a.get(r, p) != b.get(r, p)) return b.get(r, p);
        return false;
      };
      const auto same = [&](size_t r) {
        for (size_t p = 0; p < w; ++p)
          if (a.get(r, p) != b.get(r, p)) return false;
        return true;
      };
      for (CompareDepth depth : {CompareDepth::kRipple, CompareDepth::kGrouped, CompareDepth::kShallow}) {
        const auto run = run_measured([&](Session& s) { return less(s, x[index(s)], y[index(s)], depth); });
        EXPECT_EQ(run.measured, cost_less(n, w, depth));
        const Bits z = reconstruct(run.results);
        for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.get(r, 0), below(r)) << n << " x " << w << " row " << r;
      }
      const auto run = run_measured([&](Session& s) { return equal(s, x[index(s)], y[index(s)]); });
      EXPECT_EQ(run.measured, cost_equal(n, w));
      if (n > 0 && w > 0) {
        EXPECT_EQ(run.measured.to_prev[1], 8 * (w - 1) * ((n + 63) / 64));
      }
      const Bits z = reconstruct(run.results);
      for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.get(r, 0), same(r)) << n << " x " << w << " row " << r;
    }
}

TEST(Compare, ConstantsOfEverySmallWidth) {
  for (size_t w = 0; w <= 6; ++w) {
    std::vector<uint64_t> values, constants;
    for (uint64_t i = 0; i < uint64_t{1} << w; ++i) values.push_back(i);
    for (uint64_t c = 0; c < (uint64_t{1} << w) + 2; ++c) constants.push_back(c);
    constants.push_back(~uint64_t{0});
    const auto x = share(bits_of(values, w), 7);
    const auto run = run_measured([&](Session& s) { return less_constants(s, x[index(s)], constants); });
    EXPECT_EQ(run.measured, cost_less_constants(values.size(), w, constants));
    const Bits z = reconstruct(run.results);
    for (size_t v = 0; v < values.size(); ++v)
      for (size_t c = 0; c < constants.size(); ++c)
        ASSERT_EQ(z.get(v, c), v < constants[c]) << w << " " << v << " " << c;
    for (uint64_t c : constants) {
      const Bits e = reconstruct(run_three([&](Session& s) { return equal_constant(s, x[index(s)], c); }));
      for (size_t v = 0; v < values.size(); ++v) ASSERT_EQ(e.get(v, 0), v == c);
    }
  }
}

TEST(Compare, ConstantsOfFullWordsCostAtMostOneBitPerPlaneAndSome) {
  const size_t n = 500;
  const Bits a = random_bits(n, 64, 8);
  const auto x = share(a, 9);
  std::vector<uint64_t> constants = {0, 1, uint64_t{1} << 63, 0x8000000000000001ull, ~uint64_t{0}};
  for (size_t r = 0; r < 20; ++r) constants.push_back(a.row_value(r) + r % 3 - 1);
  const auto run = run_measured([&](Session& s) { return less_constants(s, x[index(s)], constants); });
  EXPECT_EQ(run.measured, cost_less_constants(n, 64, constants));
  EXPECT_LE(run.measured.rounds, 10u);
  const Bits z = reconstruct(run.results);
  for (size_t r = 0; r < n; ++r)
    for (size_t c = 0; c < constants.size(); ++c) ASSERT_EQ(z.get(r, c), a.row_value(r) < constants[c]);
  const uint64_t one[] = {0x0123456789ABCDEFull};
  EXPECT_LE(cost_less_constants(64, 64, one).to_prev[0], 8u * 80);
  const uint64_t round_number[] = {uint64_t{5} << 61};  // three bits decide
  EXPECT_LE(cost_less_constants(64, 64, round_number).to_prev[0], 8u * 3);
}

}  // namespace
}  // namespace sluis::mpc
