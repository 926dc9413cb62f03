// How secret band edges are drawn from the nodes' seeds; the same in guard and reference.
#pragma once

#include <cstddef>

namespace sluis::disclosure {

// Edge of band b in cell c = printed edge + floor(u * round_base / 2^kEdgeBits), u = row b * cells + c of the
// XOR of the three seeds' streams, kEdgeBits wide: uniform over 0..round_base - 1 up to 2^-16.
inline constexpr size_t kEdgeBits = 24;

}  // namespace sluis::disclosure
