// The outsider and the insider against a table whose totals are published on their own: `audit` of
// shared/data/sdc/common.R, with exact arithmetic.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "simplex.h"

namespace sluis::attacker {

struct TableCell {
  std::vector<std::string> codes;  // one per dimension
  Rational value;
  bool published = true;
};
// Per dimension: parent code -> child codes.
using Hierarchy = std::map<std::string, std::vector<std::string>>;

// parent = sum of children, for every total of the table. First element: the parent.
std::vector<std::vector<size_t>> equations(const std::vector<TableCell>& cells,
                                           const std::vector<Hierarchy>& hierarchies);

// Bounds of every unpublished cell, by "code code", given all published ones and that nothing is negative.
std::map<std::string, Bounds> audit(const std::vector<TableCell>& cells,
                                    const std::vector<Hierarchy>& hierarchies);

// Unpublished cells that follow from the pattern alone: whatever the values, they are linear combinations of
// what is published.
std::vector<std::string> determined(const std::vector<TableCell>& cells,
                                    const std::vector<Hierarchy>& hierarchies);

std::string cell_name(const TableCell& cell);

}  // namespace sluis::attacker
