// What a run of a study costs: plan, disclosure control and release. For EXPLAIN, the approval page and the
// progress bar.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "disclosure/link_rate.h"
#include "disclosure/policy.h"
#include "engine/cost_model.h"

namespace sluis::node {

// An output's policy and how many recipients get it.
struct OutputRun {
  disclosure::OutputPolicy policy;
  uint64_t recipients = 1;
};

// Exactly what Guard::protect sends for an output over so many rows, and Door::release after it: every
// recipient gets shares of its own, owners of own rows share one fresh sharing.
mpc::Cost cost_guard(const sql::Output& output, uint64_t rows, const disclosure::OutputPolicy& policy);
mpc::Cost cost_release(const sql::Output& output, uint64_t rows, const OutputRun& run);

// A link rate: its policy, and the tables of its two counts.
struct LinkRun {
  disclosure::LinkPolicy policy;
  sql::NodePtr persons, linked;
};
mpc::Cost cost_link_guard(const LinkRun& link, const engine::RowCounts& tables);
mpc::Cost cost_link_release(const LinkRun& link);

// Costs of a study's run: those of the plan, and after each output its disclosure control and release; a link
// rate has its own after the second of its two outputs.
class StudyCosts : public engine::PlanCosts {
 public:
  // Outputs by name; one that is missing has no steps after it.
  StudyCosts(engine::RowCounts tables, std::vector<OutputRun> outputs, std::vector<LinkRun> links,
             const oblivious::SortRule& rule = {}, engine::OrderPlan orders = {});
  std::vector<sql::AfterStep> after(const sql::Output& output) const override;
  // All that a run is expected to send: for the progress bar.
  mpc::Cost whole(const sql::Plan& plan) const;

 private:
  std::map<std::string, OutputRun> outputs_;
  std::vector<LinkRun> links_;
};

}  // namespace sluis::node
