// One owner's part of evaluate(); not for use outside governance/*approval*.cc.
#pragma once

#include "governance/approval.h"

namespace sluis::governance {

OwnerApproval evaluate_owner(const ApprovalFacts& facts, const InvitedOwner& owner);

// "gemeente Demostad"
std::string display_name(const InvitedOwner& owner);
Error approval_error(const char* id, std::vector<std::string> args, Exit exit = Exit::kNotApproved);

}  // namespace sluis::governance
