// Makes a failing case small enough to read.
#pragma once

#include <functional>
#include <vector>

#include "relation/table.h"

namespace sluis::differential {

using Fails = std::function<bool(const std::vector<relation::Table>& tables)>;

// The tables without rows that the failure does not need: of each table a half is left out if it still fails,
// then a quarter, down to single rows. Schemas stay. REQUIRES: fails(tables). Calls `fails` at most `tries`
// times.
std::vector<relation::Table> shrink_rows(std::vector<relation::Table> tables, const Fails& fails,
                                         size_t tries = 300);

}  // namespace sluis::differential
