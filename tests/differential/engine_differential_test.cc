// The engine on shares against PostgreSQL, exactly: queries made at random and written by hand, over random
// tables (empty, one row, duplicate keys, NULLs, all filtered out). SLUIS_SEED and SLUIS_CASES choose which
// and how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "edges.h"
#include "engine_support.h"
#include "generator/query_generator.h"
#include "on_shares.h"
#include "postgres_test.h"
#include "shrink.h"

namespace sluis::differential {
namespace {

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class EngineDifferential : public PostgresTest {
 protected:
};

// What came of one query.
struct Outcome {
  Errors errors;           // of binding
  std::string difference;  // from PostgreSQL's rows, or its error; "" if there is none
  size_t rows = 0;
};

Outcome ask(const SharedCase& shared, const GeneratedQuery& query, const PostgresServer::Answer& answer,
            uint64_t seed) {
  testing::RunOptions options;
  options.seed = seed;
  const SharesAnswer mine = answer_on_shares(query.sql, shared, options);
  Outcome out{mine.errors, answer.error, answer.rows.size()};
  if (!out.errors.empty() || !out.difference.empty()) return out;
  const std::string expected = rows_text(answer.rows, query.ordered);
  const std::string got = rows_text(mine.table.rows, query.ordered);
  if (got != expected) out.difference = "PostgreSQL:\n" + expected + "Sluis:\n" + got + mine.plan;
  return out;
}

// The same query over fewer rows, for as long as it differs; as statements for psql.
std::string small_case(PostgresServer& server, const GeneratedCase& one, const GeneratedQuery& query) {
  const auto differs = [&](const std::vector<relation::Table>& tables) {
    if (server.load(tables)) return false;
    const PostgresServer::Answer answer = server.query({query.sql})[0];
    return !ask(share_case(tables, one.seed), query, answer, one.seed).difference.empty();
  };
  return tables_script(shrink_rows(one.tables, differs));
}

struct Tally {
  size_t with_rows = 0;  // more than one row in the answer: the comparison means something
  size_t refused = 0;    // only_bounds()
};
void compare_case(PostgresServer& server, const GeneratedCase& one, Tally& tally) {
  const auto failed = server.load(one.tables);
  ASSERT_FALSE(failed.has_value()) << *failed;
  std::vector<std::string> texts;
  for (const GeneratedQuery& query : one.queries) texts.push_back(query.sql);
  const std::vector<PostgresServer::Answer> answers = server.query(texts);
  const SharedCase shared = share_case(one.tables, one.seed);
  for (size_t i = 0; i < one.queries.size(); ++i) {
    const GeneratedQuery& query = one.queries[i];
    SCOPED_TRACE("seed " + std::to_string(one.seed) + "\n" + query.sql);
    const Outcome outcome = ask(shared, query, answers[i], one.seed);
    tally.with_rows += outcome.rows > 1 ? 1 : 0;
    const bool out_of_range = answers[i].error.find("out of range") != std::string::npos;
    if (only_bounds(outcome.errors) && (answers[i].error.empty() || out_of_range)) {
      ++tally.refused;
      continue;
    }
    for (const Error& error : outcome.errors) ADD_FAILURE() << error.summary();
    if (!outcome.difference.empty()) FAIL() << outcome.difference << small_case(server, one, query);
  }
}

TEST_F(EngineDifferential, RandomQueriesGiveTheSameRows) {
  const uint64_t first = setting("SLUIS_SEED", 1001);
  const uint64_t cases = setting("SLUIS_CASES", 60);
  constexpr size_t kQueries = 10;
  std::cout << "seeds " << first << ".." << first + cases - 1 << ", " << cases * kQueries << " queries\n";
  Tally tally;
  for (uint64_t seed = first; seed < first + cases && !HasFailure(); ++seed)
    compare_case(*server_, generate_case(seed, kQueries), tally);
  std::cout << tally.with_rows << " with more than one row, " << tally.refused << " refused by bounds\n";
  if (HasFailure() || cases < 10) return;
  EXPECT_GT(tally.with_rows, cases * kQueries / 8);
  EXPECT_LT(tally.refused, cases * kQueries / 10);
}

void compare_by_hand(PostgresServer& server, const std::vector<std::string>& texts, Tally& tally) {
  const std::vector<HandTables> all = tables_by_hand();
  std::cout << texts.size() << " queries over " << all.size() << " sets of tables\n";
  for (const HandTables& tables : all) {
    SCOPED_TRACE(tables.what);
    GeneratedCase one;
    one.seed = 7;
    one.tables = tables.tables;
    for (const std::string& text : texts) one.queries.push_back({text, is_ordered(text)});
    compare_case(server, one, tally);
  }
  EXPECT_EQ(tally.refused, 0U);
}

TEST_F(EngineDifferential, AtTheEdgesOfTheValues) {
  GeneratedCase one;
  one.seed = 11;
  one.tables = edge_tables();
  for (const std::string& text : edge_queries()) one.queries.push_back({text, false});
  std::cout << one.queries.size() << " queries at the edges, " << beyond_the_edge().size() << " beyond\n";
  Tally tally;
  compare_case(*server_, one, tally);
  EXPECT_EQ(tally.refused, 0U);
}

// What could leave the bounds is refused by name before anything runs: never a wrong figure.
TEST(BeyondTheEdge, IsRefused) {
  const SharedCase shared = share_case(edge_tables(), 11);
  for (const auto& [sql, cause] : beyond_the_edge()) {
    SCOPED_TRACE(sql);
    const SharesAnswer answer = answer_on_shares(sql, shared, {});
    ASSERT_EQ(answer.errors.size(), 1U);
    EXPECT_EQ(answer.errors[0].id, "S1021." + cause);
  }
}

TEST_F(EngineDifferential, QueriesByHandGiveTheSameRows) {
  const std::vector<std::string> texts = queries_by_hand();
  ASSERT_GE(texts.size(), 30U);
  Tally tally;
  compare_by_hand(*server_, texts, tally);
  EXPECT_GT(tally.with_rows, texts.size());
}

TEST_F(EngineDifferential, WindowsAndJoinsByHandGiveTheSameRows) {
  const std::vector<std::string> texts = relational_queries_by_hand();
  Tally tally;
  compare_by_hand(*server_, texts, tally);
  EXPECT_GT(tally.with_rows, texts.size() / 2);
}

// Every construct of docs/sql.md that a made-up query can hold is made up, and not once only.
TEST(QueryGenerator, CoversTheSubset) {
  std::string all;
  for (uint64_t seed = 1001; seed < 1061; ++seed)
    for (const GeneratedQuery& query : generate_case(seed, 10).queries) all += query.sql + "\n";
  for (const char* construct : {" LEFT JOIN ",
                                " RIGHT JOIN ",
                                " JOIN (SELECT",
                                " JOIN t",
                                ", (SELECT",
                                "WITH w",
                                " NOT EXISTS (",
                                " IN (SELECT ",
                                " UNION ALL ",
                                " UNION SELECT",
                                "SELECT DISTINCT",
                                " GROUP BY ",
                                " HAVING ",
                                " ORDER BY ",
                                " DESC",
                                " LIMIT ",
                                " FILTER (WHERE ",
                                "COUNT(*)",
                                "COUNT(DISTINCT ",
                                "row_number() OVER (",
                                "rank() OVER (",
                                "lag(",
                                "lead(",
                                "first_value(",
                                "PARTITION BY ",
                                " ROWS UNBOUNDED PRECEDING)",
                                " = 1",
                                "SUM(",
                                "MIN(",
                                "MAX(",
                                "bool_and(",
                                "bool_or(",
                                "CASE WHEN ",
                                "CASE r",
                                "COALESCE(",
                                "NULLIF(",
                                "GREATEST(",
                                "LEAST(",
                                "EXTRACT(year",
                                "EXTRACT(month",
                                "INTERVAL '",
                                "make_interval(",
                                "AS date)",
                                "AS integer)",
                                " BETWEEN ",
                                " NOT BETWEEN ",
                                " IN (1",
                                " NOT IN (",
                                " IS NULL",
                                " IS NOT NULL",
                                " IS TRUE",
                                " IS NOT FALSE",
                                " IS UNKNOWN",
                                " IS DISTINCT FROM ",
                                " IS NOT DISTINCT FROM ",
                                "NOT (",
                                " AND ",
                                " OR ",
                                " <> ",
                                "(- "}) {
    size_t found = 0;
    for (size_t at = all.find(construct); at != std::string::npos; at = all.find(construct, at + 1)) ++found;
    EXPECT_GE(found, 3U) << construct;
  }
}

// The shrinking aid itself: keeps what a failure needs, and no more.
TEST(ShrinkRows, KeepsWhatIsNeeded) {
  const std::vector<relation::Table> tables = tables_by_hand()[0].tables;
  const auto fails = [](const std::vector<relation::Table>& some) {
    const auto& ids = some[0].columns[0].values;
    return std::count(ids.begin(), ids.end(), 7) > 0 && some[1].rows > 2;
  };
  ASSERT_TRUE(fails(tables));
  const std::vector<relation::Table> small = shrink_rows(tables, fails);
  EXPECT_TRUE(fails(small));
  EXPECT_EQ(small[0].rows, 1U);
  EXPECT_EQ(small[1].rows, 3U);
  EXPECT_EQ(small[2].rows, 0U);
}

}  // namespace
}  // namespace sluis::differential
