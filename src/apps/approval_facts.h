// From a study file to what an approver reads and a checker says: needs no node.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apps/own.h"
#include "mpc/network.h"
#include "report/approval_model.h"
#include "sql/explain.h"

namespace sluis::apps {

// Whether every output can be protected by the profile, with all invited owners. Errors: S1410.*, S1411.*,
// with the output's line.
Errors check_protection(const governance::Study& study, const std::string& file);

// Plan and cost. `rows`: "table=number" entries; tables without one count as study::kAssumedRows. Errors:
// S1051.rows, of binding.
Result<sql::Explanation> explain_study(const governance::Study& study, const std::string& file,
                                       const std::vector<std::string>& rows,
                                       mpc::Network network = mpc::kDefaultNetwork);

// Page A2 for one invited owner (OIN, code or name; empty: nobody in particular), asked for "advice" or
// "decision". Errors: S1056.not_invited.
Result<report::ApprovalModel> approval_model(const Context& context, const StudyFile& file,
                                             const std::string& owner, const std::string& role);

// Names of organisations by OIN (client::names_of).
using Names = std::map<std::string, std::string>;
// The study as reports show it; an organisation without a name there is shown by its OIN.
report::StudyFacts study_facts(const governance::Study& study, const Names& names);
// Example outputs (titles, headings, derivations; no figures) of the pooled outputs, and an output of the
// study by name in the form of reports.
report::Output report_output(const governance::Study& study, const governance::Output& output,
                             const sql::Output& plan);

}  // namespace sluis::apps
