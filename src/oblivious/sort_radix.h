// The sort by digits: fixed message lengths and few rounds, at more bytes than the quicksort of order.h.
#pragma once

#include "oblivious/order.h"

namespace sluis::oblivious {

// As sort_key_opening. Protocol, security and cost: sort_radix.cc, docs/protocols/sort_radix.md. Opens
// destinations of freshly shuffled rows only; every length is a function of rows and planes. REQUIRES: at
// least two rows and one plane; the shuffle has opened nothing yet.
Sorted sort_radix(mpc::Session& session, const SharedBits& key, mpc::Shuffle shuffle);
// Exact.
mpc::Cost cost_sort_radix(uint64_t rows, uint64_t key_planes);

}  // namespace sluis::oblivious
