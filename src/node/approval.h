// This node's own judgement of a study: governance::evaluate over what lies here.
#pragma once

#include <memory>

#include "governance/approval.h"
#include "node/job_facts.h"
#include "node/state.h"

namespace sluis::node {

struct StudyJudgement {
  std::string bytes;
  governance::Study study;
  governance::ApprovalFacts facts;  // points into `study` and the node's registry
  governance::Approval approval;
};

// Errors: S1204.unknown (no such study here); those of parse_study cannot occur for a stored study.
// `own_run`: a run of this study that is going on and asks for itself: not counted among the attempts.
Result<std::unique_ptr<StudyJudgement>> judge_study(NodeState& state, const std::string& sha,
                                                    const std::string& own_run = {});

// The tables that a run of this study would use: of every participant, in the version that its decision
// names. Errors: S1052.missing.
Result<std::vector<wire::TableUpload>> tables_of_run(NodeState& state, const StudyJudgement& judgement);

// Whether the decisions and tables of now are still those that the run began with: participants, the version
// of every table, disclosure values, registry. Errors: the first of the approval if a run is no longer
// permitted; S1306.revoked if another set is (an owner revoked, the rest would do: but its rows are in).
Status still_holds(NodeState& state, const StudyJudgement& now, const JobFacts& begun);

}  // namespace sluis::node
