#include "mpc/shuffle.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

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

// 4/3 of the data per party, twice the data on the busiest link.
TEST(Shuffle, CostsFourThirdsOfTheData) {
  const Cost cost = cost_shuffle(64 * 100, 50);
  EXPECT_EQ(cost.total(), 4u * 100 * 8 * 50);
  EXPECT_EQ(cost.busiest_link(), 2u * 100 * 8 * 50);
  EXPECT_EQ(cost.rounds, 2u);
}

}  // namespace
}  // namespace sluis::mpc
