// Decision files, format `sluis-decision/1`: one owner's advice or decision on exactly one study file
// (docs/formats/decision.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "governance/fields.h"
#include "governance/signed_file.h"

namespace sluis::governance {

inline constexpr size_t kMaxDecisionBytes = 64 * 1024;

enum class DecisionRole : uint8_t { kAdvice, kDecision };
const char* decision_role_name(DecisionRole role);  // "advice", "decision"

// Advice: agree, remarks, disagree, return. Decision: approve, return, reject, revoke.
enum class Answer : uint8_t { kAgree, kRemarks, kDisagree, kReturn, kApprove, kReject, kRevoke };
const char* answer_name(Answer answer);

// "schuldhulp@2026-10-01": which version of an own table may be used.
struct TableChoice {
  std::string table, version;
  bool operator==(const TableChoice&) const = default;
};

struct Decision {
  crypto::Digest study{};  // SHA-256 of the study file
  std::string owner;       // OIN, 20 digits
  DecisionRole role = DecisionRole::kDecision;
  std::string on_behalf_of;
  std::string person;   // pseudonym
  std::string mandate;  // "" for advice that needs none
  Answer answer = Answer::kReject;
  std::string reasons;                   // "" allowed where nothing needs a reason
  std::optional<crypto::Digest> advice;  // of the advice file; decisions only
  std::vector<TableChoice> tables;       // decisions only
  crypto::Digest effective_policy{};     // governance/policy.h: study and own policy together
  crypto::Digest page_seen{};            // SHA-256 of the approval page
  std::string engine_seen;               // "sluis 1.0.3 sha256:…"
  int engine_valid_for = 1;              // major version
  UnixTime time = 0;
  int64_t expires = 0;  // day number: valid before this day
  bool operator==(const Decision&) const = default;
};

// The file, with LF at the end; the same decision gives the same bytes.
std::string decision_text(const Decision& decision);
// Strict: unknown keys, answers that do not belong to the role, missing reasons for a refusal are faults. All
// faults at once. Errors: S1001.*, S1002.large, S1003–S1009, S1040.*.
struct DecisionParse {
  std::optional<Decision> decision;  // present exactly when errors is empty
  Errors errors;
};
DecisionParse parse_decision(std::string_view bytes, std::string_view file);

// A decision file with its signature file, as a node received it.
struct SignedDecision {
  std::string bytes;
  Decision decision;
  crypto::Digest hash{};  // of bytes
  DetachedSignature signature;
  UnixTime received = 0;  // when this node first saw it
};
// Parses both; does not judge the signature (evaluate() does, with the key registry).
Result<SignedDecision> parse_signed_decision(std::string_view bytes, std::string_view signature,
                                             UnixTime received);
// Builds and signs. `received` is the decision's own time.
SignedDecision sign_decision(const Decision& decision, const crypto::SigningKey& key);

}  // namespace sluis::governance
