#include "mpc/shuffle_ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "mpc/convert.h"
#include "mpc/open.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using testing::reconstruct;
using testing::run_three;
using testing::share;

// Bits and elements of one row go to one place, where the three permutations say.
TEST(ShuffleRing, BitsAndElementsMoveTogether) {
  for (const size_t rows : {size_t{0}, size_t{1}, size_t{3}, size_t{64}, size_t{1000}}) {
    std::mt19937_64 random(rows);
    std::array<std::vector<uint32_t>, 3> pi;
    for (auto& permutation : pi) {
      permutation.resize(rows);
      std::iota(permutation.begin(), permutation.end(), 0U);
      std::shuffle(permutation.begin(), permutation.end(), random);
    }
    std::vector<uint64_t> values(rows);
    for (size_t i = 0; i < rows; ++i) values[i] = i;
    const auto numbers = share(testing::bits_of(values, 12), rows + 1);
    struct Moved {
      Bits bits;
      sharing::AlignedRing<uint32_t> ring;
    };
    const auto moved = run_three([&](Session& session) {
      const SharedBits& x = numbers[static_cast<size_t>(session.party())];
      const Shuffle shuffle = make_forced_shuffle(session.party(), pi);
      const MixedRows y = apply(session, shuffle, {x, bits_to_ring<uint32_t>(session, x)});
      return Moved{open_masked(session, y.bits), open_masked(session, y.ring)};
    })[0];
    for (size_t i = 0; i < rows; ++i) {
      const size_t place = pi[2][pi[0][pi[1][i]]];
      ASSERT_EQ(moved.bits.row_value(place), i) << rows;
      ASSERT_EQ(moved.ring[place], i) << rows;
    }
  }
}

TEST(SumsOfProducts, EqualTheLoop) {
  constexpr size_t kTerms = 3, kRows = 100;
  std::mt19937_64 random(4);
  std::vector<uint64_t> x(kTerms * kRows), y(kTerms * kRows);
  for (uint64_t& value : x) value = random() % 4096;
  for (uint64_t& value : y) value = random() % 4096;
  const auto x_shares = share(testing::bits_of(x, 12), 1), y_shares = share(testing::bits_of(y, 12), 2);
  const auto sums = run_three([&](Session& session) {
    const auto i = static_cast<size_t>(session.party());
    return open_masked(session, sums_of_products(session, bits_to_ring<uint32_t>(session, x_shares[i]),
                                                 bits_to_ring<uint32_t>(session, y_shares[i]), kTerms));
  })[2];
  ASSERT_EQ(sums.size(), kRows);
  for (size_t i = 0; i < kRows; ++i) {
    uint32_t sum = 0;
    for (size_t t = 0; t < kTerms; ++t) sum += static_cast<uint32_t>(x[t * kRows + i] * y[t * kRows + i]);
    EXPECT_EQ(sums[i], sum);
  }
}

}  // namespace
}  // namespace sluis::mpc
