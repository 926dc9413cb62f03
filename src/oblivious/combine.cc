#include "oblivious/combine.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/circuit.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using mpc::Circuit;
using mpc::Wire;
using Wires = std::vector<Wire>;

// Up to this many rows a round costs more than the bytes that a shallow adder adds.
constexpr uint64_t kFewRows = 8192;

// Least significant first, to `planes`.
Wires extended(Wires x, uint64_t planes, bool is_signed) {
  const Wire top = is_signed ? x.back() : Circuit::constant(false);
  x.resize(planes, top);
  return x;
}

// Order of a group of digits, most significant first.
struct Digit {
  Wire less, equal;
};

// protocols.md 4.3: E_j = prefix AND of equal; less = XOR over j of E_j-1 AND less_j.
Digit first_difference(Circuit& circuit, std::span<const Digit> digits) {
  Wire prefix = Circuit::constant(true);
  std::vector<std::pair<Wire, Wire>> terms;
  for (const Digit& digit : digits) {
    terms.emplace_back(prefix, digit.less);
    prefix = circuit.and_(prefix, digit.equal);
  }
  return {circuit.inner(terms), prefix};
}

// In one bit: less_j AND first difference at j = (E_j-1 XOR E_j) AND y_j, so that no product is spent on a
// bit's own order.
Digit first_difference_of_bits(Circuit& circuit, std::span<const Wire> x, std::span<const Wire> y) {
  Wire prefix = Circuit::constant(true);
  std::vector<std::pair<Wire, Wire>> terms;
  for (size_t i = x.size(); i-- > 0;) {
    const Wire shorter = prefix;
    prefix = circuit.and_(prefix, Circuit::not_(circuit.xor_(x[i], y[i])));
    terms.emplace_back(circuit.xor_(shorter, prefix), y[i]);
  }
  return {circuit.inner(terms), prefix};
}

// x < y, unsigned, in nested groups of four.
Wire less(Circuit& circuit, const Wires& x, const Wires& y) {
  constexpr size_t kGroup = 4;
  std::vector<Digit> digits;
  for (size_t end = x.size(); end > 0;) {  // most significant group first
    const size_t n = std::min(kGroup, end);
    end -= n;
    digits.push_back(
        first_difference_of_bits(circuit, std::span(x).subspan(end, n), std::span(y).subspan(end, n)));
  }
  while (digits.size() > 1) {
    std::vector<Digit> next;
    for (size_t i = 0; i < digits.size(); i += kGroup) {
      next.push_back(
          first_difference(circuit, std::span(digits).subspan(i, std::min(kGroup, digits.size() - i))));
    }
    digits = std::move(next);
  }
  return digits[0].less;
}

// c_p+1 = (x ^ c)(y ^ c) ^ c: one AND and one round a plane.
Wires add_ripple(Circuit& circuit, const Wires& x, const Wires& y) {
  Wires sum;
  Wire carry = Circuit::constant(false);
  for (size_t p = 0; p < x.size(); ++p) {
    sum.push_back(circuit.xor_(circuit.xor_(x[p], y[p]), carry));
    if (p + 1 < x.size()) {
      carry = circuit.xor_(circuit.and_(circuit.xor_(x[p], carry), circuit.xor_(y[p], carry)), carry);
    }
  }
  return sum;
}

// Sklansky's prefix network over (generate, propagate): about log2(planes) + 1 rounds.
Wires add_shallow(Circuit& circuit, const Wires& x, const Wires& y) {
  const size_t planes = x.size();
  Wires generate, propagate, sum;
  for (size_t p = 0; p < planes; ++p) {
    propagate.push_back(circuit.xor_(x[p], y[p]));
    generate.push_back(p + 1 < planes ? circuit.and_(x[p], y[p]) : Circuit::constant(false));
  }
  sum = propagate;
  for (size_t half = 1; half < planes; half *= 2) {
    for (size_t p = 0; p < planes; ++p) {
      if ((p & half) == 0) continue;
      const size_t low = (p & ~(2 * half - 1)) + half - 1;  // last plane of the lower half
      generate[p] = circuit.xor_(generate[p], circuit.and_(propagate[p], generate[low]));
      propagate[p] = circuit.and_(propagate[p], propagate[low]);
    }
  }
  for (size_t p = 1; p < planes; ++p) sum[p] = circuit.xor_(sum[p], generate[p - 1]);
  return sum;
}

