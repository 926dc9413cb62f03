// Invented plain columns, their shares, and back.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "oblivious/shared_table.h"

namespace sluis::bench {

using Values = std::vector<uint64_t>;
using Shares = std::array<sharing::SharedBits, 3>;

// Uniform values of so many bits (1..64) from a seed.
Values random_values(size_t rows, uint64_t bits, uint64_t seed);
// Three parties' shares of a column of so many planes; fresh randomness.
Shares share_values(const Values& values, uint64_t planes);
// Back to values of at most 64 planes. Errors: S1302.
Result<Values> open_values(const Shares& shares);

}  // namespace sluis::bench
