#include "engine/cost_model.h"

namespace sluis::engine {
namespace {

sql::StepCost step_cost(const StepCost& step) {
  sql::StepCost cost;
  cost.rounds = step.expected.rounds;
  cost.rounds_bound = step.bound.rounds;
  cost.bytes = step.expected.mean();
  cost.bytes_bound = step.bound.mean();
  cost.link_bytes = step.expected.busiest_link();
  cost.opens_order = step.sorts;
  return cost;
}

}  // namespace

sql::StepCost PlanCosts::node(const sql::Node& node) const { return step_cost(cost_node(node, tables_)); }

sql::StepCost PlanCosts::output(const sql::Output& output) const {
  return step_cost(cost_output(output, rows_of(*output.input, tables_)));
}

}  // namespace sluis::engine
