// The SQL of examples/queries.
#pragma once

#include <string>
#include <vector>

namespace sluis::queries {

struct Query {
  std::string name, sql;
};

// Every *.sql of `directory`/`set`, by name.
std::vector<Query> read_queries(const std::string& directory, const std::string& set);

}  // namespace sluis::queries
