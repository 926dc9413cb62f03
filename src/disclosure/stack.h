// Work on many small matrices in the rounds of one: they are put below each other, and the result is cut
// again.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "disclosure/policy.h"
#include "mpc/session.h"
#include "sharing/bits_ops.h"

namespace sluis::disclosure {

using mpc::Session;
using sharing::SharedBits;
using Matrices = std::vector<SharedBits>;
using Pairs = std::vector<std::pair<SharedBits, SharedBits>>;

// Matrices of one width below each other.
class Stack {
 public:
  explicit Stack(size_t planes) : planes_(planes) {}
  // Extends with zeros to the stack's width (unsigned). REQUIRES: x has at most that many planes.
  void push(const SharedBits& x);
  // All rows pushed so far. REQUIRES: at least one push.
  SharedBits whole() const;
  // Cuts a matrix with the stack's rows, such as the result of work on whole(), back into the pushed parts.
  Matrices cut(const SharedBits& of) const;

 private:
  size_t planes_;
  size_t rows_ = 0;
  Matrices parts_;
};

// Every list reduced to one matrix by a balanced tree of `join`, all lists in the same calls.
// REQUIRES: matrices of at most `planes` planes, join keeps the shape, every list has at least one.
using Join = std::function<SharedBits(const SharedBits&, const SharedBits&)>;
Matrices reduce(std::vector<Matrices> lists, size_t planes, const Join& join);

// Sum of every list, modulo 2^planes: ceil(log2 longest) additions deep.
Matrices sums(Session& session, std::vector<Matrices> lists, size_t planes);
// Largest of every list, row by row, unsigned: ceil(log2 longest) comparisons and choices deep.
Matrices maxima(Session& session, std::vector<Matrices> lists, size_t planes);
// first - second of every pair, modulo 2^planes.
Matrices differences(Session& session, const Pairs& pairs, size_t planes);
// x + constant of every x, modulo 2^planes.
Matrices plus(Session& session, const Matrices& xs, uint64_t constant, size_t planes);
// One plane per pair: first <= second, unsigned.
Matrices at_most(Session& session, const Pairs& pairs, size_t planes);
// One plane per pair: first / second <= share, exactly; 0 / 0 passes. `planes` suffices for both.
Matrices at_most_share(Session& session, const Pairs& pairs, const Fraction& share, size_t planes);

}  // namespace sluis::disclosure
