// Straight-line programs over bit planes: the form in which comparison, addition and the other plane-wise
// protocols are written down. A circuit is public; it knows its rounds and ANDs before anything runs, and
// evaluate() runs every product of one depth in one round.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "mpc/multiply.h"

namespace sluis::mpc {

// XOR of at most four stored planes and a public bit.
struct Wire {
  static constexpr size_t kMost = 4;
  std::array<uint32_t, kMost> plane{};  // ascending; the first `count` are used
  uint8_t count = 0;
  bool one = false;

  bool is_public() const { return count == 0; }
  auto operator<=>(const Wire&) const = default;
};

using Wires = std::vector<Wire>;

class Circuit {
 public:
  // The next input plane. REQUIRES: all inputs are declared before anything else.
  Wire input();
  std::vector<Wire> inputs(size_t planes);
  static Wire constant(bool bit);

  Wire xor_(const Wire& a, const Wire& b);
  static Wire not_(Wire a);
  // One AND; none if an operand is public or both are equal. Equal products are computed once.
  Wire and_(const Wire& a, const Wire& b);
  // XOR over all pairs of their ANDs: one communicated bit, however many pairs.
  Wire inner(std::span<const std::pair<Wire, Wire>> pairs);
  // AND of all, neighbours pairwise: ceil(log2 n) rounds; of none: 1.
  Wire and_all(std::vector<Wire> wires);
  void output(const Wire& wire) { outputs_.push_back(wire); }
  void outputs(std::span<const Wire> wires) { outputs_.insert(outputs_.end(), wires.begin(), wires.end()); }

  // Depth of a wire: the rounds before it is known.
  uint32_t depth(const Wire& wire) const;
  // Rounds, and products per round, of what the outputs need.
  std::vector<uint64_t> products_per_round() const;
  uint64_t rounds() const { return products_per_round().size(); }
  uint64_t products() const;
  Cost cost(uint64_t rows) const;

 private:
  friend class Evaluation;
  enum class Kind : uint8_t { kInput, kSum, kProduct };
  struct Node {
    Kind kind;
    uint32_t depth;
    std::vector<std::pair<Wire, Wire>> pairs;  // kProduct
    std::vector<uint32_t> planes;              // kSum
  };
  uint32_t add_node(Node node);
  static Wire of(uint32_t plane);
  // For each node, whether an output depends on it.
  std::vector<bool> needed() const;

  std::vector<Node> nodes_;
  std::vector<Wire> outputs_;
  uint32_t input_count_ = 0;
  std::map<std::pair<Wire, Wire>, uint32_t> known_products_;
};

// Runs the circuit on all rows at once. `inputs` are matrices of equal rows whose planes, in order, are the
// circuit's inputs. Result: one plane per output.
// Security: only AND gates and inner products (multiply.h); opens nothing. Cost: circuit.cost(rows).
SharedBits evaluate(Session& session, const Circuit& circuit, std::span<const SharedBits* const> inputs);
inline SharedBits evaluate(Session& session, const Circuit& circuit,
                           std::initializer_list<const SharedBits*> inputs) {
  return evaluate(session, circuit, std::span<const SharedBits* const>(inputs.begin(), inputs.size()));
}

}  // namespace sluis::mpc
