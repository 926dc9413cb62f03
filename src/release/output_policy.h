// From a study, its effective policy and its plan to what the guard enforces for one output. In one place, so
// that no run can fill it differently from another.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "disclosure/policy.h"
#include "governance/approval.h"
#include "governance/study.h"

namespace sluis::release {

// The numbers in force.
disclosure::Policy numbers(const governance::EffectivePolicy& policy);

// What the binder knows of an output; every list in the plan's own order.
struct PlanFacts {
  std::vector<sharing::ReleaseDimension> dimensions;   // labels in the order of the cells
  std::vector<disclosure::MeasurePolicy> measures;     // name and figure; `sensitive` is filled here
  std::vector<disclosure::MeasureRelation> relations;  // what has been proven; may be empty
  std::vector<std::string> tables;                     // base tables whose owners are counted
  std::string population_table;                        // the counted persons come from it
};

// Errors: S1411.shape if plan and study do not speak of the same columns, values or tables; all of
// check_protectable (the first). `participants`: OINs of the owners that take part.
Result<disclosure::OutputPolicy> output_policy(const governance::Study& study,
                                               const governance::Output& output,
                                               const governance::EffectivePolicy& policy,
                                               const std::vector<std::string>& participants,
                                               const PlanFacts& plan);

}  // namespace sluis::release
