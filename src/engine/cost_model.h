// The cost functions as EXPLAIN asks for them (sql::CostModel).
#pragma once

#include "engine/cost.h"
#include "sql/explain.h"

namespace sluis::engine {

class PlanCosts : public sql::CostModel {
 public:
  explicit PlanCosts(RowCounts tables) : tables_(std::move(tables)) {}
  sql::StepCost node(const sql::Node& node) const override;
  sql::StepCost output(const sql::Output& output) const override;

 private:
  RowCounts tables_;
};

}  // namespace sluis::engine
