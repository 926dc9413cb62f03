#include "data.h"

#include "data_parts.h"

namespace sluis::queries {

const std::vector<std::string>& data_sets() {
  static const std::vector<std::string> kSets = {"mpc", "tpch"};
  return kSets;
}

std::vector<relation::Table> make_tables(const std::string& set, int64_t size, uint64_t seed) {
  return set == "tpch" ? tpch_tables(size, seed) : mpc_tables(size, seed);
}

}  // namespace sluis::queries
