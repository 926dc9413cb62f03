// Hand-written queries about values: decimals, division, averages and spread, ages; with the tables they
// read.
#pragma once

#include <string>
#include <vector>

#include "relation/table.h"

namespace sluis::differential {

// Tables `pay` and `life`, filled from the seed: halves, signs, zeros, ends of months and leap days, NULLs.
std::vector<relation::Table> value_tables(uint64_t seed, size_t rows);
// Queries that give rows.
std::vector<std::string> value_queries();
// Queries that PostgreSQL ends with an error over value_tables(), and the id of ours.
struct FailingQuery {
  std::string sql, id;
};
std::vector<FailingQuery> failing_value_queries();

}  // namespace sluis::differential
