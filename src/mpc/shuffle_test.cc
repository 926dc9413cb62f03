#include "mpc/shuffle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

struct Shuffled {
  SharedBits z, back;
  std::array<std::vector<uint32_t>, 3> pi;  // the two that this party knows
};

Shuffled shuffle_once(Session& s, const SharedBits& x) {
  const Shuffle shuffle = make_shuffle(s, x.rows());
  Shuffled out{apply(s, shuffle, x), {}, {}};
  out.back = apply_inverse(s, shuffle, out.z);
  for (int j : {s.party(), (s.party() + 1) % 3}) out.pi[static_cast<size_t>(j)] = shuffle.permutation(j);
  return out;
}

TEST(Shuffle, RowsMoveByPi2Pi0Pi1AndBack) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{2}, size_t{65}, size_t{4097}, size_t{10000}})
    for (size_t w : {size_t{0}, size_t{1}, size_t{50}, size_t{64}, size_t{130}}) {
      const Bits a = random_bits(n, w, 1);
      const auto x = share(a, 2);
      const auto run = run_measured([&](Session& s) { return shuffle_once(s, x[index(s)]); });
      EXPECT_EQ(run.measured, cost_shuffle(n, w) + cost_shuffle_inverse(n, w));
      const auto& [r0, r1, r2] = run.results;
      for (size_t j = 0; j < 3; ++j) ASSERT_EQ(run.results[j].pi[j], run.results[(j + 2) % 3].pi[j]);
      const Bits z = reconstruct({r0.z, r1.z, r2.z}), back = reconstruct({r0.back, r1.back, r2.back});
      for (size_t i = 0; i < n; ++i) {
        const size_t to = r2.pi[2][r0.pi[0][r0.pi[1][i]]];
        for (size_t p = 0; p < w; ++p) {
          ASSERT_EQ(z.get(to, p), a.get(i, p)) << n << " x " << w << " row " << i;
          ASSERT_EQ(back.get(i, p), a.get(i, p));
        }
      }
    }
}

TEST(Shuffle, ForcedPermutationsAreUsed) {
  const std::array<std::vector<uint32_t>, 3> pi = {{{1, 2, 0}, {0, 2, 1}, {2, 1, 0}}};
  const auto x = share(bits_of({5, 6, 7}, 3), 3);
  const auto z = reconstruct(
      run_three([&](Session& s) { return apply(s, make_forced_shuffle(s.party(), pi), x[index(s)]); }));
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(z.row_value(pi[2][pi[0][pi[1][i]]]), 5 + i);
}

// What apply_batch and apply_inverse_batch promise: matrices of one and several groups of planes, missing
// rows, a public order, part of the result; cost exact; no PRG block twice.
TEST(Shuffle, SeveralMatricesWithAPublicOrder) {
  for (const size_t n : {size_t{1}, size_t{63}, size_t{4097}, size_t{9000}}) {
    std::vector<uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), std::mt19937_64(n));
    const size_t first = n / 3, wanted = n / 2;
    const Bits a = random_bits(n, 130, 1), b = random_bits(n - n / 4, 7, 2);
    const auto xa = share(a, 3), xb = share(b, 4);
    struct Out {
      std::vector<SharedBits> there, back;
      std::array<std::vector<uint32_t>, 3> pi;
    };
    const auto run = run_measured([&](Session& s) {
      const Shuffle shuffle = make_shuffle(s, n);
      const std::array<const SharedBits*, 2> x = {&xa[index(s)], &xb[index(s)]};
      Out out{apply_batch(s, shuffle, x, {order, first, wanted}), {}, {}};
      out.back = apply_inverse_batch(s, shuffle, x, {order, first, wanted});
      for (int j : {s.party(), (s.party() + 1) % 3}) out.pi[static_cast<size_t>(j)] = shuffle.permutation(j);
      return out;
    });
    EXPECT_EQ(run.measured, cost_shuffle(n, 137, wanted) + cost_shuffle_inverse(n, 137, wanted));
    const auto& r = run.results;
    std::vector<size_t> pi(n), came(n);  // where row i goes; which row came to place i
    for (size_t i = 0; i < n; ++i) {
      pi[i] = r[2].pi[2][r[0].pi[0][r[0].pi[1][i]]];
      came[pi[i]] = i;
    }
    std::vector<size_t> place(n);  // of the row that the order puts at each place
    for (size_t i = 0; i < n; ++i) place[order[i]] = i;
    for (size_t m = 0; m < 2; ++m) {
      const Bits& clear = m == 0 ? a : b;
      const auto get = [&](size_t row, size_t p) { return row < clear.rows() && clear.get(row, p); };
      const Bits there = reconstruct({r[0].there[m], r[1].there[m], r[2].there[m]});
      const Bits back = reconstruct({r[0].back[m], r[1].back[m], r[2].back[m]});
      ASSERT_EQ(there.rows(), wanted);
      for (size_t i = 0; i < wanted; ++i)
        for (size_t p = 0; p < clear.planes(); ++p) {
          ASSERT_EQ(there.get(i, p), get(came[order[first + i]], p)) << n << " " << m << " " << i;
          ASSERT_EQ(back.get(i, p), get(place[pi[first + i]], p)) << n << " " << m << " " << i;
        }
    }
  }
}

