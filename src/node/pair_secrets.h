// Long-lived secrets between this node and each neighbour: what must be the same at every attempt of a study
// (band edges).
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "net/mesh.h"
#include "node/state.h"

namespace sluis::node {

// Secret j is held by P_{j-1} and P_j, so this party has `own` (j = party, shared with prev) and `next`
// (shared with next).
struct PairSecrets {
  SecretBytes own, next;
};

// Reads both from disk, or agrees on fresh ones with the neighbour (X25519 over the authenticated mesh) where
// either side has none or the two differ. Run keys are never made from them. Cost: 2 rounds. Throws
// net::ProtocolAbort. Errors: S1091.*, S1002.*.
Result<PairSecrets> pair_secrets(const NodeState& state, net::Mesh& mesh);

}  // namespace sluis::node
