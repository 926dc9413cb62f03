// The region's files, in the forms that owners really have: DDAS JSON, parent-child CSV, Beleidsinformatie
// Jeugd CSV with a mapping file.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "demo/region.h"

namespace sluis::demo {

// One owner's file and how it is shared.
struct Delivery {
  std::string oin, owner;  // owner: name
  std::string table;       // in the study
  std::string file;        // path
  std::string mapping;     // path, or ""
  size_t rows = 0;         // persons, relations or records in it
};

// Writes all files into `directory` (one folder per owner) and says what they are. Errors: S1002.*.
Result<std::vector<Delivery>> write_deliveries(const Region& region, const std::string& directory);

// The same list for files that were written before (row counts are 0). Errors: S1002.open for a missing file.
Result<std::vector<Delivery>> find_deliveries(const Region& region, const std::string& directory);

// "012345678": nine digits.
std::string bsn_text(uint32_t bsn);

}  // namespace sluis::demo
