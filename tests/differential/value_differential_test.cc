// Decimals, divisions, averages, spread and ages against PostgreSQL, digit for digit: in the clear and on
// shares.
#include <gtest/gtest.h>

#include <iostream>

#include "engine_support.h"
#include "on_shares.h"
#include "postgres_test.h"
#include "sql/evaluate.h"
#include "value_queries.h"

namespace sluis::differential {
namespace {

class ValueDifferential : public PostgresTest {
 protected:
};

SharesAnswer in_the_clear(const std::string& sql, const std::vector<relation::Table>& tables) {
  std::vector<relation::TableSchema> schemas;
  std::map<std::string, uint64_t> rows;
  sql::ClearTables clear;
  for (const relation::Table& table : tables) {
    schemas.push_back(table.schema);
    rows[table.schema.name] = table.rows;
    clear[table.schema.name] = table;
  }
  SharesAnswer out;
  const sql::BindResult bound = sql::bind_query(sql, schemas, rows);
  out.errors = bound.errors;
  if (!bound.plan) return out;
  auto table = sql::evaluate_output(bound.plan->outputs[0], clear);
  if (!table.ok()) return out.errors.push_back(table.error()), out;
  out.table = std::move(*table);
  return out;
}

void expect_same(const SharesAnswer& mine, const PostgresServer::Answer& answer, bool ordered) {
  for (const Error& error : mine.errors) ADD_FAILURE() << error.summary();
  if (!mine.errors.empty()) return;
  EXPECT_EQ(rows_text(mine.table.rows, ordered), rows_text(answer.rows, ordered)) << mine.plan;
}

TEST_F(ValueDifferential, FiguresAreThoseOfPostgresqlDigitForDigit) {
  const std::vector<std::string> queries = value_queries();
  std::cout << queries.size() << " queries, seeds 1..4\n";
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const std::vector<relation::Table> tables = value_tables(seed, seed == 4 ? 0 : 20 + 30 * seed);
    const auto failed = server_->load(tables);
    ASSERT_FALSE(failed.has_value()) << *failed;
    const std::vector<PostgresServer::Answer> answers = server_->query(queries);
    const SharedCase shared = share_case(tables, seed);
    for (size_t i = 0; i < queries.size(); ++i) {
      SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + queries[i]);
      const bool ordered = queries[i].find("ORDER BY") != std::string::npos;
      // Over no rows PostgreSQL has nothing to divide by; figures of nothing are compared all the same.
      if (seed == 4 && answers[i].error.find("division by zero") != std::string::npos) continue;
      ASSERT_EQ(answers[i].error, "");
      expect_same(in_the_clear(queries[i], tables), answers[i], ordered);
      testing::RunOptions options;
      options.seed = seed;
      if (seed % 2 == 1) expect_same(answer_on_shares(queries[i], shared, options), answers[i], ordered);
    }
  }
}

TEST_F(ValueDifferential, WhatPostgresqlRefusesWeRefuseByName) {
  const std::vector<relation::Table> tables = value_tables(5, 60);
  const auto failed = server_->load(tables);
  ASSERT_FALSE(failed.has_value()) << *failed;
  for (const FailingQuery& query : failing_value_queries()) {
    SCOPED_TRACE(query.sql);
    EXPECT_NE(server_->query({query.sql})[0].error, "");
    const SharesAnswer mine = in_the_clear(query.sql, tables);
    ASSERT_EQ(mine.errors.size(), 1U);
    EXPECT_EQ(mine.errors[0].id, query.id);
  }
}

}  // namespace
}  // namespace sluis::differential
