// What stands at the edge of the values that Sluis computes with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "relation/table.h"

namespace sluis::differential {

// edge(id, big, half, small, d): values at both ends of 62, 31 and 28 bits, first and last stored date,
// NULLs, ties.
std::vector<relation::Table> edge_tables();

// Queries whose results reach the ends without leaving them.
std::vector<std::string> edge_queries();

// Queries whose results could leave them, each with the cause of S1021 that must refuse it.
std::vector<std::pair<std::string, std::string>> beyond_the_edge();

}  // namespace sluis::differential
