#include "crypto/prg.h"

#include <gtest/gtest.h>

#include <numeric>
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

// FIPS-197 appendix A.1: the last round key of the example key.
TEST(PrgKey, ExpandsAsFips197) {
  const PrgKey key = key_of("2b7e151628aed2a6abf7158809cf4f3c");
  EXPECT_EQ(to_hex(std::span(key.round_keys).subspan(16, 16)), "a0fafe1788542cb123a339392a6c7605");
  EXPECT_EQ(to_hex(std::span(key.round_keys).last(16)), "d014f9a8c9ee2589e13f0cc8b6630ca6");
}

// FIPS-197 appendix C.1: the plaintext 00112233445566778899aabbccddeeff taken as counter block.
TEST(Prg, EncryptsTheFips197Block) {
  const PrgKey key = key_of("000102030405060708090a0b0c0d0e0f");
  for (int isa = 0; isa < 4; ++isa) {
    const Kernels* kernels = kernels_at(static_cast<Isa>(isa));
    if (kernels == nullptr) continue;
    std::array<uint8_t, 16> out;
    kernels->fill({key.round_keys.data(), 0x0011223344556677, 0x8899aabbccddeeff}, out.data(), out.size());
    EXPECT_EQ(to_hex(out), "69c4e0d86a7b0430d8cdb78070b4c55a") << kernels->name;
  }
}

}  // namespace
}  // namespace sluis::crypto
