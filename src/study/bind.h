// A study's SQL bound to a plan, and everything that can be checked before anybody decides.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "governance/study.h"
#include "sql/binder.h"

namespace sluis::study {

// Padded rows per table: public. Before delivery an estimate is enough for the plan's shape (widths of
// counts).
using RowBounds = std::map<std::string, uint64_t>;

// What the binder needs, for these participants (owner codes, domains of bound columns, "@participants").
// `file` is for messages. Errors: S1100.profile, S1101.*, S1205.table.
Result<sql::StudySql> study_sql(const governance::Study& study, const std::vector<std::string>& participants,
                                const RowBounds& rows, const std::string& file);

// Binds for these participants. All errors at once.
sql::BindResult bind(const governance::Study& study, const std::vector<std::string>& participants,
                     const RowBounds& rows, const std::string& file);

// Rows assumed for a table of which nothing is known yet: enough for any municipality-sized study.
inline constexpr uint64_t kAssumedRows = uint64_t{1} << 20;
RowBounds assumed_rows(const governance::Study& study);

// Everything `sluis study check` looks at in the file itself: SQL, column use both ways, output columns,
// domains. Legal placeholders are not among them (governance::legal_placeholders). Sorted by position.
Errors check(const governance::Study& study, const std::string& file);

}  // namespace sluis::study