// keep ? l : r.
Wires choose(Circuit& circuit, const Wire& keep, const Wires& l, const Wires& r) {
  Wires out;
  for (size_t p = 0; p < r.size(); ++p) {
    out.push_back(circuit.xor_(r[p], circuit.and_(keep, circuit.xor_(l[p], r[p]))));
  }
  return out;
}

Wires masked(Circuit& circuit, const Wire& keep, const Wires& l) {
  Wires out;
  for (const Wire& wire : l) out.push_back(circuit.and_(keep, wire));
  return out;
}

Wires fold(Circuit& circuit, const CombinePlan& plan, const CombineColumn& column, const Wire& keep,
           const std::pair<Wires, Wires>& operands) {
  const auto& [l, r] = operands;
  switch (column.fold) {
    case Fold::kMin:
      return choose(circuit, circuit.and_(keep, less(circuit, l, r)), l, r);
    case Fold::kMax:
      return choose(circuit, circuit.and_(keep, less(circuit, r, l)), l, r);
    case Fold::kFirst:
      return choose(circuit, keep, l, r);
    case Fold::kOr: {
      Wires out;
      for (size_t p = 0; p < r.size(); ++p) {
        const Wire gained = circuit.and_(circuit.and_(keep, Circuit::not_(r[p])), l[p]);
        out.push_back(circuit.xor_(r[p], gained));
      }
      return out;
    }
    case Fold::kSum: {
      const Wires x = extended(masked(circuit, keep, l), column.out, column.is_signed);
      const Wires y = extended(r, column.out, column.is_signed);
      return plan.rows <= kFewRows ? add_shallow(circuit, x, y) : add_ripple(circuit, x, y);
    }
  }
  return {};
}

// Inputs: left columns, right columns, keep_right, keep_left; outputs: columns, keep.
Circuit combine_circuit(const CombinePlan& plan) {
  Circuit circuit;
  std::vector<std::pair<Wires, Wires>> operands(plan.columns.size());
  for (size_t c = 0; c < operands.size(); ++c) operands[c].first = circuit.inputs(plan.columns[c].left);
  for (size_t c = 0; c < operands.size(); ++c) operands[c].second = circuit.inputs(plan.columns[c].right);
  const Wire keep = circuit.input();
  const Wire keep_left = plan.with_flags ? circuit.input() : Circuit::constant(false);
  for (size_t c = 0; c < operands.size(); ++c) {
    const Wires out = fold(circuit, plan, plan.columns[c], keep, operands[c]);
    circuit.outputs(out);
  }
  if (plan.with_flags) circuit.output(circuit.and_(keep, keep_left));
  return circuit;
}

}  // namespace

Combined combine(mpc::Session& session, const CombinePlan& plan, const CombineInput& input) {
  std::vector<const SharedBits*> inputs;
  for (const SharedBits& x : input.left) inputs.push_back(&x);
  for (const SharedBits& x : input.right) inputs.push_back(&x);
  inputs.push_back(&input.keep_right);
  if (plan.with_flags) inputs.push_back(&input.keep_left);
  const SharedBits all = mpc::evaluate(session, combine_circuit(plan), inputs);
  Combined out;
  size_t first = 0;
  for (const CombineColumn& column : plan.columns) {
    out.values.push_back(sharing::slice_planes(all, first, column.out));
    first += column.out;
  }
  if (plan.with_flags) out.keep = sharing::slice_planes(all, first, 1);
  return out;
}

mpc::Cost cost_combine(const CombinePlan& plan) { return combine_circuit(plan).cost(plan.rows); }

}  // namespace sluis::oblivious
