#include "crypto/prg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/bytes.h"
#include "crypto/kernel_and.h"
#include "crypto/kernels.h"

namespace sluis::crypto {
namespace {

PrgKey key_of(std::string_view hex) {
  const Bytes bytes = *from_hex(hex);
  return PrgKey(std::span<const uint8_t, 16>(bytes.data(), 16));
}

std::vector<const Kernels*> levels() {
  std::vector<const Kernels*> found;
  for (int isa = 0; isa < 4; ++isa)
    if (const Kernels* kernels = kernels_at(static_cast<Isa>(isa))) found.push_back(kernels);
  return found;
}

std::vector<uint64_t> random_words(std::mt19937_64& rng, size_t n) {
  std::vector<uint64_t> words(n);
  for (uint64_t& w : words) w = rng();
  return words;
}

// FIPS-197 appendix A.1: round keys of the example key.
TEST(PrgKey, ExpandsAsFips197) {
  const PrgKey key = key_of("2b7e151628aed2a6abf7158809cf4f3c");
  EXPECT_EQ(to_hex(std::span(key.round_keys).subspan(16, 16)), "a0fafe1788542cb123a339392a6c7605");
  EXPECT_EQ(to_hex(std::span(key.round_keys).last(16)), "d014f9a8c9ee2589e13f0cc8b6630ca6");
}

// FIPS-197 appendix C.1: the plaintext taken as counter block.
TEST(Prg, EncryptsTheFips197Block) {
  const PrgKey key = key_of("000102030405060708090a0b0c0d0e0f");
  for (const Kernels* kernels : levels()) {
    std::array<uint8_t, 16> out;
    kernels->fill({key.round_keys.data(), 0x0011223344556677, 0x8899aabbccddeeff}, out.data(), out.size());
    EXPECT_EQ(to_hex(out), "69c4e0d86a7b0430d8cdb78070b4c55a") << kernels->name;
  }
}

// SP 800-38A F.5.1, CTR-AES128: the four ciphertext blocks, by XOR into the plaintext.
TEST(Prg, CountsAsSp80038a) {
  const PrgKey key = key_of("2b7e151628aed2a6abf7158809cf4f3c");
  for (const Kernels* kernels : levels()) {
    Bytes text = *from_hex(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    kernels->xor_into({key.round_keys.data(), 0xf0f1f2f3f4f5f6f7, 0xf8f9fafbfcfdfeff}, text.data(),
                      text.size());
    EXPECT_EQ(to_hex(text),
              "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
              "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee")
        << kernels->name;
  }
}

// The public functions put domain and operation where the documentation says.
TEST(Prg, CounterBlockIsDomainOperationIndex) {
  const PrgKey key = key_of("000102030405060708090a0b0c0d0e0f");
  Bytes expected(64), got(64);
  kernels_at(Isa::kBase)
      ->fill({key.round_keys.data(), 0x0400000000ABCDEF, 1000}, expected.data(), expected.size());
  prg_fill(key, PrgDomain::kInput, 0xABCDEF, 1000, std::span<uint8_t>(got));
  EXPECT_EQ(got, expected);
  std::array<uint64_t, 8> words;
  prg_fill(key, PrgDomain::kInput, 0xABCDEF, 1000, std::span<uint64_t>(words));
  EXPECT_EQ(to_hex(ByteSpan(reinterpret_cast<const uint8_t*>(words.data()), 64)), to_hex(expected));
  EXPECT_DEATH(prg_fill(key, PrgDomain::kInput, uint64_t{1} << 56, 0, std::span<uint8_t>(got)), "operation");
}

class KernelLengths : public testing::TestWithParam<size_t> {};

// Every level, against the portable one, at lengths around the kernels' group sizes, and at odd positions.
TEST_P(KernelLengths, AllLevelsGiveOneStream) {
  const size_t n = GetParam();
  const PrgKey a = key_of("00112233445566778899aabbccddeeff");
  const PrgKey b = key_of("ffeeddccbbaa99887766554433221100");
  std::mt19937_64 rng(n + 1);
  const Kernels& base = *kernels_at(Isa::kBase);
  for (const uint64_t block :
       {uint64_t{0}, uint64_t{1}, uint64_t{0xFFFFFFFF}, uint64_t{0xFFFFFFFFFFFF0000}}) {
    const uint64_t head = rng();
    const Bytes before(n + 16, 0x5A);  // 16 bytes that must stay as they are
    Bytes fill = before, flip = before, pair = before, pair_flip = before;
    base.fill({a.round_keys.data(), head, block}, fill.data(), n);
    base.xor_into({a.round_keys.data(), head, block}, flip.data(), n);
    const KernelPair both = {a.round_keys.data(), b.round_keys.data(), head, block};
    base.pair_fill(both, pair.data(), n);
    base.pair_xor(both, pair_flip.data(), n);
    for (const Kernels* k : levels()) {
      Bytes got = before;
      k->fill({a.round_keys.data(), head, block}, got.data(), n);
      EXPECT_EQ(got, fill) << k->name;
      got = before;
      k->xor_into({a.round_keys.data(), head, block}, got.data(), n);
      EXPECT_EQ(got, flip) << k->name;
      got = before;
      k->pair_fill(both, got.data(), n);
      EXPECT_EQ(got, pair) << k->name;
      got = before;
      k->pair_xor(both, got.data(), n);
      EXPECT_EQ(got, pair_flip) << k->name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Prg, KernelLengths,
                         testing::Values(0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256,
                                         257, 511, 512, 513, 1000, 4096, 4097, 32768, 32769, 65536,
                                         262144 + 48, 300001));

// Any cut of a stream at block borders gives the same bytes.
TEST(Prg, StreamsContinueAtAnyBlock) {
  const PrgKey key = key_of("00112233445566778899aabbccddeeff");
  Bytes whole(5000);
  prg_fill(key, PrgDomain::kMask, 5, 7, std::span<uint8_t>(whole));
  for (size_t cut = 16; cut < whole.size(); cut += 16 * 37) {
    Bytes parts(whole.size());
    prg_fill(key, PrgDomain::kMask, 5, 7, std::span(parts).first(cut));
    prg_fill(key, PrgDomain::kMask, 5, 7 + cut / 16, std::span(parts).subspan(cut));
    EXPECT_EQ(parts, whole);
  }
}

TEST(Prg, XorIntoUndoesItself) {
  const PrgKey key = key_of("00112233445566778899aabbccddeeff");
  std::mt19937_64 rng(3);
  const std::vector<uint64_t> original = random_words(rng, 1001);
  std::vector<uint64_t> words = original;
  prg_xor(key, PrgDomain::kMask, 1, 0, std::span<uint64_t>(words));
  EXPECT_NE(words, original);
  prg_xor(key, PrgDomain::kMask, 1, 0, std::span<uint64_t>(words));
  EXPECT_EQ(words, original);
}

TEST(Prg, DomainsOperationsAndKeysGiveDifferentStreams) {
  const PrgKey a = key_of("00112233445566778899aabbccddeeff");
  const PrgKey b = key_of("00112233445566778899aabbccddeefe");
  std::vector<std::string> streams;
  for (const PrgKey* key : {&a, &b})
    for (const PrgDomain domain : {PrgDomain::kZero, PrgDomain::kShare, PrgDomain::kCheck})
      for (const uint64_t operation : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << 56) - 1}) {
        std::array<uint8_t, 16> out;
        prg_fill(*key, domain, operation, 0, std::span<uint8_t>(out));
        streams.push_back(to_hex(out));
      }
  std::sort(streams.begin(), streams.end());
  EXPECT_EQ(std::adjacent_find(streams.begin(), streams.end()), streams.end());
}

TEST(Prg, ZeroSharesOfThreePartiesCancel) {
  const std::array<PrgKey, 3> keys = {key_of("00000000000000000000000000000001"),
                                      key_of("00000000000000000000000000000002"),
                                      key_of("00000000000000000000000000000003")};
  std::vector<uint64_t> sum(777, 0);
  for (size_t i = 0; i < 3; ++i) {
    std::vector<uint64_t> share(sum.size());
    prg_zero_share(keys[i], keys[(i + 1) % 3], 9, 4, share);
    EXPECT_NE(share[0], 0u);
    for (size_t j = 0; j < sum.size(); ++j) sum[j] ^= share[j];
    prg_xor_zero_share(keys[i], keys[(i + 1) % 3], 9, 4, share);
    EXPECT_EQ(share, std::vector<uint64_t>(sum.size(), 0));
  }
  EXPECT_EQ(sum, std::vector<uint64_t>(sum.size(), 0));
}

// Three parties compute x AND y on shares, at every level and length, also in place.
TEST(AndKernel, ThreePartiesGetSharesOfTheProduct) {
  std::mt19937_64 rng(11);
  const std::array<PrgKey, 3> keys = {key_of("10000000000000000000000000000001"),
                                      key_of("20000000000000000000000000000002"),
                                      key_of("30000000000000000000000000000003")};
  for (const size_t n : {0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 1000, 5001}) {
    std::array<std::vector<uint64_t>, 3> x, y;
    for (size_t i = 0; i < 3; ++i) {
      x[i] = random_words(rng, n);
      y[i] = random_words(rng, n);
    }
    std::vector<uint64_t> expected(n), sum(n, 0);
    for (size_t j = 0; j < n; ++j)
      expected[j] = (x[0][j] ^ x[1][j] ^ x[2][j]) & (y[0][j] ^ y[1][j] ^ y[2][j]);
    for (size_t i = 0; i < 3; ++i) {
      const size_t next = (i + 1) % 3;
      std::vector<uint64_t> z(n), mask(n), in_place = x[i];
      AndArgs args = {x[i], x[next], y[i], y[next], z, &keys[i], &keys[next], 77, 10};
      and_kernel(args);
      args.x_own = in_place;
      args.z_out = in_place;
      and_kernel(args);
      EXPECT_EQ(in_place, z);
      prg_zero_share(keys[i], keys[next], 77, 5, mask);
      for (size_t j = 0; j < n; ++j) {
        sum[j] ^= z[j];
        EXPECT_EQ(z[j], mask[j] ^ (x[i][j] & y[i][j]) ^ (x[i][j] & y[next][j]) ^ (x[next][j] & y[i][j]));
      }
    }
    EXPECT_EQ(sum, expected) << n;
  }
}

TEST(AndKernel, AllLevelsAgree) {
  std::mt19937_64 rng(12);
  const PrgKey a = key_of("10000000000000000000000000000001");
  const PrgKey b = key_of("20000000000000000000000000000002");
  for (const size_t n : {1, 2, 5, 16, 31, 32, 33, 64, 100, 4095, 4096, 4097, 9000}) {
    std::array<std::vector<uint64_t>, 4> in;
    for (auto& v : in) v = random_words(rng, n);
    std::vector<uint64_t> expected;
    for (const Kernels* k : levels()) {
      std::vector<uint64_t> z(n + 1, 42);
      k->and_gates({a.round_keys.data(), b.round_keys.data(), 5, 6},
                   {in[0].data(), in[1].data(), in[2].data(), in[3].data(), z.data(), n});
      EXPECT_EQ(z[n], 42u) << k->name;
      if (expected.empty()) expected = z;
      EXPECT_EQ(z, expected) << k->name << n;
    }
  }
}

TEST(AndKernel, RefusesWrongShapes) {
  const PrgKey key = key_of("10000000000000000000000000000001");
  std::vector<uint64_t> four(4), five(5);
  EXPECT_DEATH(and_kernel({four, four, four, five, four, &key, &key, 0, 0}), "size");
  EXPECT_DEATH(and_kernel({four, four, four, four, four, &key, &key, 0, 1}), "first_word");
  EXPECT_DEATH(and_kernel({four, four, four, four, four, &key, nullptr, 0, 0}), "k_next");
}

TEST(RandomShare, NeighboursHoldTheSameWords) {
  const PrgKey a = key_of("10000000000000000000000000000001");
  const PrgKey b = key_of("20000000000000000000000000000002");
  const PrgKey c = key_of("30000000000000000000000000000003");
  std::vector<uint64_t> own0(99), next0(99), own1(99), next1(99), zero(99);
  random_share_words({own0, next0, &a, &b, 3, 8});
  random_share_words({own1, next1, &b, &c, 3, 8});
  EXPECT_EQ(next0, own1);
  EXPECT_NE(own0, next0);
  prg_fill(a, PrgDomain::kZero, 3, 4, std::span<uint64_t>(zero));
  EXPECT_NE(own0, zero);  // not the stream that masks gates
}

// The test program runs once per level (CMakeLists.txt): the environment lowers, and never raises.
TEST(Dispatch, FollowsTheEnvironmentDownwards) {
  const char* wanted = std::getenv("SLUIS_ISA");
  const Kernels* highest = levels().back();
  if (wanted == nullptr) {
    EXPECT_EQ(&active_kernels(), highest);
    return;
  }
  const Kernels* expected = levels().front();
  for (const Kernels* k : levels())
    if (std::string_view(wanted) == k->name) expected = k;
  const bool known = std::string_view(wanted) == expected->name;
  EXPECT_TRUE(&active_kernels() == expected || (!known && &active_kernels() == highest));
}

}  // namespace
}  // namespace sluis::crypto
