// Which rows of a delivery an owner shares: the study's `rows` condition and period, applied in the clear at
// the owner.
#pragma once

#include <string>
#include <vector>

#include "governance/study.h"
#include "relation/table.h"

namespace sluis::study {

// Columns that must be imported: the study's, those that the condition reads and those that the period is
// about. Errors: S1021.* (condition), S1100.profile, S1101.*, S1030.period (the profile has no dates that a
// period could be about).
Result<std::vector<std::string>> columns_to_import(const governance::Study& study,
                                                   const governance::StudyTable& table,
                                                   const std::string& file);

// Rows of `imported` (with the columns above) that the study asks for, cut to the shared columns in the
// study's order. A row whose dates are unknown may lie in the period and stays; the condition decides as SQL
// does (NULL is not true). Errors: as above.
Result<relation::Table> select_rows(const governance::Study& study, const governance::StudyTable& table,
                                    const relation::Table& imported, const std::string& file);

}  // namespace sluis::study
