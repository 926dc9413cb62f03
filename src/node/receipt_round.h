// The last round of a run: the nodes tell each other the digests of their result shares, agree on the facts,
// and each signs.
#pragma once

#include "net/mesh.h"
#include "node/debit.h"
#include "node/state.h"
#include "sharing/result_share.h"

namespace sluis::node {

struct ReleasedRun {
  const StudyJudgement& judgement;
  const JobFacts& facts;
  const BoundRun& bound;
  const governance::LedgerDebit& debit;
  const std::vector<sharing::ResultShare>& shares;  // of this node, the same order at all three
  int attempt = 1;                                  // agreed on by the three
};

// Writes the sealed shares and facts.json to the run's directory, then agrees with the others that the facts
// are equal (else ProtocolAbort kInconsistent), then signs: receipt.json and, last, receipt.sig. Nothing is
// handed out before.
// Cost: 2 rounds, 32 bytes a share and 32 more. Errors: S1002.*, S1090.*, S1091.*.
Status write_receipt(net::Mesh& mesh, const NodeState& state, const ReleasedRun& run);

}  // namespace sluis::node
