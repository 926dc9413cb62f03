// Between bit planes and rings.
#pragma once

#include <cstdint>

#include "mpc/multiply.h"
#include "sharing/ring.h"

namespace sluis::mpc {

using sharing::SharedRing;

// One-plane bits -> 0/1 in Z_2^k, k = 8 * sizeof(T). protocols.md 4.4 (B2A bit): 2 rounds.
template <typename T>
SharedRing<T> bit_to_ring(Session& session, const SharedBits& bit);
// Value of planes bits -> Z_2^k (unsigned).
template <typename T>
SharedRing<T> bits_to_ring(Session& session, const SharedBits& x);
// Z_2^k -> k planes.
template <typename T>
SharedBits ring_to_bits(Session& session, const SharedRing<T>& x);
// bit * value ("injection"): the ring value where bit = 1, else 0.
template <typename T>
SharedRing<T> inject(Session& session, const SharedBits& bit, const SharedRing<T>& value);
// Element-wise product. 1 round.
template <typename T>
SharedRing<T> multiply(Session& session, const SharedRing<T>& x, const SharedRing<T>& y);

Cost cost_bit_to_ring(uint64_t rows, uint64_t bytes_per_element);
Cost cost_bits_to_ring(uint64_t rows, uint64_t planes, uint64_t bytes_per_element);
Cost cost_ring_to_bits(uint64_t rows, uint64_t bytes_per_element);
Cost cost_inject(uint64_t rows, uint64_t bytes_per_element);

}  // namespace sluis::mpc
