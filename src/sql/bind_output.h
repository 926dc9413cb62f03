// The SELECT of an output: the final aggregation, of which every cell is a public position.
#pragma once

#include "sql/bind_query.h"

namespace sluis::sql {

inline constexpr int64_t kMaxDimensionCodes = 4096;
inline constexpr uint64_t kMaxCells = 4096;

struct OutputSpec {
  std::string name;
  std::vector<std::pair<std::string, std::vector<std::string>>> domain;
  Place domain_at;
  std::string person, household;  // study mode
};

// Errors: S1021.*, S1022.* (units, domains).
Result<Output> bind_output(QueryBinder& query, const AstSelect& select, const OutputSpec& spec);

}  // namespace sluis::sql
