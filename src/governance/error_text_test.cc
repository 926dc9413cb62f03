// Every error that this folder and the TOML reader can raise has its words in both languages.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "text/text.h"

namespace sluis::governance {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

std::set<std::string> ids_in(const std::string& source) {
  std::set<std::string> out;
  for (size_t at = source.find("\"S1"); at != std::string::npos; at = source.find("\"S1", at + 1)) {
    const size_t end = source.find('"', at + 1);
    out.insert(source.substr(at + 1, end - at - 1));
  }
  return out;
}

TEST(ErrorText, EveryErrorHasItsWords) {
  const std::filesystem::path root = std::filesystem::path(SLUIS_SOURCE_DIR) / "src";
  std::set<std::string> ids = ids_in(contents(root / "base/toml.cc"));
  for (const auto& entry : std::filesystem::directory_iterator(root / "governance")) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".cc") && !name.ends_with("_test.cc")) ids.merge(ids_in(contents(entry.path())));
  }
  EXPECT_GT(ids.size(), 100u);
  for (const std::string& id : ids) {
    const size_t dot = id.find('.');
    if (id == "S1302") continue;  // an example of a form, as an argument
    EXPECT_TRUE(dot == 5 || id.size() == 5) << id;
    for (const text::Language language : {text::Language::kDutch, text::Language::kEnglish}) {
      Error error;
      error.id = id;
      EXPECT_FALSE(text::describe(language, error).what.empty()) << id;
    }
  }
}

}  // namespace
}  // namespace sluis::governance
