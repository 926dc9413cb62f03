// Equality and less-than.
//
// equal.  F: [x], [y] -> [x = y]. e = NOT(x ^ y), local; AND of the w planes of e in a tree.
//         Cost: cost_equal: ceil(log2 w) rounds, w - 1 bits a row.
// less.   F: [x], [y] -> [x < y]. Circuits in first_difference.h: grouped first difference, nested as the
//         recipe says, or the ripple (the byte optimum). Cost: cost_less.
// less_constants.  The same with y public: the inner products within a group are then local, equal prefixes
//         of different constants are computed once. Cost: cost_less_constants.
// Security: products and inner products only (multiply.cc), nothing is opened; the circuit is a function of
// widths, constants and recipe, all public. Randomness: as multiply. Leaks: shapes.
// Source: Damgard et al., TCC 2006 (first difference); Araki et al., CCS 2016 (inner products). Deviation:
// the sum over the first difference is regrouped so that prefixes are the only factors on that side.
// docs/protocols/compare.md.
#include "mpc/compare.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/circuit.h"
#include "mpc/first_difference.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {
namespace {

Wires reversed(Wires wires) {
  std::ranges::reverse(wires);
  return wires;
}

Circuit equal_circuit(size_t planes) {
  Circuit circuit;
  const Wires x = circuit.inputs(planes), y = circuit.inputs(planes);
  Wires e;
  for (size_t p = 0; p < planes; ++p) e.push_back(Circuit::not_(circuit.xor_(x[p], y[p])));
  circuit.output(circuit.and_all(std::move(e)));
  return circuit;
}

Circuit equal_constant_circuit(size_t planes, uint64_t constant) {
  Circuit circuit;
  Wires e = circuit.inputs(planes);
  for (size_t p = 0; p < planes; ++p) e[p].one = (constant >> p & 1) == 0;
  circuit.output(circuit.and_all(std::move(e)));
  return circuit;
}

Circuit less_circuit(size_t planes, const CompareRecipe& recipe) {
  Circuit circuit;
  const Wires x = circuit.inputs(planes), y = circuit.inputs(planes);
  Wires d, e;
  for (size_t p = 0; p < planes; ++p) {
    d.push_back(circuit.xor_(x[p], y[p]));
    e.push_back(Circuit::not_(d[p]));
  }
  if (planes == 0)
    circuit.output(Circuit::constant(false));
  else if (recipe.empty())
    circuit.output(compare_ripple(circuit, d, y));
  else
    circuit.output(compare_nested(circuit, reversed(e), reversed(y), recipe));
  return circuit;
}

// x < c. Bits below c's lowest one do not matter: x < c there is the same as the first difference above.
Wire less_constant_wire(Circuit& circuit, const Wires& x, uint64_t constant, const CompareRecipe& recipe) {
  const size_t planes = x.size();
  if (constant == 0) return Circuit::constant(false);
  if (planes < 64 && constant >> planes != 0) return Circuit::constant(true);
  Wires e, y;
  for (size_t p = planes; p-- > 0;) {  // most significant first
    const bool bit = p < 64 && (constant >> p & 1) != 0;
    y.push_back(Circuit::constant(bit));
    e.push_back(bit ? x[p] : Circuit::not_(x[p]));
    if (p < 64 && constant << (63 - p) == uint64_t{1} << 63) break;
  }
  return compare_nested(circuit, e, y, recipe);
}

Circuit less_constants_circuit(size_t planes, std::span<const uint64_t> constants) {
  Circuit circuit;
  const Wires x = circuit.inputs(planes);
  CompareRecipe recipe =
      planes == 0 ? CompareRecipe{} : compare_choice(planes, CompareDepth::kGrouped).recipe;
  if (recipe.empty())
    recipe = {{static_cast<uint32_t>(planes), false}};  // one group: all inner products local
  for (uint64_t constant : constants) circuit.output(less_constant_wire(circuit, x, constant, recipe));
  return circuit;
}

}  // namespace

SharedBits equal(Session& session, const SharedBits& x, const SharedBits& y) {
  CHECK(x.own.same_shape(y.own));
  return evaluate(session, equal_circuit(x.planes()), {&x, &y});
}

SharedBits equal_constant(Session& session, const SharedBits& x, uint64_t constant) {
  CHECK(x.planes() <= 64);
  if (x.planes() < 64 && constant >> x.planes() != 0)
    return SharedBits(x.rows(), 1);  // cannot be equal; the caller sees public zero shares
  return evaluate(session, equal_constant_circuit(x.planes(), constant), {&x});
}

Cost cost_equal(uint64_t rows, uint64_t planes) { return equal_circuit(planes).cost(rows); }

SharedBits less(Session& session, const SharedBits& x, const SharedBits& y, const CompareRecipe& recipe) {
  CHECK(x.own.same_shape(y.own));
  return evaluate(session, less_circuit(x.planes(), recipe), {&x, &y});
}

SharedBits less(Session& session, const SharedBits& x, const SharedBits& y, CompareDepth depth) {
  return less(session, x, y, x.planes() == 0 ? CompareRecipe{} : compare_choice(x.planes(), depth).recipe);
}

Cost cost_less(uint64_t rows, uint64_t planes, const CompareRecipe& recipe) {
  return less_circuit(planes, recipe).cost(rows);
}

Cost cost_less(uint64_t rows, uint64_t planes, CompareDepth depth) {
  return planes == 0 ? Cost{} : cost_less(rows, planes, compare_choice(planes, depth).recipe);
}

SharedBits less_constants(Session& session, const SharedBits& x, std::span<const uint64_t> constants) {
  return evaluate(session, less_constants_circuit(x.planes(), constants), {&x});
}

Cost cost_less_constants(uint64_t rows, uint64_t planes, std::span<const uint64_t> constants) {
  return less_constants_circuit(planes, constants).cost(rows);
}

}  // namespace sluis::mpc
