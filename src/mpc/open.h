// Opening. Each function says why what it opens may be seen; there is no general "open".
#pragma once

#include "mpc/multiply.h"
#include "sharing/ring.h"

namespace sluis::mpc {

// Opens values that the caller has proven uniform (one-time masked) or distributed as a function of a fresh
// uniform permutation and public sizes. Flushes the verify queue first. 1 round; `own` goes to next.
Bits open_masked(Session& session, const SharedBits& x);
sharing::AlignedRing<uint32_t> open_masked(Session& session, const sharing::SharedRing32& x);
// Opens a value that docs/leakage.md declares under `leakage` (checked against the session's allow-list by
// the caller).
Bits open_declared(Session& session, const SharedBits& x, const char* leakage);
constexpr Cost cost_open(uint64_t rows, uint64_t planes) {
  const uint64_t bytes = 8 * planes * ((rows + 63) / 64);
  return {1, {bytes, bytes, bytes}, {0, 0, 0}};
}
// Adds a fresh sharing of zero, so that shares sent to a recipient are independent of the computation. No
// communication.
SharedBits rerandomise_local_zero(Session& session, const SharedBits& x);
// Fresh replicated sharing of the same value: zero share added and resent. 1 round, like an AND.
SharedBits reshare(Session& session, const SharedBits& x);

}  // namespace sluis::mpc
