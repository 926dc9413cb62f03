// The engine on shares against PostgreSQL, exactly: queries made at random and written by hand, over random
// tables (empty, one row, duplicate keys, NULLs, all filtered out). SLUIS_SEED and SLUIS_CASES choose which
// and how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "engine_support.h"
#include "on_shares.h"
#include "postgres_fixture.h"
#include "query_generator.h"

namespace sluis::differential {
namespace {

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class EngineDifferential : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = PostgresServer::start(why_); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "skipped: " << why_;
  }
  static std::unique_ptr<PostgresServer> server_;
  static std::string why_;
};
std::unique_ptr<PostgresServer> EngineDifferential::server_;
std::string EngineDifferential::why_;

testing::RunOptions keys_from(uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  return options;
}

void compare(const SharedCase& shared, const GeneratedCase& one, const GeneratedQuery& query,
             const PostgresServer::Answer& answer) {
  SCOPED_TRACE("seed " + std::to_string(one.seed) + "\n" + query.sql);
  ASSERT_EQ(answer.error, "");
  const SharesAnswer mine = answer_on_shares(query.sql, shared, keys_from(one.seed));
  for (const Error& error : mine.errors) ADD_FAILURE() << error.summary();
  ASSERT_TRUE(mine.errors.empty());
  EXPECT_EQ(rows_text(mine.table.rows, query.ordered), rows_text(answer.rows, query.ordered)) << mine.plan;
}

// Number of queries with more than one row in the answer: the comparison means something.
size_t compare_case(PostgresServer& server, const GeneratedCase& one) {
  const auto failed = server.load(one.tables);
  EXPECT_FALSE(failed.has_value()) << *failed;
  std::vector<std::string> texts;
  for (const GeneratedQuery& query : one.queries) texts.push_back(query.sql);
  const std::vector<PostgresServer::Answer> answers = server.query(texts);
  const SharedCase shared = share_case(one.tables, one.seed);
  size_t with_rows = 0;
  for (size_t i = 0; i < one.queries.size(); ++i) {
    compare(shared, one, one.queries[i], answers[i]);
    with_rows += answers[i].rows.size() > 1 ? 1 : 0;
  }
  return with_rows;
}

TEST_F(EngineDifferential, RandomQueriesGiveTheSameRows) {
  const uint64_t first = setting("SLUIS_SEED", 1001);
  const uint64_t cases = setting("SLUIS_CASES", 40);
  constexpr size_t kQueries = 10;
  std::cout << "seeds " << first << ".." << first + cases - 1 << ", " << cases * kQueries << " queries\n";
  size_t with_rows = 0;
  for (uint64_t seed = first; seed < first + cases && !HasFailure(); ++seed)
    with_rows += compare_case(*server_, generate_case(seed, kQueries));
  if (HasFailure() || cases < 10) return;
  EXPECT_GT(with_rows, cases * kQueries / 8);
}

TEST_F(EngineDifferential, QueriesByHandGiveTheSameRows) {
  const std::vector<std::string> texts = queries_by_hand();
  const std::vector<HandTables> all = tables_by_hand();
  std::cout << texts.size() << " queries over " << all.size() << " sets of tables\n";
  ASSERT_GE(texts.size(), 30U);
  size_t with_rows = 0;
  for (const HandTables& tables : all) {
    SCOPED_TRACE(tables.what);
    GeneratedCase one;
    one.seed = 7;
    one.tables = tables.tables;
    for (const std::string& text : texts)
      one.queries.push_back({text, text.find("ORDER BY") != std::string::npos});
    with_rows += compare_case(*server_, one);
  }
  EXPECT_GT(with_rows, texts.size());
}

}  // namespace
}  // namespace sluis::differential
