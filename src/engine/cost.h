// What a plan costs before it runs: the numbers of EXPLAIN and of the progress bar.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/orders.h"
#include "mpc/cost.h"
#include "oblivious/order.h"
#include "sql/plan.h"

namespace sluis::engine {

// One step as the executor announces it (StepListener).
struct StepCost {
  std::string label;
  uint64_t rows = 0;                      // of the step's result: public
  mpc::Cost expected;                     // what a run will show, but for the sort's luck
  mpc::Cost bound;                        // never more (up to the stated probability of the sort's bound)
  bool sorts = false;                     // opens the order of a fresh shuffle (docs/leakage.md)
  OrderSource order = OrderSource::kOwn;  // whose order a join or GROUP BY uses
  std::vector<oblivious::SortShape> sorted = {};  // what it sorts
};

// Public padded rows per base table.
using RowCounts = std::map<std::string, uint64_t>;

// Rows of a node's result.
uint64_t rows_of(const sql::Node& node, const RowCounts& tables);
// Steps in the executor's order, each shared subtree once; an output's tabulation is one step, named after
// it. Without disclosure control and release, which add their own.
std::vector<StepCost> cost_plan(const sql::Plan& plan, const RowCounts& tables,
                                const oblivious::SortRule& rule = {});
// The same where the run shares orders as `orders` says (the other: as OrderPlan(plan) does).
std::vector<StepCost> cost_plan(const sql::Plan& plan, const RowCounts& tables,
                                const oblivious::SortRule& rule, const OrderPlan& orders);
// Sum over all steps.
StepCost total(const std::vector<StepCost>& steps);

// The parts, as the tests hold them against measured traffic (expected = bound = measured for steps that do
// not sort).
StepCost cost_node(const sql::Node& node, const RowCounts& tables, const oblivious::SortRule& rule = {},
                   const StepOrder& order = {});
StepCost cost_output(const sql::Output& output, uint64_t rows, const oblivious::SortRule& rule = {});

}  // namespace sluis::engine
