// The only door from shares to something that a person can read.
#pragma once

#include <vector>

#include "base/result.h"
#include "disclosure/release_table.h"
#include "mpc/session.h"
#include "release/permit.h"
#include "sharing/clearance.h"
#include "sharing/result_share.h"

namespace sluis::release {

// F: protected figures on shares -> this node's result shares, one per recipient, freshly re-randomised, so
// that what a recipient gets depends on the figures alone and not on how they were computed. Own-row outputs:
// one share per row, to the organisation of that row and nobody else. No node sees a figure: shares are not
// opened here either; three of them meet at the recipient (sharing::combine_results).
//
// REQUIRES: the three nodes call it for the same outputs in the same order with permits for the same
// recipients. Security: semi-honest, one corrupt party; nothing is opened. Cost: per recipient one reshare of
// the figures (1 round); own-row outputs: one reshare in all. Leaks: who gets which output (public: it stands
// in the study).
class Door {
 public:
  // Recipients in ascending order of OIN, own rows in row order. Errors: S1413.recipients if the permit does
  // not name exactly the readers of an own-row output, or nobody. Throws net::ProtocolAbort.
  static Result<std::vector<sharing::ResultShare>> release(mpc::Session& session,
                                                           sharing::Cleared<disclosure::ReleaseTable> table,
                                                           const Permit& permit);
};

}  // namespace sluis::release
