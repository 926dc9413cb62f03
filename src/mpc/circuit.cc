#include "mpc/circuit.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace sluis::mpc {

Wire Circuit::of(uint32_t plane) {
  Wire wire;
  wire.plane[0] = plane;
  wire.count = 1;
  return wire;
}

Wire Circuit::constant(bool bit) {
  Wire wire;
  wire.one = bit;
  return wire;
}

uint32_t Circuit::add_node(Node node) {
  nodes_.push_back(std::move(node));
  return static_cast<uint32_t>(nodes_.size() - 1);
}

Wire Circuit::input() {
  CHECK(nodes_.size() == input_count_);
  ++input_count_;
  return of(add_node({Kind::kInput, 0, {}, {}}));
}

std::vector<Wire> Circuit::inputs(size_t planes) {
  std::vector<Wire> wires(planes);
  for (Wire& wire : wires) wire = input();
  return wires;
}

uint32_t Circuit::depth(const Wire& wire) const {
  uint32_t most = 0;
  for (size_t i = 0; i < wire.count; ++i) most = std::max(most, nodes_[wire.plane[i]].depth);
  return most;
}

Wire Circuit::not_(Wire a) {
  a.one = !a.one;
  return a;
}

Wire Circuit::xor_(const Wire& a, const Wire& b) {
  std::vector<uint32_t> planes;
  std::set_symmetric_difference(a.plane.begin(), a.plane.begin() + a.count, b.plane.begin(),
                                b.plane.begin() + b.count, std::back_inserter(planes));
  Wire wire = constant(a.one != b.one);
  if (planes.size() > Wire::kMost) {  // store the sum as a plane of its own
    const uint32_t most = std::max(depth(a), depth(b));
    wire.plane[0] = add_node({Kind::kSum, most, {}, planes});
    wire.count = 1;
    return wire;
  }
  std::ranges::copy(planes, wire.plane.begin());
  wire.count = static_cast<uint8_t>(planes.size());
  return wire;
}

Wire Circuit::and_(const Wire& a, const Wire& b) {
  if (a.is_public()) return a.one ? b : constant(false);
  if (b.is_public()) return b.one ? a : constant(false);
  if (a == b) return a;
  if (a == not_(b)) return constant(false);
  const auto key = std::minmax(a, b);
  const auto known = known_products_.find(key);
  if (known != known_products_.end()) return of(known->second);
  const uint32_t plane = add_node({Kind::kProduct, std::max(depth(a), depth(b)) + 1, {{a, b}}, {}});
  known_products_.emplace(key, plane);
  return of(plane);
}

Wire Circuit::inner(std::span<const std::pair<Wire, Wire>> pairs) {
  Wire linear = constant(false);
  std::vector<std::pair<Wire, Wire>> products;
  for (const auto& [a, b] : pairs) {
    if (a.is_public() || b.is_public() || a == b || a == not_(b))
      linear = xor_(linear, and_(a, b));
    else
      products.emplace_back(a, b);
  }
  if (products.empty()) return linear;
  if (products.size() == 1) return xor_(linear, and_(products[0].first, products[0].second));
  uint32_t most = 0;
  for (const auto& [a, b] : products) most = std::max({most, depth(a), depth(b)});
  return xor_(linear, of(add_node({Kind::kProduct, most + 1, std::move(products), {}})));
}

Wire Circuit::and_all(std::vector<Wire> wires) {
  if (wires.empty()) return constant(true);
  while (wires.size() > 1) {
    std::vector<Wire> half;
    for (size_t i = 0; i + 1 < wires.size(); i += 2) half.push_back(and_(wires[i], wires[i + 1]));
    if (wires.size() % 2 != 0) half.push_back(wires.back());
    wires = std::move(half);
  }
  return wires[0];
}

std::vector<bool> Circuit::needed() const {
  std::vector<bool> need(nodes_.size());
  const auto mark = [&](const Wire& wire) {
    for (size_t i = 0; i < wire.count; ++i) need[wire.plane[i]] = true;
  };
  for (const Wire& wire : outputs_) mark(wire);
  for (size_t n = nodes_.size(); n-- > 0;) {  // operands precede their users
    if (!need[n]) continue;
    for (const auto& [a, b] : nodes_[n].pairs) {
      mark(a);
      mark(b);
    }
    for (uint32_t plane : nodes_[n].planes) need[plane] = true;
  }
  return need;
}

std::vector<uint64_t> Circuit::products_per_round() const {
  const std::vector<bool> need = needed();
  std::vector<uint64_t> products;
  for (size_t n = 0; n < nodes_.size(); ++n) {
    if (!need[n] || nodes_[n].kind != Kind::kProduct) continue;
    products.resize(std::max<size_t>(products.size(), nodes_[n].depth));
    ++products[nodes_[n].depth - 1];
  }
  return products;
}

uint64_t Circuit::products() const {
  uint64_t sum = 0;
  for (uint64_t n : products_per_round()) sum += n;
  return sum;
}

Cost Circuit::cost(uint64_t rows) const {
  Cost sum;
  for (uint64_t n : products_per_round()) sum += cost_and(rows, n);
  return sum;
}

}  // namespace sluis::mpc
