// Equality and order on bit planes (unsigned; for two's complement flip the top plane of both operands
// first).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mpc/multiply.h"

namespace sluis::mpc {

// How a comparison is laid out: groups of bits, nested (protocols.md 4.3). Rounds against bits.
enum class CompareDepth { kRipple, kGrouped, kShallow };  // fewest bytes; 10 rounds or so; fewest rounds

// x = y: one plane. REQUIRES: same shape.
SharedBits equal(Session& session, const SharedBits& x, const SharedBits& y);
// x = constant (planes <= 64).
SharedBits equal_constant(Session& session, const SharedBits& x, uint64_t constant);
Cost cost_equal(uint64_t rows, uint64_t planes);

// x < y, unsigned: one plane. REQUIRES: same shape.
SharedBits less(Session& session, const SharedBits& x, const SharedBits& y,
                CompareDepth depth = CompareDepth::kGrouped);
Cost cost_less(uint64_t rows, uint64_t planes, CompareDepth depth = CompareDepth::kGrouped);
// x < c_j for several public constants at once: planes of the result are in the constants' order. A constant
// of 0 or of 2^planes or more needs no communication but still yields a plane.
SharedBits less_constants(Session& session, const SharedBits& x, std::span<const uint64_t> constants);
Cost cost_less_constants(uint64_t rows, uint64_t planes, std::span<const uint64_t> constants);

}  // namespace sluis::mpc
