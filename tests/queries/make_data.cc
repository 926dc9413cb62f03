// Writes the data of examples/queries as CSV files and schema.toml, to try the queries with `sluis sql`.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "data.h"
#include "engine_support.h"

int main(int argc, char** argv) {
  using namespace sluis;
  const std::string set = argc > 1 ? argv[1] : "";
  const int64_t size = argc > 2 ? std::atoll(argv[2]) : 0;
  const auto& sets = queries::data_sets();
  if (argc != 4 || std::find(sets.begin(), sets.end(), set) == sets.end() || size < 1 || size > 200'000) {
    std::fputs("usage: make_data mpc|tpch SIZE DIRECTORY   (SIZE: patients or customers, at most 200000)\n",
               stderr);
    return 2;
  }
  const std::string directory = argv[3];
  std::filesystem::create_directories(directory);
  const std::vector<relation::Table> tables = queries::make_tables(set, size, 1);
  differential::write_directory(directory, tables);
  for (const relation::Table& table : tables)
    std::printf("%s: %zu rows\n", table.schema.name.c_str(), table.rows);
  return 0;
}
