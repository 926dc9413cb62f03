// Reference cases of shared/data/sdc, where they are present.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sluis::attacker {

inline std::filesystem::path sdc_folder() {
  return std::filesystem::path(SLUIS_SOURCE_DIR).parent_path() / "shared/data/sdc";
}

inline nlohmann::json read_expected(const std::string& name) {
  std::ifstream in(sdc_folder() / name / "expected.json");
  return nlohmann::json::parse(in);
}

// Rows of a CSV file as R writes it: a header, strings in quotes, no commas or quotes inside.
inline std::vector<std::vector<std::string>> read_rows(const std::string& name) {
  std::ifstream in(sdc_folder() / name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row(1);
    for (char c : line) {
      if (c == ',')
        row.emplace_back();
      else if (c != '"' && c != '\r')
        row.back() += c;
    }
    rows.push_back(std::move(row));
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

#define SKIP_WITHOUT_SDC()                                       \
  if (!std::filesystem::exists(::sluis::attacker::sdc_folder())) \
  GTEST_SKIP() << "shared/data/sdc is not "                      \
                  "here"

}  // namespace sluis::attacker
