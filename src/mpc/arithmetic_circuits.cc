#include "mpc/arithmetic_circuits.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.h"

namespace sluis::mpc {
namespace {

// a + b + c = sum + 2 carry; carry = a ^ (a ^ b)(a ^ c): one AND.
struct Added {
  Wire sum, carry;
};

Added full_adder(Circuit& circuit, const Wire& a, const Wire& b, const Wire& c) {
  const Wire ab = circuit.xor_(a, b);
  return {circuit.xor_(ab, c), circuit.xor_(a, circuit.and_(ab, circuit.xor_(a, c)))};
}

Wire bit_of(const Wires& x, size_t p) { return p < x.size() ? x[p] : Circuit::constant(false); }

}  // namespace

Wires constant_wires(uint64_t value, size_t planes) {
  Wires wires(planes);
  for (size_t p = 0; p < planes; ++p) wires[p] = Circuit::constant(p < 64 && (value >> p & 1) != 0);
  return wires;
}

Wires add_wires(Circuit& circuit, const Wires& x, const Wires& y, Wire carry) {
  CHECK(x.size() == y.size());
  Wires z(x.size());
  for (size_t p = 0; p < x.size(); ++p) {
    if (p + 1 == x.size()) {
      z[p] = circuit.xor_(circuit.xor_(x[p], y[p]), carry);
      break;
    }
    const Added added = full_adder(circuit, x[p], y[p], carry);
    z[p] = added.sum;
    carry = added.carry;
  }
  return z;
}

Wires sum_wires(Circuit& circuit, std::vector<Wires> terms, size_t planes) {
  if (terms.empty()) return constant_wires(0, planes);
  // Each column keeps the bits of one weight; adders take the earliest known bits first, so that terms of
  // uneven depth are summed as they come.
  std::vector<std::vector<Wire>> column(planes);
  for (const Wires& term : terms)
    for (size_t p = 0; p < std::min(planes, term.size()); ++p)
      if (!(term[p] == Circuit::constant(false))) column[p].push_back(term[p]);
  Wires x(planes), y(planes);
  for (size_t p = 0; p < planes; ++p) {
    std::vector<Wire>& bits = column[p];
    while (bits.size() > 2) {
      std::ranges::sort(bits, std::greater<>(),
                        [&](const Wire& w) { return std::pair(circuit.depth(w), w); });
      Wire three[3];
      for (Wire& wire : three) {
        wire = bits.back();
        bits.pop_back();
      }
      const Added added = full_adder(circuit, three[0], three[1], three[2]);
      bits.push_back(added.sum);
      if (p + 1 < planes) column[p + 1].push_back(added.carry);
    }
    x[p] = bit_of(bits, 0);
    y[p] = bit_of(bits, 1);
  }
  return add_wires(circuit, x, y, Circuit::constant(false));
}

}  // namespace sluis::mpc
