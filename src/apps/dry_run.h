// A study over dummy rows, in the clear, on this machine: what its outputs look like before anybody shares
// anything.
#pragma once

#include <string>
#include <vector>

#include "governance/study.h"
#include "sql/evaluate.h"

namespace sluis::apps {

struct DryRunOptions {
  uint64_t seed = 1;
  size_t rows = 2'000;  // dummy rows per table
  std::string data;  // directory with <table>.csv in the study's columns instead of dummy rows; "" for none
};

struct DryRun {
  std::vector<std::pair<std::string, sql::ResultTable>> outputs;  // exact figures, in the study's order
};

// The same study, options and program give the same bytes. Errors: of binding; S1042.* for `data`.
Result<DryRun> dry_run_study(const governance::Study& study, const DryRunOptions& options);
// expected.json: {"format":"sluis-dry-run/1","study":…,"outputs":[…]}.
std::string dry_run_json(const governance::Study& study, const DryRun& run);

}  // namespace sluis::apps