// 4/3 of the data per party, twice the data on the busiest link.
TEST(Shuffle, CostsFourThirdsOfTheData) {
  const Cost cost = cost_shuffle(64 * 100, 50);
  EXPECT_EQ(cost.total(), 4u * 100 * 8 * 50);
  EXPECT_EQ(cost.busiest_link(), 2u * 100 * 8 * 50);
  EXPECT_EQ(cost.rounds, 2u);
}

// ---- uniformity

using Permutation = std::vector<uint32_t>;

// pi = pi_2 pi_0 pi_1 of many shuffles of n rows. Party 0's keys (k_0, k_1) come from one seed, k_2 from
// another, so that one of them can be held fixed.
template <typename Each>
void draw_shuffles(size_t n, size_t samples, uint64_t seed_01, uint64_t seed_2, Each each) {
  auto meshes = net::make_memory_meshes();
  const SessionKeys a = seeded_keys(0, seed_01), b = seeded_keys(1, seed_2);
  Session p0(*meshes[0], a), p1(*meshes[1], SessionKeys{a.next, b.next});
  for (size_t i = 0; i < samples; ++i) {
    const Shuffle s0 = make_shuffle(p0, n), s1 = make_shuffle(p1, n);
    Permutation pi(n);
    for (size_t r = 0; r < n; ++r) pi[r] = s1.permutation(2)[s0.permutation(0)[s0.permutation(1)[r]]];
    each(pi);
  }
}

double chi_square(const std::vector<double>& observed, double expected) {
  double sum = 0;
  for (double o : observed) sum += (o - expected) * (o - expected) / expected;
  return sum;
}

// Six standard deviations above the mean of a chi-square with so many degrees of freedom and some more, as
// the tail is heavier for few degrees.
double limit(double degrees) { return degrees + 6 * std::sqrt(2 * degrees) + 20; }

TEST(ShuffleUniformity, AllPermutationsOfTwoToSixRows) {
  for (size_t n = 2; n <= 6; ++n) {
    size_t factorial = 1;
    for (size_t i = 2; i <= n; ++i) factorial *= i;
    const size_t samples = 200 * factorial;
    std::map<Permutation, double> count;
    draw_shuffles(n, samples, 11, 12, [&](const Permutation& pi) { ++count[pi]; });
    EXPECT_EQ(count.size(), factorial) << n;
    std::vector<double> observed;
    for (const auto& [pi, times] : count) observed.push_back(times);
    EXPECT_LT(chi_square(observed, 200), limit(static_cast<double>(factorial - 1))) << n;
  }
}

// To a party that knows two of the three permutations, the third alone makes all orders equally likely.
TEST(ShuffleUniformity, TheUnknownPermutationAloneIsUniform) {
  const size_t n = 5, factorial = 120;
  for (int missing = 0; missing < 3; ++missing) {
    std::map<Permutation, double> count;
    auto meshes = net::make_memory_meshes();
    Session holder(*meshes[static_cast<size_t>(missing)], seeded_keys(missing, 13));
    const Permutation p = {3, 1, 4, 0, 2}, q = {1, 2, 3, 4, 0};
    for (size_t i = 0; i < 200 * factorial; ++i) {
      const Shuffle s = make_shuffle(holder, n);
      std::array<Permutation, 3> all = {p, q, p};
      all[static_cast<size_t>(missing)] = s.permutation(missing);
      Permutation pi(n);
      for (size_t r = 0; r < n; ++r) pi[r] = all[2][all[0][all[1][r]]];
      ++count[pi];
    }
    std::vector<double> observed;
    for (const auto& [pi, times] : count) observed.push_back(times);
    EXPECT_EQ(count.size(), factorial);
    EXPECT_LT(chi_square(observed, 200), limit(119)) << missing;
  }
}

// 1000 rows is not a power of two: a biased draw shows in where rows go and how far.
TEST(ShuffleUniformity, PositionsOfAThousandRows) {
  const size_t n = 1000, samples = 20'000;
  std::vector<double> first(n), last(n), moved(n);
  draw_shuffles(n, samples, 14, 15, [&](const Permutation& pi) {
    ++first[pi[0]];
    ++last[pi[n - 1]];
    for (size_t r = 0; r < n; ++r) ++moved[(pi[r] + n - r) % n];
  });
  const double expected = static_cast<double>(samples) / n;
  EXPECT_LT(chi_square(first, expected), limit(n - 1));
  EXPECT_LT(chi_square(last, expected), limit(n - 1));
  EXPECT_LT(chi_square(moved, static_cast<double>(samples)), limit(n - 1));
}

TEST(ShuffleUniformity, EveryShuffleOfASessionIsAnother) {
  std::vector<Permutation> seen;
  draw_shuffles(100, 50, 16, 17, [&](const Permutation& pi) {
    for (const Permutation& other : seen) EXPECT_NE(other, pi);
    seen.push_back(pi);
  });
}

}  // namespace
}  // namespace sluis::mpc
