// The ledger entry of a run: the same facts at the three nodes.
#pragma once

#include "disclosure/link_rate.h"
#include "governance/ledger.h"
#include "node/approval.h"
#include "node/job_facts.h"
#include "node/plan_cost.h"
#include "release/output_policy.h"
#include "sql/plan.h"
#include "study/link_rate.h"

namespace sluis::node {

// A link rate and what the guard enforces for it.
struct BoundLink {
  study::LinkRate rate;
  disclosure::LinkPolicy policy;
};

// A study bound for one run, with what the guard enforces per output, in the study's order.
struct BoundRun {
  sql::Plan plan;  // the study's outputs
  std::vector<disclosure::OutputPolicy> policies;
  std::vector<BoundLink> links;  // `[link] report`; empty without
  // Everything that the run computes: outputs and link rates.
  sql::Plan whole() const;
};
// Errors: of binding; S1410.*, S1411.* (an output or link rate that cannot be protected).
Result<BoundRun> bind_run(const StudyJudgement& judgement, const JobFacts& facts);

// Who gets an output: the study's recipients, or each owner its row.
std::vector<std::string> recipients_of(const governance::Study& study,
                                       const disclosure::OutputPolicy& policy);

// Policies and numbers of recipients, as costs need them.
std::vector<LinkRun> link_runs(const BoundRun& run);
std::vector<OutputRun> output_runs(const governance::Study& study, const BoundRun& run);

// Without sealed counts (the job adds them). `time` is not part of an entry's identity.
governance::LedgerDebit debit_of(const StudyJudgement& judgement, const JobFacts& facts, const BoundRun& run,
                                 int64_t time);

}  // namespace sluis::node
