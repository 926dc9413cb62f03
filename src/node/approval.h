// This node's own judgement of a study: governance::evaluate over what lies here.
#pragma once

#include <memory>

#include "governance/approval.h"
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

}  // namespace sluis::node
