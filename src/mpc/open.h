// Opening. Each function says why what it opens may be seen; there is no general "open".
//
// F: [x] -> x to all three. P_i sends own = x_i to next, which lacks exactly that share.
// Security: the session's verify queue is flushed before anything is sent. What may be opened is the caller's
// proof: uniform values (open_masked), or values that docs/leakage.md declares (open_declared). Bits past the
// last row are cleared before sending: they may hold other rows. Randomness: none. Leaks: x and its shape.
// Source: Araki et al., CCS 2016, section 3.2. docs/protocols/open.md.
#pragma once

#include "mpc/multiply.h"
#include "sharing/ring.h"

namespace sluis::mpc {

// Opens values that the caller has proven uniform (one-time masked) or distributed as a function of a fresh
// uniform permutation and public sizes. Flushes the verify queue first. 1 round; `own` goes to next.
Bits open_masked(Session& session, const SharedBits& x);
sharing::AlignedRing<uint32_t> open_masked(Session& session, const sharing::SharedRing32& x);
sharing::AlignedRing<uint64_t> open_masked(Session& session, const sharing::SharedRing64& x);
// Opens a value that docs/leakage.md declares under `leakage` (checked against the session's allow-list by
// the caller).
Bits open_declared(Session& session, const SharedBits& x, const char* leakage);
constexpr Cost cost_open(uint64_t rows, uint64_t planes) {
  const uint64_t bytes = 8 * planes * ((rows + 63) / 64);
  if (bytes == 0) return {};
  return {1, {bytes, bytes, bytes}, {0, 0, 0}};
}
// Elements of 4 or 8 bytes.
constexpr Cost cost_open_ring(uint64_t rows, uint64_t bytes_per_element) {
  const uint64_t bytes = rows * bytes_per_element;
  if (bytes == 0) return {};
  return {1, {bytes, bytes, bytes}, {0, 0, 0}};
}

// Fresh replicated sharing of the same value: x'_i = x_i ^ alpha_i, sent to prev. What shares need before
// they leave for a recipient: independent of the computation, and nothing past the last row. (Three
// replicated shares of zero cannot be made from pair keys alone, so this cannot be had without a message.)
// Security: x'_i is masked by k_{i+1}, which prev lacks. 1 round; cost_and(rows, planes).
// Source: Araki et al., CCS 2016, section 3.2 (multiplication by one).
SharedBits reshare(Session& session, const SharedBits& x);

}  // namespace sluis::mpc
