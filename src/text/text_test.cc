#include "text/text.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace sluis::text {
namespace {

std::set<std::string> placeholders(const std::string& form) {
  std::set<std::string> found;
  for (size_t i = 0; i + 2 < form.size(); ++i)
    if (form[i] == '{' && form[i + 2] == '}' && form[i + 1] >= '0' && form[i + 1] <= '9')
      found.insert(form.substr(i, 3));
  return found;
}

TEST(Text, BothCataloguesHaveTheSameKeysAndPlaceholders) {
  EXPECT_EQ(keys(Language::kDutch), keys(Language::kEnglish));
  for (const std::string& key : keys(Language::kDutch))
    EXPECT_EQ(placeholders(tr(Language::kDutch, key)), placeholders(tr(Language::kEnglish, key))) << key;
}

// Every literal key used in src/ as tr(x, "key" ...) stands in the catalogue.
TEST(Text, EveryUsedKeyExists) {
  const std::filesystem::path root = std::filesystem::path(SLUIS_SOURCE_DIR) / "src";
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".cc" || entry.path().string().ends_with("_test.cc")) continue;
    std::ifstream in(entry.path());
    std::stringstream all;
    all << in.rdbuf();
    const std::string source = all.str();
    for (size_t at = source.find("tr("); at != std::string::npos; at = source.find("tr(", at + 1)) {
      const bool other_name =
          at > 0 && (std::isalnum(static_cast<unsigned char>(source[at - 1])) || source[at - 1] == '_');
      if (other_name) continue;  // substr( and the like
      const size_t open = source.find('"', at);
      const size_t stop = source.find_first_of(");", at);
      if (open == std::string::npos || open > stop) continue;
      const size_t close = source.find('"', open + 1);
      if (source.substr(close + 1, 2).find('+') != std::string::npos) continue;  // a key that is put together
      const std::string key = source.substr(open + 1, close - open - 1);
      if (key.starts_with('.') || key.ends_with('.')) continue;  // likewise: a part of a key
      EXPECT_TRUE(has(Language::kDutch, key)) << key << " in " << entry.path();
      ++seen;
    }
  }
  EXPECT_GT(seen, 0);
}

TEST(Text, RendersAnError) {
  Error error;
  error.id = "S1002.large";
  error.args = {"100"};
  error.file = "a.csv";
  EXPECT_EQ(
      render(Language::kEnglish, error),
      "S1002 a.csv file too large: at most 100 bytes are read\n      Explanation: sluis explain-code S1002");
  EXPECT_EQ(tr(Language::kDutch, "no.such.key"), "«no.such.key»");
}

}  // namespace
}  // namespace sluis::text
