// The clear-text evaluator against PostgreSQL, exactly, on random tables and queries. SLUIS_SEED and
// SLUIS_CASES choose which and how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "postgres_fixture.h"
#include "query_generator.h"
#include "sql/binder.h"
#include "sql/evaluate.h"
#include "sql/plan_text.h"
#include "sql/rewrite.h"

namespace sluis::differential {
namespace {

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string rows_text(TextRows rows, bool ordered) {
  if (!ordered) std::sort(rows.begin(), rows.end());
  std::string out;
  for (const auto& row : rows) {
    for (const auto& cell : row) out += (cell ? "[" + *cell + "]" : std::string("NULL")) + " ";
    out += "\n";
  }
  return out;
}

class EvaluateDifferential : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = PostgresServer::start(why_); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "skipped: " << why_;
  }

  static std::unique_ptr<PostgresServer> server_;
  static std::string why_;
};
std::unique_ptr<PostgresServer> EvaluateDifferential::server_;
std::string EvaluateDifferential::why_;

sql::ClearTables clear_tables(const GeneratedCase& one) {
  sql::ClearTables tables;
  for (const relation::Table& table : one.tables) tables[table.schema.name] = table;
  return tables;
}

void compare(const GeneratedCase& one, const GeneratedQuery& query, const PostgresServer::Answer& answer) {
  SCOPED_TRACE("seed " + std::to_string(one.seed) + "\n" + query.sql);
  ASSERT_EQ(answer.error, "");
  const sql::BindResult bound = sql::bind_query(query.sql, one.schemas(), one.rows());
  for (const Error& error : bound.errors) ADD_FAILURE() << error.summary();
  ASSERT_TRUE(bound.plan.has_value());
  const auto result = sql::evaluate_output(bound.plan->outputs[0], clear_tables(one));
  ASSERT_TRUE(result.ok()) << result.error().summary();
  EXPECT_EQ(rows_text(result->rows, query.ordered), rows_text(answer.rows, query.ordered))
      << sql::plan_text(*bound.plan);
}

TEST_F(EvaluateDifferential, RandomQueriesGiveTheSameRows) {
  const uint64_t first = setting("SLUIS_SEED", 1);
  const uint64_t cases = setting("SLUIS_CASES", 40);
  constexpr size_t kQueries = 10;
  std::cout << "seeds " << first << ".." << first + cases - 1 << ", " << cases * kQueries << " queries\n";
  size_t with_rows = 0;
  for (uint64_t seed = first; seed < first + cases; ++seed) {
    const GeneratedCase one = generate_case(seed, kQueries);
    const auto failed = server_->load(one.tables);
    ASSERT_FALSE(failed.has_value()) << *failed;
    std::vector<std::string> texts;
    for (const GeneratedQuery& query : one.queries) texts.push_back(query.sql);
    const std::vector<PostgresServer::Answer> answers = server_->query(texts);
    for (size_t i = 0; i < one.queries.size(); ++i) {
      compare(one, one.queries[i], answers[i]);
      with_rows += answers[i].rows.size() > 1 ? 1 : 0;
    }
    if (HasFailure()) break;
  }
  if (HasFailure() || cases < 10) return;
  EXPECT_GT(with_rows, cases * kQueries / 8);  // the comparison means something
}

// Every rewrite, and the hidden owner columns of study mode, leave the result as it was.
TEST(Rewrites, KeepEveryResult) {
  const uint64_t first = setting("SLUIS_SEED", 1);
  const std::vector<std::string> codes = {"A", "B", "C"};
  std::map<std::string, std::vector<std::string>> owners;
  size_t changed = 0;
  for (uint64_t seed = first; seed < first + 60; ++seed) {
    const GeneratedCase one = generate_case(seed, 10);
    sql::ClearTables tables = clear_tables(one);
    sql::ClearTables owned = tables;
    for (auto& [name, table] : owned) {
      owners[name] = codes;
      table.schema.columns.push_back({sql::kOwnerColumn, relation::Type::category(codes), false});
      table.columns.emplace_back();
      for (size_t r = 0; r < table.rows; ++r)
        table.columns.back().push(static_cast<int64_t>(r % codes.size()));
    }
    for (const GeneratedQuery& query : one.queries) {
      SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + query.sql);
      sql::Stages stages = sql::query_stages(query.sql, one.schemas(), one.rows());
      ASSERT_TRUE(stages.errors.empty());
      const auto rows = [&](const sql::Plan& plan, const sql::ClearTables& data) {
        const auto result = sql::evaluate_output(plan.outputs[0], data);
        EXPECT_TRUE(result.ok());
        return rows_text(result->rows, query.ordered);
      };
      const std::string expected = rows(stages.plans[0].second, tables);
      for (const auto& [name, plan] : stages.plans) ASSERT_EQ(rows(plan, tables), expected) << name;
      sql::Plan hidden = stages.plans.back().second;
      sql::add_owner_columns(hidden, owners);
      ASSERT_EQ(rows(hidden, owned), expected) << sql::plan_text(hidden);
      EXPECT_FALSE(hidden.outputs[0].owner_columns.empty());
      changed += sql::plan_text(stages.plans[0].second) != sql::plan_text(stages.plans.back().second) ? 1 : 0;
    }
  }
  EXPECT_GT(changed, 300U);
}

}  // namespace
}  // namespace sluis::differential
