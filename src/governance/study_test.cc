#include "governance/study.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace sluis::governance {
namespace {

TEST(Study, ExampleParses) {
  const auto bytes =
      read_file(std::string(SLUIS_SOURCE_DIR) + "/../shared/design/example-study.toml", kMaxStudyBytes);
  if (!bytes.ok()) GTEST_SKIP();
  const StudyParse parse = parse_study(*bytes, "study.toml");
  for (const Error& error : parse.errors) ADD_FAILURE() << error.summary();
  ASSERT_TRUE(parse.study);
  for (const Error& e : legal_placeholders(*parse.study, "study.toml")) std::cout << e.summary() << "\n";
}

}  // namespace
}  // namespace sluis::governance
