// Integer arithmetic on bit planes, two's complement, widths public. Docstrings of the protocols: add.cc,
// docs/protocols/add.md.
#pragma once

#include <cstdint>
#include <vector>

#include "mpc/multiply.h"

namespace sluis::mpc {

// (x + y + carry_in) mod 2^planes. REQUIRES: same shape (sharing::extend widens first: local). carry_in
// public. Ripple: planes - 1 rounds, planes - 1 ANDs a row. Callers pick width so that no overflow can occur.
SharedBits add(Session& session, const SharedBits& x, const SharedBits& y, bool carry_in = false);
Cost cost_add(uint64_t rows, uint64_t planes);
// (x - y) mod 2^planes = x + ~y + 1. Cost: cost_add.
SharedBits subtract(Session& session, const SharedBits& x, const SharedBits& y);
// x + constant mod 2^planes: planes - 2 ANDs at most (the lowest carry is linear).
SharedBits add_constant(Session& session, const SharedBits& x, uint64_t constant);
Cost cost_add_constant(uint64_t rows, uint64_t planes, uint64_t constant);
// x * constant mod 2^planes by shift and add over the constant's non-adjacent form (unsigned x; widen a
// signed x to `planes` first).
SharedBits multiply_constant(Session& session, const SharedBits& x, uint64_t constant, size_t planes);
Cost cost_multiply_constant(uint64_t rows, uint64_t x_planes, uint64_t constant, uint64_t planes);
// x * y mod 2^planes by shift and add (carry-save tree), unsigned; same rows.
SharedBits multiply(Session& session, const SharedBits& x, const SharedBits& y, size_t planes);
Cost cost_multiply(uint64_t rows, uint64_t x_planes, uint64_t y_planes, uint64_t planes);
// x / d for a public d > 0, at most 62 planes; exact. As many planes as x, signed like it.
struct Division {
  uint64_t divisor = 1;
  bool is_signed = false;  // x is two's complement; then truncated toward zero
  bool nearest = false;    // rounded to the nearest integer, halves away from zero, instead of truncated
};
SharedBits divide_constant(Session& session, const SharedBits& x, const Division& division);
Cost cost_divide_constant(uint64_t rows, uint64_t planes, const Division& division);
inline SharedBits divide_constant(Session& session, const SharedBits& x, uint64_t divisor) {
  return divide_constant(session, x, Division{divisor});
}
inline Cost cost_divide_constant(uint64_t rows, uint64_t planes, uint64_t divisor) {
  return cost_divide_constant(rows, planes, Division{divisor});
}
// Number of ones in each column of bits: plane by plane, the sum over all rows: one row of ceil(log2(rows +
// 1)) planes per input plane. Carry-save adders, about one AND per input bit. result[p] belongs to plane p.
std::vector<SharedBits> popcount_rows(Session& session, const SharedBits& x);
// The same as one matrix: row p is the count of plane p.
SharedBits popcount_planes(Session& session, const SharedBits& x);
Cost cost_popcount_rows(uint64_t rows, uint64_t planes);
// The same for planes that come in parts, so that not all of them are in memory at once: long columns are
// reduced part by part, what is left of all parts together.
class PlaneCounter {
 public:
  // REQUIRES: the session outlives it.
  PlaneCounter(Session& session, size_t rows) : session_(session), rows_(rows) {}
  // REQUIRES: x has the rows, and planes.
  void add(const SharedBits& x);
  // Counts of all planes in the order in which they came.
  SharedBits finish();

 private:
  Session& session_;
  size_t rows_;
  std::vector<std::vector<SharedBits>> left_;  // per part, per column
};
Cost cost_popcount_parts(uint64_t rows, std::span<const uint64_t> part_planes);
// Planes of a count of up to `rows`: ceil(log2(rows + 1)).
uint64_t count_planes(uint64_t rows);

}  // namespace sluis::mpc
