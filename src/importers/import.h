// Reads one delivery of a data owner into a clear table and a report. All or nothing: an error means that no
// table exists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "importers/profile.h"
#include "importers/report.h"
#include "relation/table.h"

namespace sluis::importers {

struct ImportOptions {
  // Columns of the table in this order (a study's [[table]].columns). Empty: the profile's default columns.
  std::vector<std::string> columns;
  // Values of open categories (a study's participants). A column that is not here gets the values in the
  // file.
  Domains domains;
  // For the default columns of ouder_kind: adds leeftijd_<year>.
  std::optional<int> reference_year;
  std::string mapping_file;     // docs/formats/mapping.md; empty: the names of docs/formats/profile.md
  std::string objections_file;  // one BSN per line; these persons are removed
  // "GM9001": rows of other municipalities are left out (counted), and the column `gemeente` holds this code
  // in every row that stays: an owner speaks for itself only.
  std::string owner_municipality;
  std::string table;  // name of the table; empty: the profile's alias
};

struct Import {
  relation::Table table;
  DeliveryReport report;
};

// Errors: S1002.* (file), S1040.* (JSON), S1041.* (CSV), S1100.profile, S1101.* (columns), S1102.* (not such
// a file), S1104.* (row that cannot be), S1105.* (objections), S1106.* (mapping), S1107.* (code lists mixed),
// S1108 (criminal data). Row errors carry row number and line, never a value.
Result<Import> import_file(const std::string& path, const std::string& profile_or_alias,
                           const ImportOptions& options);

}  // namespace sluis::importers
