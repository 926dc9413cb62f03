// `[link] report = true`: which link rates a study has, and the plan nodes that count them on shares.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "governance/study.h"
#include "sql/plan.h"

namespace sluis::study {

// Names of link rates begin so: a study's own outputs may not (governance refuses two leading underscores).
inline constexpr const char* kLinkRatePrefix = "__link_";

// Of one base table: for every owner that delivered it, in how far its persons occur in another base table.
// A person is counted once per owner, however many rows it has: otherwise an owner could repeat one row a
// hundred times and read from the rate whether that one person occurs.
struct LinkRate {
  std::string name;   // kLinkRatePrefix and the table's number among the study's tables, from 1
  std::string table;  // whose owners are told
  std::string other;  // the population table, or the table that this one joins
  std::vector<std::pair<std::string, std::string>> keys;  // columns: (of table, of other)
  std::vector<std::string> owners;                        // codes, in the order of the cells
  sql::Output persons;                                    // distinct keys without NULL, per owner
  sql::Output linked;                                     // those among them that occur in a row of `other`
};

// One for every base table of the plan but the population table, if some equi-join of the plan has keys that
// are base columns of both tables (sql::base_column): with the population table if there is such a join, else
// with the first other table. Empty without `report = true`. REQUIRES: `plan` is bound from `study`.
std::vector<LinkRate> link_rates(const governance::Study& study, const sql::Plan& plan);

// The plan with the link rates among its outputs: what a run computes, for cost, EXPLAIN and the receipt.
sql::Plan with_link_rates(sql::Plan plan, const std::vector<LinkRate>& rates);

}  // namespace sluis::study
