#include "engine/cost_model.h"

namespace sluis::engine {
namespace {

sql::SortNote note_of(const oblivious::SortShape& shape, const oblivious::SortRule& rule) {
  sql::SortNote note;
  note.rows = shape.rows;
  note.radix =
      oblivious::sort_variant(shape.rows, shape.key_planes, {rule}) == oblivious::SortVariant::kRadix;
  if (note.radix) {
    note.key_bits = shape.key_planes;
    return note;
  }
  const uint64_t planes = oblivious::sort_planes(shape.rows, shape.key_planes);
  note.key_bits = planes;
  if (planes > 0)
    note.compare_rounds = mpc::compare_choice(planes, std::max<uint64_t>(shape.rows, 1), rule.network).rounds;
  return note;
}

}  // namespace

std::vector<std::string> PlanCosts::profiles() const {
  std::vector<std::string> names;
  for (const mpc::Network network : mpc::kNetworks) names.emplace_back(mpc::profile(network).name);
  return names;
}

std::string PlanCosts::network() const { return mpc::profile(rule_.network).name; }

sql::StepCost PlanCosts::of(const std::function<StepCost(const oblivious::SortRule&)>& cost) const {
  const StepCost step = cost(rule_);
  sql::StepCost out;
  out.rounds = step.expected.rounds;
  out.rounds_bound = step.bound.rounds;
  out.bytes = step.expected.mean();
  out.bytes_bound = step.bound.mean();
  out.link_bytes = step.expected.busiest_link();
  out.opens_order = step.sorts;
  for (const mpc::Network network : mpc::kNetworks) {
    oblivious::SortRule there = rule_;
    there.network = network;
    out.seconds.push_back(mpc::modelled_seconds(network, cost(there).expected));
  }
  for (const oblivious::SortShape& shape : step.sorted) out.sorts.push_back(note_of(shape, rule_));
  return out;
}

sql::StepCost PlanCosts::fixed(const mpc::Cost& cost) const {
  return of([&](const oblivious::SortRule&) { return StepCost{"", 0, cost, cost}; });
}

sql::StepCost PlanCosts::node(const sql::Node& node) const {
  return of(
      [&](const oblivious::SortRule& rule) { return cost_node(node, tables_, rule, orders_.of(node)); });
}

sql::StepCost PlanCosts::output(const sql::Output& output) const {
  return of([&](const oblivious::SortRule& rule) {
    return cost_output(output, rows_of(*output.input, tables_), rule);
  });
}

}  // namespace sluis::engine
