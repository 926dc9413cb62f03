// Equality and order on bit planes (unsigned; for two's complement flip the top plane of both operands
// first). Docstrings of the protocols: compare.cc, docs/protocols/compare.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mpc/multiply.h"

namespace sluis::mpc {

// How a comparison is laid out: groups of bits, nested (protocols.md 4.3). Rounds against bits.
// kRipple: fewest bytes (w bits, w rounds). kGrouped: fewest rounds for at most 20 % more bytes (10 rounds or
// so). kShallow: fewest rounds for at most 40 % more.
enum class CompareDepth { kRipple, kGrouped, kShallow };

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

// One nesting level of a comparison: so many members to a group; prefixes one after the other or in a
// log-depth (Sklansky) network.
struct CompareLevel {
  uint32_t size = 2;
  bool parallel_prefix = false;
  auto operator<=>(const CompareLevel&) const = default;
};
// Levels from the bits upwards; empty: ripple from the lowest bit.
using CompareRecipe = std::vector<CompareLevel>;
// A recipe for one width with what it costs a row: communicated bits, all rounds.
struct CompareChoice {
  CompareRecipe recipe;
  uint64_t rounds = 0;
  uint64_t bits = 0;
};
// The recipes for x < y on so many planes of which no other has fewer rounds and no more bits; rounds
// ascending, bits descending; the last is the ripple. Computed once per width. REQUIRES: planes >= 1.
const std::vector<CompareChoice>& compare_choices(uint64_t planes);
// The choice behind a depth.
const CompareChoice& compare_choice(uint64_t planes, CompareDepth depth);
// x < y by a given recipe, for planners that weigh rounds against bytes per batch.
SharedBits less(Session& session, const SharedBits& x, const SharedBits& y, const CompareRecipe& recipe);
Cost cost_less(uint64_t rows, uint64_t planes, const CompareRecipe& recipe);

}  // namespace sluis::mpc
