// AND gates on bit planes.
#pragma once

#include <span>
#include <vector>

#include "mpc/session.h"
#include "sharing/bits.h"

namespace sluis::mpc {

using sharing::Bits;
using sharing::SharedBits;

struct AndPair {
  const SharedBits* x;
  const SharedBits* y;  // same shape as x, or one plane with x's rows (then ANDed with every plane of x)
};

// x AND y, bit by bit. Shapes as in AndPair. Docstring of the protocol: multiply.cc /
// docs/protocols/multiply.md.
SharedBits and_(Session& session, const SharedBits& x, const SharedBits& y);
// Several ANDs of any shapes in one round and one message.
std::vector<SharedBits> and_batch(Session& session, std::span<const AndPair> pairs);
// words = sum over pairs of planes * ceil(rows / 64). Nothing to multiply: no round, here and everywhere in
// mpc/ (rows = 0 or planes = 0 cost nothing).
constexpr Cost cost_and_words(uint64_t words) {
  if (words == 0) return {};
  return {1, {0, 0, 0}, {8 * words, 8 * words, 8 * words}};
}
constexpr Cost cost_and(uint64_t rows, uint64_t planes) {
  return cost_and_words(planes * ((rows + 63) / 64));
}

// XOR over t of x_t AND y_t, in one round; only the result's bits travel. REQUIRES: at least one term, all
// x_t of one shape. Cost: cost_and(rows, planes).
SharedBits inner_product(Session& session, std::span<const AndPair> terms);
// XOR over all rows of (x AND y): one row, x.planes() planes. y as in AndPair. One round, planes bits in
// whole words.
SharedBits inner_product_rows(Session& session, const SharedBits& x, const SharedBits& y);
// The same for every plane of x with every plane of y, in one round: row i, plane j of the result is the XOR
// over all rows of (plane i of x AND plane j of y). One communicated bit per entry, in whole words per plane.
SharedBits inner_products_rows(Session& session, const SharedBits& x, const SharedBits& y);
constexpr Cost cost_inner_product_rows(uint64_t rows, uint64_t planes) {
  return cost_and_words(rows == 0 ? 0 : (planes + 63) / 64);
}
constexpr Cost cost_inner_products_rows(uint64_t rows, uint64_t x_planes, uint64_t y_planes) {
  return cost_and_words(rows == 0 ? 0 : y_planes * ((x_planes + 63) / 64));
}

SharedBits or_(Session& session, const SharedBits& x, const SharedBits& y);
// c ? x : y. c has one plane. One AND round: y ^ c(x ^ y).
SharedBits mux(Session& session, const SharedBits& c, const SharedBits& x, const SharedBits& y);
// AND / OR over the planes of x: one plane. ceil(log2 planes) rounds, planes - 1 ANDs a row.
SharedBits and_planes(Session& session, const SharedBits& x);
SharedBits or_planes(Session& session, const SharedBits& x);
Cost cost_and_planes(uint64_t rows, uint64_t planes);

}  // namespace sluis::mpc
