// Splitting a clear matrix into three replicated shares, and putting shares together. What an owner's laptop
// and an analyst's laptop do; no protocol.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "sharing/bits.h"

namespace sluis::sharing {

// A 16-byte PRG seed from which one share is expanded.
using Seed = std::array<uint8_t, 16>;

// x = F(seed_0) ^ F(seed_1) ^ x_2. P0 stores both seeds, P1 stores seed_1 and x_2, P2 stores x_2 and seed_0:
// two thirds of the data never travel. A seed serves one matrix, once (a corrected delivery gets fresh
// seeds).
struct Split {
  Seed seed_0{}, seed_1{};
  Bits x_2;
};

// Fresh seeds from the system's generator.
Split split(const Bits& clear);
// The share that a seed stands for, of the given shape.
Bits expand(const Seed& seed, size_t rows, size_t planes);
// Party's two shares of a split. REQUIRES: 0 <= party < 3.
SharedBits party_share(const Split& split, int party);

// Three parties' shares -> clear. Every share is held twice; where the two copies differ, one node altered
// it: error S1302.
Result<Bits> combine(const std::array<SharedBits, 3>& shares);

}  // namespace sluis::sharing
