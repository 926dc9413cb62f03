#include "oblivious/combine.h"

#include <algorithm>

#include "base/check.h"
#include "mpc/arithmetic_circuits.h"
#include "mpc/circuit.h"
#include "mpc/first_difference.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using mpc::Circuit;
using mpc::Wire;
using mpc::Wires;

// Up to this many rows a round costs more than the bytes that a shallow adder adds.
constexpr uint64_t kFewRows = 8192;

// Least significant first, to `planes`.
Wires extended(Wires x, uint64_t planes, bool is_signed) {
  const Wire top = is_signed ? x.back() : Circuit::constant(false);
  x.resize(planes, top);
  return x;
}

// x < y, unsigned, at the depth that a scan of many levels wants.
Wire less(Circuit& circuit, const Wires& x, const Wires& y) {
  Wires differ, equal, from_top;
  for (size_t p = 0; p < x.size(); ++p) differ.push_back(circuit.xor_(x[p], y[p]));
  const mpc::CompareRecipe& recipe = mpc::compare_choice(x.size(), mpc::CompareDepth::kGrouped).recipe;
  if (recipe.empty()) return mpc::compare_ripple(circuit, differ, y);
  for (size_t p = x.size(); p-- > 0;) {
    equal.push_back(Circuit::not_(differ[p]));
    from_top.push_back(y[p]);
  }
  return mpc::compare_nested(circuit, equal, from_top, recipe);
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
      return plan.rows <= kFewRows ? add_shallow(circuit, x, y)
                                   : mpc::add_wires(circuit, x, y, Circuit::constant(false));
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
