#include "node/plan_cost.h"

#include <bit>

#include "mpc/multiply.h"
#include "node/plan_facts.h"

namespace sluis::node {

mpc::Cost cost_guard(const sql::Output& output, uint64_t rows, const disclosure::OutputPolicy& policy) {
  return disclosure::cost_protect(guard_shape(output, rows), policy);
}

mpc::Cost cost_release(const sql::Output& output, uint64_t rows, const OutputRun& run) {
  mpc::Cost once;
  for (const size_t planes : disclosure::released_planes(guard_shape(output, rows), run.policy))
    once += mpc::cost_and(run.policy.cells(), planes);
  return (run.policy.own_row ? 1 : run.recipients) * once;
}

mpc::Cost cost_link_guard(const LinkRun& link, const engine::RowCounts& tables) {
  const auto planes = [&](const sql::NodePtr& node) {
    return static_cast<size_t>(std::bit_width(engine::rows_of(*node, tables)));
  };
  return disclosure::cost_protect_link(link.policy, planes(link.persons), planes(link.linked));
}

mpc::Cost cost_link_release(const LinkRun& link) {
  const size_t edges = disclosure::link_edges(link.policy.policy).size();
  return mpc::cost_and(link.policy.owners.size(), static_cast<uint64_t>(std::bit_width(edges + 1)));
}

StudyCosts::StudyCosts(engine::RowCounts tables, std::vector<OutputRun> outputs, std::vector<LinkRun> links,
                       const oblivious::SortRule& rule, engine::OrderPlan orders)
    : PlanCosts(std::move(tables), rule, std::move(orders)), links_(std::move(links)) {
  for (OutputRun& output : outputs) outputs_.emplace(output.policy.name, std::move(output));
}

std::vector<sql::AfterStep> StudyCosts::after(const sql::Output& output) const {
  const auto steps = [&](uint64_t cells, const mpc::Cost& guard, const mpc::Cost& release) {
    return std::vector<sql::AfterStep>{{sql::StepKind::kGuard, cells, fixed(guard)},
                                       {sql::StepKind::kRelease, cells, fixed(release)}};
  };
  for (const LinkRun& link : links_)
    if (link.linked == output.input)
      return steps(link.policy.owners.size(), cost_link_guard(link, tables()), cost_link_release(link));
  const auto found = outputs_.find(output.name);
  if (found == outputs_.end()) return {};
  const OutputRun& run = found->second;
  const uint64_t rows = engine::rows_of(*output.input, tables());
  return steps(run.policy.cells(), cost_guard(output, rows, run.policy), cost_release(output, rows, run));
}

mpc::Cost StudyCosts::whole(const sql::Plan& plan) const {
  mpc::Cost cost = engine::total(engine::cost_plan(plan, tables(), rule(), orders())).expected;
  for (const sql::Output& output : plan.outputs) {
    const auto run = outputs_.find(output.name);
    if (run == outputs_.end()) continue;
    const uint64_t rows = engine::rows_of(*output.input, tables());
    cost += cost_guard(output, rows, run->second.policy) + cost_release(output, rows, run->second);
  }
  for (const LinkRun& link : links_) cost += cost_link_guard(link, tables()) + cost_link_release(link);
  return cost;
}

}  // namespace sluis::node
