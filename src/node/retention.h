// Erasing shares when a study's time is up: [retention] of the study file, enforced by every node on its own
// clock.
#pragma once

#include "node/state.h"

namespace sluis::node {

// Erases the tables of every study whose result was released `shares_days` (the study's, or an owner's
// stricter policy) ago, and of every study that may not run any more (`run_before` passed) and was never
// released, after as many days. Each erasure leaves a signed receipt in <data>/receipts and a line in the
// audit log. Returns the number of tables erased. Errors: S1002.*, S1053.*, S1603.*.
Result<int> erase_expired(NodeState& state, int64_t now);

}  // namespace sluis::node
