// The cost functions as EXPLAIN asks for them (sql::CostModel).
#pragma once

#include <functional>

#include "engine/cost.h"
#include "sql/explain.h"

namespace sluis::engine {

// Costs of a run by `rule` whose steps share `orders`, and seconds for every network profile.
class PlanCosts : public sql::CostModel {
 public:
  explicit PlanCosts(RowCounts tables, const oblivious::SortRule& rule = {}, OrderPlan orders = {})
      : tables_(std::move(tables)), rule_(rule), orders_(std::move(orders)) {}
  std::vector<std::string> profiles() const override;
  std::string network() const override;
  sql::StepCost node(const sql::Node& node) const override;
  sql::StepCost output(const sql::Output& output) const override;

 protected:
  const RowCounts& tables() const { return tables_; }
  const oblivious::SortRule& rule() const { return rule_; }
  const OrderPlan& orders() const { return orders_; }
  // Of what costs the same whatever the rule.
  sql::StepCost fixed(const mpc::Cost& cost) const;

 private:
  sql::StepCost of(const std::function<StepCost(const oblivious::SortRule&)>& cost) const;
  RowCounts tables_;
  oblivious::SortRule rule_;
  OrderPlan orders_;
};

}  // namespace sluis::engine
