// Between bit planes and rings. Docstrings of the protocols: convert.cc, docs/protocols/convert.md.
#pragma once

#include <cstdint>

#include "mpc/compare.h"
#include "mpc/multiply.h"
#include "sharing/ring.h"

namespace sluis::mpc {

using sharing::SharedRing;

// T: uint32_t or uint64_t, k = 8 * sizeof(T).

// One-plane bits -> 0/1 in Z_2^k. protocols.md 4.4 (B2A bit): 2 rounds.
template <typename T>
SharedRing<T> bit_to_ring(Session& session, const SharedBits& bit);
// Every plane of x, plane after plane: element p * rows + i is bit p of row i. 2 rounds. Cost:
// cost_bit_to_ring(rows * planes).
template <typename T>
SharedRing<T> planes_to_ring(Session& session, const SharedBits& x);
// Each bit on its own (2 rounds, k / 8 bytes a bit) or a boolean adder (k + 1 rounds, about k / 4 bytes a
// value). kByCost: the bits if there are at most two, or at most kBitwiseBytes of elements in all.
enum class RingForm { kByCost, kBitwise, kAdder };
// Value of planes bits -> Z_2^k (unsigned). REQUIRES: planes <= k.
template <typename T>
SharedRing<T> bits_to_ring(Session& session, const SharedBits& x, RingForm form = RingForm::kByCost);
// Z_2^k -> k planes. k rounds.
template <typename T>
SharedBits ring_to_bits(Session& session, const SharedRing<T>& x);
// Top bit of x, i.e. x < 0 in two's complement: one plane. One round more than the comparison of k - 1 bits.
template <typename T>
SharedBits ring_negative(Session& session, const SharedRing<T>& x,
                         CompareDepth depth = CompareDepth::kShallow);
// bit * value ("injection"): the ring value where bit = 1, else 0. 3 rounds.
template <typename T>
SharedRing<T> inject(Session& session, const SharedBits& bit, const SharedRing<T>& value);
// Element-wise product. 1 round.
template <typename T>
SharedRing<T> multiply(Session& session, const SharedRing<T>& x, const SharedRing<T>& y);
// Sums of `terms` products each: element i is the sum over t of x[t * n + i] y[t * n + i], n = x.size() /
// terms. 1 round, cost_multiply_ring(n).
template <typename T>
SharedRing<T> sums_of_products(Session& session, const SharedRing<T>& x, const SharedRing<T>& y,
                               size_t terms);

// Up to so many bytes of ring elements (rows * planes * k / 8), 2 rounds are worth more than the bytes.
inline constexpr uint64_t kBitwiseBytes = 4u << 20;

Cost cost_bit_to_ring(uint64_t rows, uint64_t bytes_per_element);
Cost cost_bits_to_ring(uint64_t rows, uint64_t planes, uint64_t bytes_per_element,
                       RingForm form = RingForm::kByCost);
Cost cost_ring_to_bits(uint64_t rows, uint64_t bytes_per_element);
Cost cost_ring_negative(uint64_t rows, uint64_t bytes_per_element,
                        CompareDepth depth = CompareDepth::kShallow);
Cost cost_inject(uint64_t rows, uint64_t bytes_per_element);
Cost cost_multiply_ring(uint64_t rows, uint64_t bytes_per_element);

}  // namespace sluis::mpc
