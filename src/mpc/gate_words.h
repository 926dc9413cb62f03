// Local products of replicated shares. Internal to mpc/.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluis::mpc {

// One operand: this party's two shares.
struct ShareWords {
  const uint64_t* own;
  const uint64_t* next;
};

// z ^= x_i y_i ^ x_i y_{i+1} ^ x_{i+1} y_i, without a mask: never leaves this party as it is.
inline void add_product(uint64_t* z, const ShareWords& x, const ShareWords& y, size_t words) {
  for (size_t i = 0; i < words; ++i) z[i] ^= (x.own[i] & (y.own[i] ^ y.next[i])) ^ (x.next[i] & y.own[i]);
}

}  // namespace sluis::mpc
