// The GBA-V person lists read anew, from their description alone (docs/formats/profile.md): nothing here is
// shared with src/importers, so that the two can be compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluis::real_input {

struct RealPerson {
  std::string bsn;
  std::string birth;                 // as it stands there: JJJJMMDD, parts may be 00
  std::string town;                  // four digits; "" if unknown or not resident
  std::vector<std::string> parents;  // BSNs, from the own list and from the parents' lists

  // Whole years on 1 January 2023 if the known parts of the birth date leave one answer.
  std::optional<int> age_2023() const;
};

// Path of the test set, or "" if it is not there.
std::string test_set_path();

// Every person with a BSN, once (a person may have two lists).
std::vector<RealPerson> read_persons(const std::string& path);

}  // namespace sluis::real_input
