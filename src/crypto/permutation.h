// Uniform random permutations from the PRG.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crypto/prg.h"

namespace sluis::crypto {

// A uniform permutation of 0..n-1: Fisher-Yates with exact rejection (Lemire 2019), so the only distance from
// uniform is that of AES from random. Consumes the stream (key, kPermutation, operation) from block 0 on, one
// word per draw and one more per rejection; both holders of the key get the same result.
// Element i of the result is the position that i is taken from or goes to, as the caller defines it.
// Not constant-time: memory access depends on the permutation (docs/protocols/prg.md).
// REQUIRES: operation < 2^56, not used for another permutation with this key; n < 2^32.
void random_permutation(const PrgKey& key, uint64_t operation, std::span<uint32_t> out);
std::vector<uint32_t> random_permutation(const PrgKey& key, uint64_t operation, size_t n);

}  // namespace sluis::crypto
