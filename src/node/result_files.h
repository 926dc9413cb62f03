// What a run leaves at a node: result shares per addressee, receipt, ledger entry.
#pragma once

#include <string>

#include "node/approval.h"
#include "node/call.h"
#include "node/job_facts.h"
#include "sharing/result_share.h"

namespace sluis::node {

// One output's share for one addressee, as governance encodes it, encrypted under the node's storage key.
// Errors: S1091.*, S1002.*.
Status write_result(const NodeState& state, const std::string& run, const std::string& to,
                    const std::string& output, ByteSpan encoded);
// Everything that `oin` may fetch from a released run, as JSON:
// {"facts":…,"receipt":…,"signature":…,"shares":["hex",…]}. Own-row shares of others are not in it. Errors:
// S1307.none (nothing is addressed to this organisation).
Result<std::string> read_results(const NodeState& state, const std::string& run, const std::string& oin);

// Whether this node has signed the run's receipt: then, and only then, it was released here.
bool has_receipt(const NodeConfig& config, const std::string& run);

// Public ledger rules before a run: errors S14.* if an earlier release stands in the way.
Status check_ledger(NodeState& state, const StudyJudgement& judgement, const JobFacts& facts);

}  // namespace sluis::node
