// Owner policy, format `sluis-policy/1` (TOML): what one owner demands of every study
// (docs/formats/policy.md). It can only be stricter than profile and study; the strictest value wins, and it
// is known whose it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"
#include "crypto/hash.h"
#include "governance/study.h"

namespace sluis::governance {

// schema is the name of an import profile without version ("bij"), column one of its columns.
struct NeverColumn {
  std::string schema, column;
  bool operator==(const NeverColumn&) const = default;
};

struct OwnerPolicy {
  crypto::Digest hash{};  // of the file
  std::string owner;      // OIN
  std::optional<int64_t> t_person, t_household, t_owner, denominator_min, round_base;
  std::optional<int64_t> owner_max_millionths, group_max_millionths;
  std::optional<int64_t> shares_days;   // most days that shares may stay
  std::vector<std::string> recipients;  // OINs; empty: any
  std::vector<std::string> templates;   // empty: any
  std::vector<NeverColumn> never;
};

struct PolicyParse {
  std::optional<OwnerPolicy> policy;  // present exactly when errors is empty
  Errors errors;
};
// Strict. A floor laxer than every profile is no fault: it has no effect. Errors: S1001–S1009.
PolicyParse parse_policy(std::string_view bytes, std::string_view file);

// One value in force and whose it is: "profile", "study", or an owner's OIN.
struct EffectiveValue {
  int64_t value = 0;
  std::string from;
  bool operator==(const EffectiveValue&) const = default;
};

// What disclosure control enforces.
struct EffectivePolicy {
  std::string profile;
  crypto::Digest profile_hash{};
  EffectiveValue t_person, t_household, t_owner, denominator_min, round_base;
  EffectiveValue owner_max_millionths, group_max_millionths;
  EffectiveValue shares_days;
  bool operator==(const EffectivePolicy&) const = default;
  // SHA-256 of canonical_text().
  crypto::Digest hash() const;
  // One line "key = value" per value, fixed order, without whose it is.
  std::string canonical_text() const;
};

// The strictest of profile, study and these policies. round_base above t_person raises t_person, since a
// passing cell must not round to zero. With the study and one owner's own policy: what that owner's decision
// names.
EffectivePolicy effective_policy(const Study& study, const std::vector<const OwnerPolicy*>& policies);

// What in the study this owner's policy rules out: S1218.recipient, .template, .column; S1031.bands if the
// policy's t_person exceeds a lowest band.
Errors policy_conflicts(const Study& study, const OwnerPolicy& policy);

}  // namespace sluis::governance
