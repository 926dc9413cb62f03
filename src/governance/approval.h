// Whether a study may run now, and with whom: one pure function over parsed facts. Each node evaluates it on
// its own copy of registry, decisions and tables; nothing that the portal says counts.
//
// Rules (each with its error):
//   S1201 no decision of this owner yet, or it returned or rejected the study
//   S1202 a table of an owner that said yes has not been delivered in the version that its decision names
//   S1203 that table was withdrawn
//   S1204 the decision does not rest on the owner's latest valid advice
//   S1205 too few owners said yes
//   S1206 advice and decision by one person, or contrary to the advice without reasons
//   S1207 the owner decided on other bytes
//   S1208 expired, revoked, withdrawn, too late
//   S1209 the decision is for another engine version
//   S1210 the key is not registered for this role at this owner
//   S1211 the signature does not hold, or lies in the future
//   S1213 the owner's policy has changed since its decision
//   S1214 the decision does not name exactly the owner's tables of this study
//   S1215 no attempt left, or already released
//   S1216 applicant, lead or recipient runs a node
//   S1217 a recipient is not in the registry
//   S1218 the owner's policy rules the study out
//   S1032 legal fields not filled in (rehearsal does not come here)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/decision.h"
#include "governance/key_registry.h"
#include "governance/policy.h"
#include "governance/state.h"
#include "governance/study.h"

namespace sluis::governance {

// A table version that lies on this node, shared or withdrawn.
struct TableVersion {
  std::string table, version;
  std::string owner;  // OIN
  bool withdrawn = false;
};

// Another study file that this node has seen, to say what differs.
struct KnownStudy {
  crypto::Digest name{};
  std::string id, version, bytes;
};

enum class RunHistory : uint8_t { kNone, kFailed, kReleased, kCancelled };

struct ApprovalFacts {
  const Study* study = nullptr;  // REQUIRES: not null, as are registry
  std::string study_bytes;       // for the difference in S1207
  const KeyRegistry* registry = nullptr;
  std::vector<SignedDecision> decisions;  // all that came in, also useless ones
  std::vector<OwnerPolicy> policies;      // at most one per owner
  std::vector<TableVersion> tables;
  std::vector<KnownStudy> known_studies;
  int attempts = 0;  // runs that began
  RunHistory history = RunHistory::kNone;
  bool withdrawn = false;  // by the applicant
  UnixTime now = 0;
};

struct OwnerApproval {
  InvitedOwner owner;
  OwnerState state = OwnerState::kToAdvise;
  Errors why;                                      // why this owner is not approved; empty if approved
  std::optional<crypto::Digest> advice, decision;  // hashes of the files that count
  std::vector<TableChoice> tables;                 // of the decision
  int64_t expires = 0;                             // day number, of the decision
};

struct Approval {
  StudyState state = StudyState::kInReview;
  bool permitted = false;                 // a run may start now, with `participants`
  std::vector<OwnerApproval> owners;      // all invited, in the order of the study
  std::vector<std::string> participants;  // OINs of the approved owners
  EffectivePolicy policy;                 // strictest of study and participants' policies
  Errors errors;                          // why no run may start; empty exactly when permitted
  const OwnerApproval* find(std::string_view oin) const;
};

Approval evaluate(const ApprovalFacts& facts);

}  // namespace sluis::governance
