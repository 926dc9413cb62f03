// The example study, unchanged, in PostgreSQL and in the clear-text evaluator: every cell of every output,
// over random registers with twins, missing keys and dates, several parents and overlapping care.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "postgres_fixture.h"
#include "relation/date.h"
#include "sql/evaluate.h"
#include "sql/example_study_for_test.h"
#include "sql/rewrite.h"

namespace sluis::differential {
namespace {

using relation::Table;

// Random rows within a schema (with the hidden owner column, if it has one).
Table random_table(const relation::TableSchema& schema, size_t rows, std::mt19937_64& random) {
  Table table = Table::empty(schema);
  table.rows = rows;
  const auto below = [&](int64_t n) { return static_cast<int64_t>(random() % static_cast<uint64_t>(n)); };
  const int64_t first = *relation::day_number(2020, 6, 1);
  for (size_t c = 0; c < schema.columns.size(); ++c) {
    const relation::ColumnSchema& column = schema.columns[c];
    for (size_t r = 0; r < rows; ++r) {
      if (column.nullable && below(8) == 0) {
        table.columns[c].push_null();
      } else if (column.type.kind == relation::Kind::kDate) {
        table.columns[c].push(first + below(1900));
      } else if (column.type.hi > 1000) {
        table.columns[c].push(1000 + below(60));  // few persons: twins, several parents
      } else {
        table.columns[c].push(below(column.type.hi + 1));
      }
    }
  }
  return table;
}

std::string joined(const TextRows& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (const auto& cell : row) out += cell.value_or("NULL") + " | ";
    out += "\n";
  }
  return out;
}

// Cells with rows only, and only those of the declared domain: PostgreSQL knows no domain.
TextRows occurring(const sql::ResultTable& table, const TextRows& postgres) {
  TextRows out;
  for (const auto& row : table.rows) {
    const bool occurs = std::any_of(postgres.begin(), postgres.end(), [&](const auto& other) {
      return std::equal(row.begin(), row.end(), other.begin());
    });
    const auto last = row.back();
    if (occurs || (last && *last != "0")) out.push_back(row);
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(StudyDifferential, ExampleGivesTheSameCells) {
  const std::string bytes = sql::example_bytes();
  std::string why;
  const auto server = PostgresServer::start(why);
  if (server == nullptr) GTEST_SKIP() << "skipped: " << why;
  const sql::StudySql study = sql::example_study(bytes);
  const sql::BindResult bound = sql::bind_study(study);
  ASSERT_TRUE(bound.plan.has_value());
  std::mt19937_64 random(7);
  std::cout << "seed 7\n";
  size_t compared = 0;
  for (int round = 0; round < 8; ++round) {
    sql::ClearTables tables;
    std::vector<Table> plain;
    for (const auto& [name, schema] : bound.plan->tables) {
      tables[name] = random_table(schema, round == 0 ? 0 : 150, random);
      plain.push_back(tables[name]);
      plain.back().schema.columns.pop_back();  // the owner column
      plain.back().columns.pop_back();
    }
    std::string views = "DROP TABLE IF EXISTS schuldhulp, ouder_kind, jeugdhulp CASCADE";
    ASSERT_FALSE(server->run(views).has_value());
    const auto failed = server->load(plain);
    ASSERT_FALSE(failed.has_value()) << *failed;
    views.clear();
    for (const sql::SqlText& view : study.views)
      views += "CREATE VIEW " + view.name + " AS " + view.sql + ";\n";
    const auto view_error = server->run("SET client_min_messages = error;\n" + views);
    ASSERT_FALSE(view_error.has_value()) << *view_error;
    std::vector<std::string> queries;
    for (const sql::StudyOutput& output : study.outputs) {
      std::string filter;
      for (const auto& [name, values] : output.domain) {
        filter += (filter.empty() ? " WHERE " : " AND ") + name + " IN (";
        for (size_t i = 0; i < values.size(); ++i) filter += (i == 0 ? "'" : ", '") + values[i] + "'";
        filter += ")";
      }
      queries.push_back("SELECT * FROM (" + output.text.sql + ") o" + filter);
    }
    const auto answers = server->query(queries);
    for (size_t i = 0; i < queries.size(); ++i) {
      ASSERT_EQ(answers[i].error, "") << queries[i];
      const auto result = sql::evaluate_output(bound.plan->outputs[i], tables);
      ASSERT_TRUE(result.ok());
      size_t cells = 1;
      for (const auto& [name, values] : study.outputs[i].domain) cells *= values.size();
      EXPECT_EQ(result->rows.size(), cells);  // every declared row is printed
      TextRows expected = answers[i].rows;
      std::sort(expected.begin(), expected.end());
      EXPECT_EQ(joined(occurring(*result, expected)), joined(expected)) << study.outputs[i].text.name;
      compared += expected.size();
    }
  }
  EXPECT_GT(compared, 80U);
}

}  // namespace
}  // namespace sluis::differential
