// The pseudo-random generator of all protocols: AES-128 in counter mode (docs/protocols/prg.md).
//
// Counter block, 16 bytes, big-endian:  domain (8 bits) | operation (56 bits) | block index (64 bits).
// Block i of the stream (key, domain, operation) is AES(key, counter block with index i). A stream read as
// words gives two little-endian u64 per block. Every instruction-set level gives the same stream.
//
// REQUIRES of every function here: operation < 2^56; the blocks used do not pass index 2^64 - 1. The caller
// never uses one (key, domain, operation, block) for two purposes, and at most 2^40 blocks per key.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace sluis::crypto {

// Bytes of an AES block. Two u64 words.
inline constexpr size_t kPrgBlockBytes = 16;
inline constexpr size_t kPrgBlockWords = 2;

enum class PrgDomain : uint8_t {
  kZero = 0,         // zero shares: the mask of a multiplication or AND
  kShare = 1,        // random shares
  kMask = 2,         // masks of shuffles and conversions
  kPermutation = 3,  // permutations of shuffles
  kInput = 4,        // seeds of shared inputs
  kNoise = 5,        // disclosure noise
  kCheck = 6,        // verification
};

// An expanded AES-128 key. Wiped on destruction.
struct PrgKey {
  explicit PrgKey(std::span<const uint8_t, 16> key);
  PrgKey(const PrgKey&) = default;
  PrgKey& operator=(const PrgKey&) = default;
  ~PrgKey();

  // The 11 round keys as FIPS-197 orders their bytes; the first is the key itself.
  alignas(16) std::array<uint8_t, 11 * 16> round_keys;
};

// Name of the instruction-set level in use: "base", "avx2", "vaes" or "avx512" (SLUIS_ISA lowers it).
const char* kernel_level();

// out = the stream from block `first_block` on; the last block may be cut off.
void prg_fill(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
              std::span<uint8_t> out);
void prg_fill(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
              std::span<uint64_t> out);

// out ^= the stream, in one pass.
void prg_xor(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
             std::span<uint8_t> out);
void prg_xor(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
             std::span<uint64_t> out);

// out = F(k_own) ^ F(k_next) in domain kZero: the three parties' results XOR to zero.
void prg_zero_share(const PrgKey& k_own, const PrgKey& k_next, uint64_t operation, uint64_t first_block,
                    std::span<uint64_t> out);
// out ^= F(k_own) ^ F(k_next) in domain kZero: masks a sum of local products in one pass.
void prg_xor_zero_share(const PrgKey& k_own, const PrgKey& k_next, uint64_t operation, uint64_t first_block,
                        std::span<uint64_t> out);

}  // namespace sluis::crypto
