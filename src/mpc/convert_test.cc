#include "mpc/convert.h"

#include <gtest/gtest.h>

#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

template <typename T>
class Convert : public ::testing::Test {};
using Rings = ::testing::Types<uint32_t, uint64_t>;
TYPED_TEST_SUITE(Convert, Rings);

template <typename T>
std::vector<T> random_ring(size_t n, uint64_t seed) {
  std::vector<T> v;
  for (uint64_t value : row_values(random_bits(n, 64, seed))) v.push_back(static_cast<T>(value));
  for (size_t i = 0; i < std::min<size_t>(n, 4); ++i) v[i] = static_cast<T>(i - 2);  // -2, -1, 0, 1
  return v;
}

constexpr size_t kRows[] = {0, 1, 63, 64, 65, 4095, 4096, 4097, 10000};

TYPED_TEST(Convert, BitsBecomeZeroAndOne) {
  for (size_t n : kRows) {
    const Bits a = random_bits(n, 1, 1);
    const auto x = share(a, 2);
    const auto run = run_measured([&](Session& s) { return bit_to_ring<TypeParam>(s, x[index(s)]); });
    EXPECT_EQ(run.measured, cost_bit_to_ring(n, sizeof(TypeParam)));
    const auto z = reconstruct_ring(run.results);
    for (size_t r = 0; r < n; ++r) ASSERT_EQ(z[r], a.get(r, 0));
  }
}

TYPED_TEST(Convert, ValuesKeepTheirValueInBothForms) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{65}, size_t{4097}})
    for (size_t w : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{20}, 8 * sizeof(TypeParam)}) {
      const Bits a = random_bits(n, w, 3);
      const auto x = share(a, 4);
      for (RingForm form : {RingForm::kByCost, RingForm::kBitwise, RingForm::kAdder}) {
        const auto run =
            run_measured([&](Session& s) { return bits_to_ring<TypeParam>(s, x[index(s)], form); });
        EXPECT_EQ(run.measured, cost_bits_to_ring(n, w, sizeof(TypeParam), form)) << n << " x " << w;
        const auto z = reconstruct_ring(run.results);
        for (size_t r = 0; r < n; ++r)
          ASSERT_EQ(z[r], static_cast<TypeParam>(a.row_value(r))) << n << " x " << w;
      }
    }
  const uint64_t many = kBitwiseBytes;
  EXPECT_EQ(cost_bits_to_ring(many, 20, 8), cost_bits_to_ring(many, 20, 8, RingForm::kAdder));
  EXPECT_EQ(cost_bits_to_ring(100, 20, 8), cost_bits_to_ring(100, 20, 8, RingForm::kBitwise));
}

TYPED_TEST(Convert, RingToBitsAndSign) {
  constexpr size_t k = 8 * sizeof(TypeParam);
  for (size_t n : kRows) {
    const auto v = random_ring<TypeParam>(n, 5);
    const auto x = share_ring(v, 6);
    const auto run = run_measured([&](Session& s) { return ring_to_bits(s, x[index(s)]); });
    EXPECT_EQ(run.measured, cost_ring_to_bits(n, sizeof(TypeParam)));
    const Bits z = reconstruct(run.results);
    ASSERT_EQ(z.planes(), k);
    for (size_t r = 0; r < n; ++r) ASSERT_EQ(z.row_value(r), v[r]);
    for (CompareDepth depth : {CompareDepth::kRipple, CompareDepth::kShallow}) {
      const auto sign = run_measured([&](Session& s) { return ring_negative(s, x[index(s)], depth); });
      EXPECT_EQ(sign.measured, cost_ring_negative(n, sizeof(TypeParam), depth));
      const Bits negative = reconstruct(sign.results);
      for (size_t r = 0; r < n; ++r) ASSERT_EQ(negative.get(r, 0), v[r] >> (k - 1) != 0) << v[r];
    }
  }
}

TYPED_TEST(Convert, ProductsAndInjection) {
  for (size_t n : kRows) {
    const auto v = random_ring<TypeParam>(n, 7), w = random_ring<TypeParam>(n, 8);
    const Bits b = random_bits(n, 1, 9);
    const auto x = share_ring(v, 10), y = share_ring(w, 11);
    const auto bit = share(b, 12);
    const auto product = run_measured([&](Session& s) { return multiply(s, x[index(s)], y[index(s)]); });
    EXPECT_EQ(product.measured, cost_multiply_ring(n, sizeof(TypeParam)));
    const auto injected = run_measured([&](Session& s) { return inject(s, bit[index(s)], x[index(s)]); });
    EXPECT_EQ(injected.measured, cost_inject(n, sizeof(TypeParam)));
    const auto z = reconstruct_ring(product.results), kept = reconstruct_ring(injected.results);
    for (size_t r = 0; r < n; ++r) {
      ASSERT_EQ(z[r], static_cast<TypeParam>(v[r] * w[r]));
      ASSERT_EQ(kept[r], b.get(r, 0) ? v[r] : 0);
    }
  }
}

// The published figures: B/row per party, mean of three.
TEST(ConvertCost, AsPublished) {
  const uint64_t n = 64 * 1000;
  EXPECT_EQ(cost_bit_to_ring(n, 8).mean(), 8 * n);
  EXPECT_EQ(cost_inject(n, 8).mean(), 16 * n);
  EXPECT_EQ(cost_ring_to_bits(n, 8).total(), (4 * 64 - 3) * n / 8);
  EXPECT_EQ(cost_ring_to_bits(n, 8).rounds, 64u);
  EXPECT_LE(cost_ring_negative(n, 8).mean(), 13 * n + n / 10);
  EXPECT_LE(cost_ring_negative(n, 8).rounds, 9u);
}

}  // namespace
}  // namespace sluis::mpc
