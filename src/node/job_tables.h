// A run's base tables on shares: every owner's rows one under another, with the columns that the node itself
// fills in.
#pragma once

#include "engine/executor.h"
#include "governance/study.h"
#include "node/job_facts.h"
#include "node/share_store.h"

namespace sluis::node {

// Reads the tables of `facts` from the store in the order of the study's invited owners and stacks them per
// study table, in the layout of plan.tables: shared columns, bound columns (the owner's own code), the hidden
// owner column. Errors: S1052.missing, S1091.*.
Result<engine::SharedTables> load_tables(const ShareStore& store, int party, const governance::Study& study,
                                         const sql::Plan& plan, const JobFacts& facts);
// Padded rows per table of a run.
std::map<std::string, uint64_t> rows_of_tables(const JobFacts& facts);

}  // namespace sluis::node
