// The queries of the literature, as a reader finds them in examples/queries, on shares against PostgreSQL:
// over data in their shape, over one customer or patient, and over empty tables. SLUIS_SEED chooses the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "data.h"
#include "engine_support.h"
#include "on_shares.h"
#include "postgres_test.h"
#include "query_files.h"

namespace sluis::queries {
namespace {

using differential::PostgresServer;

std::vector<Query> queries_of(const std::string& set) {
  return read_queries(SLUIS_SOURCE_DIR "/examples/queries", set);
}

uint64_t data_seed() {
  const char* text = std::getenv("SLUIS_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

class Literature : public differential::PostgresTest {
 protected:
  // Queries that gave a figure: a row with something else than NULL and 0 in it.
  static std::set<std::string> compare(const std::string& set, const std::vector<relation::Table>& tables) {
    const auto failed = server_->load(tables);
    EXPECT_FALSE(failed.has_value()) << *failed;
    const std::vector<Query> queries = queries_of(set);
    std::vector<std::string> texts;
    for (const Query& query : queries) texts.push_back(query.sql);
    const std::vector<PostgresServer::Answer> answers = server_->query(texts);
    const differential::SharedCase shared = differential::share_case(tables, data_seed());
    std::set<std::string> with_figures;
    for (size_t i = 0; i < queries.size(); ++i) {
      SCOPED_TRACE(set + "/" + queries[i].name + ", seed " + std::to_string(data_seed()));
      EXPECT_EQ(answers[i].error, "");
      const differential::SharesAnswer mine = differential::answer_on_shares(queries[i].sql, shared, {});
      for (const Error& error : mine.errors) ADD_FAILURE() << error.summary();
      const bool ordered = queries[i].sql.find("ORDER BY") != std::string::npos;
      EXPECT_EQ(differential::rows_text(mine.table.rows, ordered),
                differential::rows_text(answers[i].rows, ordered));
      for (const auto& row : answers[i].rows)
        for (const auto& cell : row)
          if (cell && *cell != "0") with_figures.insert(queries[i].name);
    }
    return with_figures;
  }
};

TEST_F(Literature, GivesTheSameRowsAsPostgres) {
  for (const auto& [set, size] : std::vector<std::pair<std::string, int64_t>>{{"mpc", 150}, {"tpch", 120}}) {
    const std::set<std::string> with_figures = compare(set, make_tables(set, size, data_seed()));
    const std::vector<Query> queries = queries_of(set);
    std::cout << set << ": " << queries.size() << " queries\n";
    for (const Query& query : queries)
      EXPECT_TRUE(with_figures.count(query.name) == 1) << query.name << " says nothing about this data";
  }
}

TEST_F(Literature, OverOnePatientOrCustomer) {
  for (const std::string& set : data_sets()) compare(set, make_tables(set, 1, data_seed()));
}

TEST_F(Literature, OverEmptyTables) {
  for (const std::string& set : data_sets()) {
    std::vector<relation::Table> tables = make_tables(set, 5, data_seed());
    for (relation::Table& table : tables) table = relation::Table::empty(table.schema);
    EXPECT_EQ(compare(set, tables), std::set<std::string>());
  }
}

TEST(LiteratureQueries, AreAllThere) {
  std::set<std::string> names;
  for (const std::string& set : data_sets())
    for (const Query& query : queries_of(set)) names.insert(query.name);
  for (const char* name :
       {"comorbidity", "recurrent_cdiff", "aspirin_count", "password_reuse", "credit_score", "q01", "q03",
        "q04", "q05", "q06", "q10", "q12", "q13", "q14", "q18"})
    EXPECT_EQ(names.count(name), 1U) << name;
}

}  // namespace
}  // namespace sluis::queries
