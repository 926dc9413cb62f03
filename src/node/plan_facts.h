// From a bound plan to what release and ledger need to know of each output.
#pragma once

#include "disclosure/guard_cost.h"
#include "governance/study.h"
#include "release/output_policy.h"
#include "sql/plan.h"

namespace sluis::node {

// Labels in cell order, kinds of figures, contributing tables.
release::PlanFacts plan_facts(const governance::Study& study, const sql::Output& output);
// What the guard is handed of an output over so many rows, as cost_protect asks for it.
disclosure::GuardShape guard_shape(const sql::Output& output, uint64_t rows);
// Canonical text of what an output counts: the plan below it, its cells and measures. Ledger entries compare
// it byte for byte.
std::string predicate_text(const sql::Plan& plan, const sql::Output& output);

}  // namespace sluis::node
