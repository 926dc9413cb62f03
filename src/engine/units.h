// What disclosure rules need beside a figure: distinct persons, distinct households, every owner's part.
#pragma once

#include <vector>

#include "engine/cells.h"

namespace sluis::engine {

// At most this many children under 18 are taken to share one legal parent: rows without a household number
// count as at least rows / kLargestHousehold households (docs/disclosure.md). A power of two, so that
// dividing is local.
inline constexpr uint64_t kLargestHousehold = 16;

// Distinct values of `unit` among the rows of each cell for which an indicator is 1 (several indicators, one
// sort): a matrix of `cells` rows per indicator, wide enough for `rows`. NULL units count together as
// floor(rows with NULL / null_divisor), 0 for null_divisor = 0. Sort by (unit, dimensions), segmented OR of
// the indicators, histogram of the last rows of each group.
struct DistinctSpec {
  const SharedColumn* unit = nullptr;
  std::vector<oblivious::CellDimension> dimensions;
  uint64_t null_divisor = 0;
  oblivious::SortRule rule = {};
};
std::vector<SharedBits> distinct_per_cell(Session& session, const DistinctSpec& spec,
                                          const std::vector<SharedBits>& indicators);

// Rows of each cell that came from each owner: one matrix of `cells` rows per owner code of the column.
oblivious::OwnerCounts owner_counts(Session& session, const std::string& table, const SharedColumn& owner,
                                    const std::vector<oblivious::CellDimension>& dimensions,
                                    const SharedBits& indicator);

}  // namespace sluis::engine
