// Random tables, and random queries of the subset over them: one seed, one case.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "relation/table.h"

namespace sluis::differential {

struct GeneratedQuery {
  std::string sql;
  bool ordered = false;  // ORDER BY leaves no ties: rows are compared in order
};

struct GeneratedCase {
  uint64_t seed = 0;
  std::vector<relation::Table> tables;
  std::vector<GeneratedQuery> queries;

  std::vector<relation::TableSchema> schemas() const;
  std::map<std::string, uint64_t> rows() const;
};

// Even seeds: tables of fixed_shapes() and queries as people write them. Odd seeds: schemas and queries made
// up (relations.h). Tables of every kind that matters: empty, one row, duplicate keys, many NULLs, all values
// alike; types are as narrow as the values. Then `queries` queries.
GeneratedCase generate_case(uint64_t seed, size_t queries);

}  // namespace sluis::differential
