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
// divide_constant.  Magnitude m = (x ^ s) + s for the sign bit s (0 if unsigned), plus floor(d / 2) to round
// to the
//           nearest; floor(m / d) = floor(m M / 2^t) with t = w + ceil(log2 d), M = ceil(2^t / d), exact for
//           all m < 2^w, as M d = 2^t + e with e < d <= 2^(t-w) gives m M / 2^t = m / d + m e / (d 2^t) and
//           m e / 2^t < 1. (y + s) M = y M + s M: the sign needs no adder of its own. The quotient q is given
//           the sign back as (q ^ s) + s.
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

// Terms whose sum is x * constant mod 2^planes. REQUIRES: planes <= 127.
std::vector<Wires> constant_terms(const Wires& x, Wide constant, size_t planes) {
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
  return terms;
}

Circuit multiply_constant_circuit(size_t x_planes, uint64_t constant, size_t planes) {
  CHECK(x_planes <= planes && planes <= 126);
  Circuit circuit;
  const Wires x = circuit.inputs(x_planes);
  circuit.outputs(sum_wires(circuit, constant_terms(x, constant, planes), planes));
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

// (q ^ s) + s in `planes` planes for an unsigned q that leaves the top plane free.
Wires with_sign(Circuit& circuit, const Wires& q, const Wire& sign, size_t planes) {
  Wires z;
  for (const Wire& wire : q) z.push_back(circuit.xor_(wire, sign));
  z.push_back(sign);
  const Wires zero = constant_wires(0, z.size());
  z = add_wires(circuit, z, zero, sign);
  while (z.size() < planes) z.push_back(z.back());
  z.resize(planes);
  return z;
}

Circuit divide_circuit(size_t planes, const Division& division) {
  const uint64_t d = division.divisor;
  CHECK(planes <= 62 && d > 0 && d >> 62 == 0);
  Circuit circuit;
  const Wires x = circuit.inputs(planes);
  const bool is_signed = division.is_signed && planes > 0;
  const size_t bits = is_signed ? planes - 1 : planes;  // of y, the magnitude less the sign
  const Wire sign = is_signed ? x.back() : Circuit::constant(false);
  const uint64_t half = division.nearest ? d / 2 : 0;
  const uint64_t most = (uint64_t{1} << bits) - (is_signed ? 0 : 1) + half;
  if (most < d) {
    circuit.outputs(constant_wires(0, planes));
    return circuit;
  }
  const auto width = static_cast<size_t>(std::bit_width(most));
  const size_t shift = width + static_cast<size_t>(std::bit_width(d - 1));
  const Wide scale = ((Wide{1} << shift) + d - 1) / d;
  const auto quotient_bits = static_cast<size_t>(std::bit_width(most / d));
  const size_t product_planes = shift + quotient_bits;
  CHECK(product_planes <= 127);
  Wires y;
  for (size_t p = 0; p < bits; ++p) y.push_back(circuit.xor_(x[p], sign));
  std::vector<Wires> terms = constant_terms(y, scale, product_planes);
  if (half != 0) terms.push_back(wide_constant(scale * half, product_planes));
  if (is_signed) {
    Wires once = wide_constant(scale, product_planes);
    for (Wire& wire : once)
      if (!(wire == Circuit::constant(false))) wire = sign;
    terms.push_back(std::move(once));
  }
  const Wires product = sum_wires(circuit, std::move(terms), product_planes);
  Wires quotient(product.begin() + static_cast<ptrdiff_t>(shift), product.end());
  if (is_signed) {
    circuit.outputs(with_sign(circuit, quotient, sign, planes));
    return circuit;
  }
  const Wires zero = constant_wires(0, planes);
  for (size_t p = quotient.size(); p < planes; ++p) quotient.push_back(zero[p]);
  quotient.resize(planes);
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

SharedBits divide_constant(Session& session, const SharedBits& x, const Division& division) {
  return evaluate(session, divide_circuit(x.planes(), division), {&x});
}

Cost cost_divide_constant(uint64_t rows, uint64_t planes, const Division& division) {
  return divide_circuit(planes, division).cost(rows);
}

}  // namespace sluis::mpc
