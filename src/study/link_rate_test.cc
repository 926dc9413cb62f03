#include "study/link_rate.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "governance/world_for_test.h"
#include "sql/evaluate.h"
#include "sql/rewrite.h"
#include "study/bind.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

using governance::Study;
using governance::test::example_bytes;
using governance::test::parsed;
using governance::test::replaced;
using Keys = std::vector<std::pair<std::string, std::string>>;

sql::Plan plan_of(const Study& study) {
  sql::BindResult bound = study::bind(study, everybody(study), assumed_rows(study), "study.toml");
  EXPECT_TRUE(bound.plan.has_value()) << governance::test::summaries(bound.errors);
  return bound.plan ? std::move(*bound.plan) : sql::Plan{};
}

std::vector<LinkRate> rates_of(const std::string& bytes) {
  const Study study = parsed(bytes);
  return link_rates(study, plan_of(study));
}

TEST(LinkRates, OfTheExampleAreThoseOfTheTwoTablesThatAreLinked) {
  const std::vector<LinkRate> rates = rates_of(example_bytes());
  ASSERT_EQ(rates.size(), 2u);
  EXPECT_EQ(rates[0].name, "__link_1");
  EXPECT_EQ(rates[0].table, "schuldhulp");
  EXPECT_EQ(rates[0].other, "ouder_kind");
  EXPECT_EQ(rates[0].keys, (Keys{{"ouder", "ouder"}}));
  EXPECT_EQ(rates[0].owners.size(), 7u);
  EXPECT_EQ(rates[1].name, "__link_3");
  EXPECT_EQ(rates[1].table, "jeugdhulp");
  EXPECT_EQ(rates[1].other, "ouder_kind");
  EXPECT_EQ(rates[1].keys, (Keys{{"kind", "kind"}}));
  EXPECT_EQ(rates[1].owners, (std::vector<std::string>{"JA9001", "JA9002", "JA9003"}));
}

TEST(LinkRates, NoneWithoutReport) {
  EXPECT_TRUE(rates_of(replaced(example_bytes(), "report     = true", "report     = false")).empty());
}

// Care joined to the parents' counselling instead of to the children: schuldhulp is linked to the population,
// jeugdhulp only through it.
TEST(LinkRates, ATableThatIsOnlyJoinedThroughAnotherIsJudgedByThatOne) {
  std::string bytes = replaced(example_bytes(), "FROM   schuldhulp\nGROUP  BY ouder",
                               "FROM   schuldhulp LEFT JOIN pleegzorg p ON p.kind = schuldhulp.ouder\n"
                               "GROUP  BY ouder");
  // A view is known to those below it only.
  const size_t from = bytes.find("[[view]]\nname = \"pleegzorg\""), to = bytes.find("[[view]]", from + 1);
  ASSERT_NE(from, std::string::npos);
  const std::string view = bytes.substr(from, to - from);
  bytes.erase(from, to - from);
  bytes.insert(bytes.find("[[view]]"), view);
  // `volg` no longer joins it to the children.
  bytes = replaced(bytes, "FROM   kinderen k LEFT JOIN pleegzorg p ON p.kind = k.kind",
                   "FROM   kinderen k LEFT JOIN schuld p ON p.ouder = k.kind");
  bytes =
      replaced(bytes, "k.schuld_start, p.pleeg_van, p.pleeg_tot", "k.schuld_start, p.pleeg_van, p.pleeg_tot");
  bytes = replaced(bytes, "MIN(aanmelding_van) AS schuld_start,",
                   "MIN(aanmelding_van) AS schuld_start, MIN(p.pleeg_van) AS pleeg_van, "
                   "MIN(p.pleeg_tot) AS pleeg_tot,");
  const std::vector<LinkRate> rates = rates_of(bytes);
  ASSERT_EQ(rates.size(), 2u);
  EXPECT_EQ(rates[0].table, "schuldhulp");
  EXPECT_EQ(rates[0].other, "ouder_kind");
  EXPECT_EQ(rates[1].table, "jeugdhulp");
  EXPECT_EQ(rates[1].other, "schuldhulp");
  EXPECT_EQ(rates[1].keys, (Keys{{"kind", "ouder"}}));
}

// Random rows for the columns of one table.
relation::Table random_rows(const relation::TableSchema& schema, size_t rows, std::mt19937_64& random) {
  relation::Table table{schema, {}, rows};
  for (const relation::ColumnSchema& column : schema.columns) {
    relation::Column out;
    const bool key = column.name == "ouder" || column.name == "kind";
    for (size_t r = 0; r < rows; ++r) {
      const auto range = static_cast<uint64_t>(column.type.hi - column.type.lo) + 1;
      const auto value = column.type.lo + static_cast<int64_t>(random() % (key ? 60 : range));
      out.values.push_back(value);
      out.null.push_back(column.nullable && random() % 5 == 0 ? 1 : 0);
    }
    table.columns.push_back(std::move(out));
  }
  return table;
}

// Both counts of every owner against sets of numbers.
TEST(LinkRates, CountEveryPersonOfAnOwnerOnce) {
  const Study study = parsed(example_bytes());
  const sql::Plan plan = plan_of(study);
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    sql::ClearTables tables;
    for (const auto& [name, schema] : plan.tables)
      tables.emplace(name, random_rows(schema, seed == 1 ? 0 : 10 + random() % 120, random));
    for (const LinkRate& rate : link_rates(study, plan)) {
      const relation::Table &own = tables.at(rate.table), &other = tables.at(rate.other);
      const auto key = [&](const relation::Table& table, const std::string& name) -> const auto& {
        return table.columns[static_cast<size_t>(table.schema.find(name))];
      };
      std::set<int64_t> theirs;
      const relation::Column& right = key(other, rate.keys[0].second);
      for (size_t r = 0; r < other.rows; ++r)
        if (right.null[r] == 0) theirs.insert(right.values[r]);
      std::map<int64_t, std::set<int64_t>> persons, linked;
      const relation::Column& left = key(own, rate.keys[0].first);
      const relation::Column& owner = own.columns.back();
      for (size_t r = 0; r < own.rows; ++r) {
        if (left.null[r] != 0) continue;
        persons[owner.values[r]].insert(left.values[r]);
        if (theirs.contains(left.values[r])) linked[owner.values[r]].insert(left.values[r]);
      }
      const auto all = sql::evaluate_cells(rate.persons, tables);
      const auto found = sql::evaluate_cells(rate.linked, tables);
      ASSERT_TRUE(all.ok() && found.ok());
      for (size_t o = 0; o < rate.owners.size(); ++o) {
        EXPECT_EQ(all->measures[o][0], static_cast<int64_t>(persons[static_cast<int64_t>(o)].size())) << seed;
        EXPECT_EQ(found->measures[o][0], static_cast<int64_t>(linked[static_cast<int64_t>(o)].size()))
            << seed;
      }
    }
  }
}

TEST(LinkRates, StandBesideTheOutputs) {
  const Study study = parsed(example_bytes());
  const sql::Plan plan = plan_of(study);
  const sql::Plan whole = with_link_rates(plan, link_rates(study, plan));
  EXPECT_EQ(whole.outputs.size(), plan.outputs.size() + 4);
  EXPECT_EQ(whole.outputs.back().name, "__link_3");
}

}  // namespace
}  // namespace sluis::study
