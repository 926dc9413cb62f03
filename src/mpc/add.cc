// Addition, subtraction, products and exact division by a public number, as circuits on planes.
//
// add.      F: [x], [y] -> [x + y + c mod 2^w]. carry_{p+1} = x_p ^ (x_p ^ y_p)(x_p ^ carry_p): one AND a
// bit,
//           none for the top one.
// subtract. x + NOT y + 1.
// multiply_constant.  The constant in non-adjacent form (digits -1, 0, 1, no two neighbours non-zero, so few
//           digits); -x = NOT x - (2^w - 1), all corrections gathered in one public term; carry-save adders;
//           one ripple.
// multiply. Partial products x_p y_q in one round, then as above.
// divide_constant.  floor(x / d) = floor(x m / 2^s) with s = w + ceil(log2 d), m = ceil(2^s / d), exact for
// all
//           x < 2^w, as m d = 2^s + e with e < d <= 2^(s-w) gives x m / 2^s = x / d + x e / (d 2^s) and
//           x e / 2^s < 1.
// Security: products only (multiply.cc), nothing is opened; circuits depend on widths and public numbers.
// Randomness: as multiply. Cost: the cost_ function beside each. Leaks: shapes.
// Source: textbook adders; the one-AND full adder is Boyar, Peralta and Pochuev, TCS 2000; division Granlund
// and Montgomery, PLDI 1994, theorem 4.2. docs/protocols/add.md.
#include "mpc/add.h"

#include <bit>

#include "base/check.h"
#include "mpc/arithmetic_circuits.h"

namespace sluis::mpc {
namespace {

using Wide = unsigned __int128;

Circuit add_circuit(size_t planes, bool complement_y, bool carry) {
  Circuit circuit;
  const Wires x = circuit.inputs(planes);
  Wires y = circuit.inputs(planes);
  for (Wire& wire : y) wire.one = complement_y;
  circuit.outputs(add_wires(circuit, x, y, Circuit::constant(carry)));
  return circuit;
}

Circuit add_constant_circuit(size_t planes, uint64_t constant) {
  Circuit circuit;
  const Wires x = circuit.inputs(planes);
  circuit.outputs(add_wires(circuit, x, constant_wires(constant, planes), Circuit::constant(false)));
  return circuit;
}

Wires shifted(const Wires& x, size_t by, size_t planes) {
  Wires z(planes);
  for (size_t p = by; p < planes && p - by < x.size(); ++p) z[p] = x[p - by];
  return z;
}

Wires wide_constant(Wide value, size_t planes) {
  Wires wires(planes);
  for (size_t p = 0; p < planes; ++p) wires[p] = Circuit::constant(p < 128 && (value >> p & 1) != 0);
  return wires;
}

// x * constant mod 2^planes. REQUIRES: planes <= 126.
Wires times_constant(Circuit& circuit, const Wires& x, Wide constant, size_t planes) {
  Wires complement;
  for (const Wire& wire : x) complement.push_back(Circuit::not_(wire));
  const Wide all_ones = (Wide{1} << x.size()) - 1;
  std::vector<Wires> terms;
  Wide correction = 0;
  for (size_t p = 0; constant != 0 && p < planes; ++p) {
    if ((constant & 3) == 3) {  // digit -1
      terms.push_back(shifted(complement, p, planes));
      correction -= all_ones << p;
      constant += 1;
    } else if ((constant & 1) != 0) {
      terms.push_back(shifted(x, p, planes));
      constant -= 1;
    }
    constant >>= 1;
  }
  if (correction != 0) terms.push_back(wide_constant(correction, planes));
  return sum_wires(circuit, std::move(terms), planes);
}

Circuit multiply_constant_circuit(size_t x_planes, uint64_t constant, size_t planes) {
  CHECK(x_planes <= planes && planes <= 126);
  Circuit circuit;
  const Wires x = circuit.inputs(x_planes);
  circuit.outputs(times_constant(circuit, x, constant, planes));
  return circuit;
}

Circuit multiply_circuit(size_t x_planes, size_t y_planes, size_t planes) {
  Circuit circuit;
  const Wires x = circuit.inputs(x_planes), y = circuit.inputs(y_planes);
  std::vector<Wires> terms;
  for (size_t q = 0; q < y_planes; ++q) {
    Wires term(planes);
    for (size_t p = 0; p < x_planes && p + q < planes; ++p) term[p + q] = circuit.and_(x[p], y[q]);
    terms.push_back(std::move(term));
  }
  circuit.outputs(sum_wires(circuit, std::move(terms), planes));
  return circuit;
}

Circuit divide_circuit(size_t planes, uint64_t divisor) {
  CHECK(planes <= 40 && divisor > 0);
  Circuit circuit;
  const Wires x = circuit.inputs(planes);
  Wires quotient = constant_wires(0, planes);
  if (planes == 0 || divisor >> planes != 0) {  // x < 2^planes <= divisor
    circuit.outputs(quotient);
    return circuit;
  }
  const auto log_ceiling = static_cast<size_t>(std::bit_width(divisor - 1));
  const size_t shift = planes + log_ceiling;
  const Wide scale = ((Wide{1} << shift) + divisor - 1) / divisor;
  const Wires product = times_constant(circuit, x, scale, shift + planes - log_ceiling + 1);
  for (size_t p = 0; p < planes && shift + p < product.size(); ++p) quotient[p] = product[shift + p];
  circuit.outputs(quotient);
  return circuit;
}

}  // namespace

SharedBits add(Session& session, const SharedBits& x, const SharedBits& y, bool carry_in) {
  CHECK(x.own.same_shape(y.own));
  return evaluate(session, add_circuit(x.planes(), false, carry_in), {&x, &y});
}

Cost cost_add(uint64_t rows, uint64_t planes) { return add_circuit(planes, false, false).cost(rows); }

SharedBits subtract(Session& session, const SharedBits& x, const SharedBits& y) {
  CHECK(x.own.same_shape(y.own));
  return evaluate(session, add_circuit(x.planes(), true, true), {&x, &y});
}

SharedBits add_constant(Session& session, const SharedBits& x, uint64_t constant) {
  return evaluate(session, add_constant_circuit(x.planes(), constant), {&x});
}

Cost cost_add_constant(uint64_t rows, uint64_t planes, uint64_t constant) {
  return add_constant_circuit(planes, constant).cost(rows);
}

SharedBits multiply_constant(Session& session, const SharedBits& x, uint64_t constant, size_t planes) {
  return evaluate(session, multiply_constant_circuit(x.planes(), constant, planes), {&x});
}

Cost cost_multiply_constant(uint64_t rows, uint64_t x_planes, uint64_t constant, uint64_t planes) {
  return multiply_constant_circuit(x_planes, constant, planes).cost(rows);
}

SharedBits multiply(Session& session, const SharedBits& x, const SharedBits& y, size_t planes) {
  return evaluate(session, multiply_circuit(x.planes(), y.planes(), planes), {&x, &y});
}

Cost cost_multiply(uint64_t rows, uint64_t x_planes, uint64_t y_planes, uint64_t planes) {
  return multiply_circuit(x_planes, y_planes, planes).cost(rows);
}

SharedBits divide_constant(Session& session, const SharedBits& x, uint64_t divisor) {
  return evaluate(session, divide_circuit(x.planes(), divisor), {&x});
}

Cost cost_divide_constant(uint64_t rows, uint64_t planes, uint64_t divisor) {
  return divide_circuit(planes, divisor).cost(rows);
}

}  // namespace sluis::mpc
