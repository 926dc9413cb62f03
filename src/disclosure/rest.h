// What a reader can derive from one row by subtracting its figures from each other. A rest is a cell too.
#pragma once

#include <vector>

#include "disclosure/policy.h"

namespace sluis::disclosure {

// persons(whole) - sum of persons(parts): the number of persons in the whole and in none of the parts, if the
// parts lie within the whole and apart from each other.
struct Rest {
  size_t whole = 0;           // measure
  std::vector<size_t> parts;  // measures
  bool certain = false;       // the definitions say so; otherwise only nobody has proven the contrary
  size_t hidden = 0;  // the measure that is withheld when the rest is too small: the last sub-count of these
};

// All rests of the rows of an output, from public definitions only. REQUIRES: check_protectable found
// nothing.
std::vector<Rest> derivable_rests(const OutputPolicy& output);

// Groups of cells for group_max: cells that differ in one dimension only, of which some have sensitive
// values.
struct RowGroup {
  std::vector<uint32_t> cells;      // all of the group
  std::vector<uint32_t> sensitive;  // those whose sum is compared with the sum of all
};
// One entry per group and set of sensitive values: the sensitive values together, or, where every value of
// the dimension is sensitive, each alone. Groups of one SensitiveValues entry have equal sizes and equal
// numbers of sensitive cells, and stand together: result[i] holds them.
std::vector<std::vector<RowGroup>> row_groups(const OutputPolicy& output);

}  // namespace sluis::disclosure
