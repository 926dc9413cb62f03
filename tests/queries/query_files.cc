#include "query_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sluis::queries {

std::vector<Query> read_queries(const std::string& directory, const std::string& set) {
  std::vector<Query> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(directory) / set)) {
    if (entry.path().extension() != ".sql") continue;
    std::ifstream file(entry.path());
    Query query{entry.path().stem().string(), {}};
    std::getline(file, query.sql, '\0');
    out.push_back(std::move(query));
  }
  std::sort(out.begin(), out.end(), [](const Query& a, const Query& b) { return a.name < b.name; });
  return out;
}

}  // namespace sluis::queries
