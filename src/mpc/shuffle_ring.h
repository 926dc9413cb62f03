// Shuffling bits and ring elements of the same rows together. Docstring of the protocol: shuffle_ring.cc.
#pragma once

#include "mpc/shuffle.h"
#include "sharing/ring.h"

namespace sluis::mpc {

// Rows of bit planes with one element of Z_2^32 beside each.
struct MixedRows {
  SharedBits bits;
  sharing::SharedRing32 ring;
};

// Row i of both moves to row pi(i), in the same 2 rounds. REQUIRES: rows of bits, ring and shuffle agree.
MixedRows apply(Session& session, const Shuffle& shuffle, const MixedRows& x);
Cost cost_shuffle_mixed(uint64_t rows, uint64_t planes);

}  // namespace sluis::mpc
