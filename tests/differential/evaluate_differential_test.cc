// The clear-text evaluator against PostgreSQL, exactly, on random tables and queries. SLUIS_SEED and
// SLUIS_CASES choose which and how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "engine_support.h"
#include "generator/query_generator.h"
#include "postgres_test.h"
#include "relation/date.h"
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

class EvaluateDifferential : public PostgresTest {};

sql::ClearTables clear_tables(const GeneratedCase& one) {
  sql::ClearTables tables;
  for (const relation::Table& table : one.tables) tables[table.schema.name] = table;
  return tables;
}

void compare(const GeneratedCase& one, const GeneratedQuery& query, const PostgresServer::Answer& answer) {
  SCOPED_TRACE("seed " + std::to_string(one.seed) + "\n" + query.sql);
  const sql::BindResult bound = sql::bind_query(query.sql, one.schemas(), one.rows());
  const bool out_of_range = answer.error.find("out of range") != std::string::npos;
  if (only_bounds(bound.errors) && (answer.error.empty() || out_of_range)) return;
  ASSERT_EQ(answer.error, "");
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

// Ends of months, leap days, NULLs, ties, empty groups, byte order of text: what is easily got wrong.
TEST_F(EvaluateDifferential, HandWrittenQueriesGiveTheSameRows) {
  GeneratedCase one;
  relation::Table days =
      relation::Table::empty({"m",
                              {{"id", relation::Type::integer(1, 9), false},
                               {"d", relation::Type::date(), true},
                               {"w", relation::Type::category({"", "Z", "a", "aa", "é", "~"}), true},
                               {"n", relation::Type::integer(-3, 3), true}},
                              {{"id"}}});
  int64_t id = 1;
  for (const char* day : {"2020-02-29", "2023-08-31", "2024-01-31", "2023-02-28", "1900-01-01", "2079-06-06",
                          "2023-12-31", "2024-12-30"}) {
    days.columns[0].push(id);
    days.columns[1].push(*relation::parse_iso_date(day));
    days.columns[2].push(id % 6);
    days.columns[3].push(id % 7 - 3);
    ++id;
  }
  days.columns[0].push(id);
  for (size_t c = 1; c < 4; ++c) days.columns[c].push_null();
  days.rows = 9;
  one.tables = {days};
  std::vector<GeneratedQuery>& queries = one.queries;
  for (const char* shift : {"1 month", "-1 month", "6 months", "12 months", "24 months", "-12 months",
                            "-48 months", "1 year 1 month -1 day", "31 days", "2 weeks"})
    queries.push_back({std::string("SELECT id, MIN(CAST(d + INTERVAL '") + shift +
                           "' AS date)) AS later, MIN(CAST(d - INTERVAL '" + shift +
                           "' AS date)) AS earlier FROM m GROUP BY id",
                       false});
  for (const char* sql : {
           "SELECT w, COUNT(*) AS n FROM m GROUP BY w ORDER BY w",
           "SELECT w, COUNT(*) AS n FROM m GROUP BY w ORDER BY w DESC",
           "SELECT w, MIN(n) AS x FROM m GROUP BY w ORDER BY x DESC, w LIMIT 3",
           "SELECT MIN(w) AS lo, MAX(w) AS hi FROM m WHERE w > 'Z'",
           "SELECT COUNT(*) AS n FROM m WHERE w < 'b'",
           "SELECT COUNT(*) AS n FROM m WHERE w >= 'zzz' OR w = 'kees' OR w <> 'kees'",
           "SELECT COUNT(*) AS n FROM m WHERE NOT (w = 'kees')",
           "SELECT COUNT(*) AS a, COUNT(d) AS b, SUM(n) AS c, MAX(d) AS e, bool_or(n > 0) AS f FROM m WHERE "
           "id > 100",
           "SELECT w, COUNT(*) AS n FROM m WHERE id > 100 GROUP BY w",
           "SELECT COUNT(DISTINCT n) AS a, COUNT(n) AS b, SUM(n) AS c FROM m WHERE id > 100",
           "SELECT COUNT(*) AS a FROM m HAVING COUNT(*) > 100",
           "SELECT w, COUNT(*) AS n FROM m GROUP BY w ORDER BY 1 LIMIT 0",
           "SELECT n IN (1, NULL) AS x, COUNT(*) AS c FROM m GROUP BY x",
           "SELECT n NOT IN (1, NULL) AS x, COUNT(*) AS c FROM m GROUP BY x",
           "SELECT NULLIF(n, 0) IS DISTINCT FROM n AS x, n BETWEEN NULL AND 2 AS y, COUNT(*) AS c FROM m "
           "GROUP BY x, y",
           "SELECT CASE n WHEN NULL THEN 'null' WHEN 1 THEN 'one' ELSE 'rest' END AS x, COUNT(*) AS c FROM m "
           "GROUP BY x",
           "SELECT GREATEST(n, NULL, 1) AS x, LEAST(n, 0, -1) AS y, COUNT(*) AS c FROM m GROUP BY x, y",
           "SELECT EXTRACT(year FROM d - INTERVAL '1 day') AS y, EXTRACT(month FROM d + 1) AS m, COUNT(*) AS "
           "c FROM m WHERE id < 5 GROUP BY y, m",
           "SELECT SUM(d - DATE '2000-02-29') AS x, SUM(DATE '2000-02-29' - d) AS y FROM m",
           "SELECT COUNT(*) AS c FROM m a JOIN m b ON a.n = b.id LEFT JOIN m e ON e.id = a.n + 1 AND b.d > "
           "e.d WHERE e.w IS NULL",
           "SELECT a.n, COUNT(b.id) AS c FROM m a LEFT JOIN m b ON a.n = b.id AND a.id > 3 GROUP BY a.n",
           "SELECT COUNT(*) AS c FROM m a WHERE a.n NOT IN (SELECT b.id FROM m b WHERE b.id < 3) AND a.n IS "
           "NOT NULL",
           "SELECT COUNT(*) AS c FROM m a WHERE NOT EXISTS (SELECT 1 FROM m b WHERE b.n = a.n AND b.w = 'a' "
           "AND a.id <> 3)",
       })
    queries.push_back({sql, std::string(sql).find("ORDER BY") != std::string::npos});
  const auto failed = server_->load(one.tables);
  ASSERT_FALSE(failed.has_value()) << *failed;
  std::vector<std::string> texts;
  for (const GeneratedQuery& query : queries) texts.push_back(query.sql);
  const std::vector<PostgresServer::Answer> answers = server_->query(texts);
  for (size_t i = 0; i < queries.size(); ++i) compare(one, queries[i], answers[i]);
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
      if (only_bounds(stages.errors)) continue;
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
