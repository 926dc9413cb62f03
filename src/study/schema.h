// From a study and its participants to the tables that the binder sees and the columns that owners share.
#pragma once

#include <string>
#include <vector>

#include "governance/study.h"
#include "relation/table.h"

namespace sluis::study {

// The columns of a study's table that owners share, in the study's order. A column that names the owner
// itself (`gemeente` of a municipality's table) is not shared: the node fills it in from the owner's
// registration, so that nobody delivers rows in another owner's name.
struct SharedColumns {
  std::vector<relation::ColumnSchema> columns;
  std::vector<std::string> bound;  // names of columns that the node fills in
};
// Errors: S1101.* (unknown profile or column).
Result<SharedColumns> shared_columns(const governance::Study& study, const governance::StudyTable& table);

// Owners that take part in one table (those of the table's owner kind among `participants`), in the study's
// order.
std::vector<const governance::InvitedOwner*> owners_of(const governance::Study& study,
                                                       const governance::StudyTable& table,
                                                       const std::vector<std::string>& participants);
// All invited owners' OINs: who might take part.
std::vector<std::string> everybody(const governance::Study& study);

// Schema of a table as SQL sees it: all columns of the study's table, in its order; bound columns have the
// participants' codes as domain. Errors: S1101.*; S1205 if no owner of its kind takes part.
Result<relation::TableSchema> table_schema(const governance::Study& study,
                                           const governance::StudyTable& table,
                                           const std::vector<std::string>& participants);

// Which table the counted persons come from: the one whose owner-bound or grouped rows carry the person key
// and most others join to; by rule the first table in which the person column occurs together with another
// `link` column, else the first with it.
const governance::StudyTable* population_table(const governance::Study& study);

}  // namespace sluis::study
