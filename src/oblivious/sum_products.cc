// F: one_hot, x, y -> per cell c the sum of x y over its rows.
//   s_{j,c} <- y_j AND one_hot_c, y the narrower factor
//   n_{i,j,c} <- popcount(x_i AND s_{j,c})
//   sum_c <- sum over i, j of 2^(i+j) n_{i,j,c}; a term with exactly one sign plane counts negative
// Security: AND gates only, opens nothing. Cost: cost_sum_products. The products of at most kProductBytes are
//   held at once. Randomness: as multiply. Leaks: nothing beyond shapes.
// Source: bilinearity; the counting is mpc/popcount.cc. docs/protocols/histogram.md.
#include "oblivious/sum_products.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/add.h"
#include "mpc/arithmetic_circuits.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

// Bounds the products that are held at once, own and next together; counting them takes as much again. Fresh
// memory costs more than the rounds of more parts.
constexpr uint64_t kProductBytes = uint64_t{32} << 20;

// Planes of x whose products with `others` planes are counted together.
uint64_t planes_at_once(uint64_t rows, uint64_t others) {
  return std::max<uint64_t>(1, kProductBytes / std::max<uint64_t>(1, rows * others / 4));
}

// a_i AND b_k, i slowest, for the planes first <= i < end of a.
mpc::Circuit outer_product(uint64_t a_planes, uint64_t first, uint64_t end, uint64_t b_planes) {
  mpc::Circuit circuit;
  const mpc::Wires a = circuit.inputs(a_planes), b = circuit.inputs(b_planes);
  for (uint64_t i = first; i < end; ++i)
    for (const mpc::Wire& wire : b) circuit.output(circuit.and_(a[i], wire));
  return circuit;
}

// sum of n_{i,j} 2^(i+j); inputs: the counts, i slowest.
mpc::Circuit weighted_sum(uint64_t rows, const FactorShape& x, const FactorShape& y) {
  mpc::Circuit circuit;
  const uint64_t result = sum_products_planes(rows, x.planes, y.planes);
  std::vector<mpc::Wires> terms;
  uint64_t negatives = 0;
  for (uint64_t i = 0; i < x.planes; ++i)
    for (uint64_t j = 0; j < y.planes; ++j) {
      mpc::Wires term(i + j, mpc::Circuit::constant(false));
      const mpc::Wires bits = circuit.inputs(mpc::count_planes(rows));
      term.insert(term.end(), bits.begin(), bits.end());
      term.resize(result, mpc::Circuit::constant(false));
      const bool negative = (x.is_signed && i + 1 == x.planes) != (y.is_signed && j + 1 == y.planes);
      if (negative) {  // -n = NOT n + 1
        for (mpc::Wire& wire : term) wire = mpc::Circuit::not_(wire);
        ++negatives;
      }
      terms.push_back(std::move(term));
    }
  if (negatives > 0) terms.push_back(mpc::constant_wires(negatives, result));
  circuit.outputs(mpc::sum_wires(circuit, std::move(terms), result));
  return circuit;
}

FactorShape shape_of(const Factor& factor) { return {factor.planes->planes(), factor.is_signed}; }

}  // namespace

uint64_t sum_products_planes(uint64_t rows, uint64_t x_planes, uint64_t y_planes) {
  return x_planes + y_planes + mpc::count_planes(rows);
}

SharedBits count_products(mpc::Session& session, const SharedBits& x, const SharedBits& s) {
  mpc::PlaneCounter counter(session, x.rows());
  const uint64_t step = planes_at_once(x.rows(), s.planes());
  for (uint64_t first = 0; first < x.planes() && s.planes() > 0; first += step) {
    const uint64_t end = std::min<uint64_t>(x.planes(), first + step);
    counter.add(mpc::evaluate(session, outer_product(x.planes(), first, end, s.planes()), {&x, &s}));
  }
  return counter.finish();
}

mpc::Cost cost_count_products(uint64_t rows, uint64_t x_planes, uint64_t s_planes) {
  mpc::Cost cost;
  std::vector<uint64_t> parts;
  const uint64_t step = planes_at_once(rows, s_planes);
  for (uint64_t first = 0; first < x_planes && s_planes > 0; first += step) {
    parts.push_back(std::min(step, x_planes - first) * s_planes);
    cost += mpc::cost_and(rows, parts.back());
  }
  return cost + mpc::cost_popcount_parts(rows, parts);
}

SharedBits sum_products(mpc::Session& session, const SharedBits& one_hot, const Factor& x, const Factor& y) {
  if (x.planes->planes() < y.planes->planes()) return sum_products(session, one_hot, y, x);
  const FactorShape wide = shape_of(x), narrow = shape_of(y);
  const uint64_t rows = one_hot.rows(), cells = one_hot.planes();
  CHECK(x.planes->rows() == rows && y.planes->rows() == rows && narrow.planes > 0);
  const SharedBits selected =
      mpc::evaluate(session, outer_product(narrow.planes, 0, narrow.planes, cells), {y.planes, &one_hot});
  const SharedBits count = count_products(session, *x.planes, selected);
  std::vector<SharedBits> counts;
  for (uint64_t k = 0; k < wide.planes * narrow.planes; ++k)
    counts.push_back(sharing::slice_rows(count, k * cells, cells));
  std::vector<const SharedBits*> inputs;
  for (const SharedBits& count : counts) inputs.push_back(&count);
  return mpc::evaluate(session, weighted_sum(rows, wide, narrow), inputs);
}

mpc::Cost cost_sum_products(uint64_t rows, uint64_t cells, const FactorShape& x, const FactorShape& y) {
  if (x.planes < y.planes) return cost_sum_products(rows, cells, y, x);
  return mpc::cost_and(rows, y.planes * cells) + cost_count_products(rows, x.planes, y.planes * cells) +
         weighted_sum(rows, x, y).cost(cells);
}

}  // namespace sluis::oblivious
