// Disclosure profiles: named sets of least values. A profile never changes under one name (a change is
// `nl-jeugd-2`); its hash stands in decisions and receipts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/hash.h"

namespace sluis::governance {

struct Profile {
  std::string name;
  crypto::Digest hash{};                               // SHA-256 of text
  std::string text;                                    // the profile as a TOML file, format sluis-profile/1
  int64_t t_person = 0, t_household = 0, t_owner = 0;  // least values
  int64_t owner_max_millionths = 0, group_max_millionths = 0;  // greatest values
  int64_t denominator_min = 0, round_base = 0;                 // least values
  std::string mark, zeros, totals, intervals, dp;              // fixed values
};

// The profile with this name, or nullptr if this program does not have it.
const Profile* find_profile(std::string_view name);

}  // namespace sluis::governance
