// Which steps share an order: names, and runs that use what earlier ones kept.
#include "engine/orders.h"

#include <gtest/gtest.h>

#include "engine/run_plan_test.h"
#include "relation/date.h"
#include "sql/binder.h"
#include "sql/nodes.h"

namespace sluis::engine {
namespace {

using relation::Table;
using relation::TableSchema;

std::vector<TableSchema> schemas() {
  return {{"person", {{"id", Type::integer(0, 60), false}, {"age", Type::integer(0, 17), true}}, {{"id"}}},
          {"care",
           {{"person", Type::integer(-3, 80), true},
            {"kind", Type::integer(0, 3), true},
            {"cost", Type::integer(-30, 90), true}},
           {}}};
}

sql::ClearTables make_tables(uint64_t seed) {
  std::mt19937_64 random(seed);
  sql::ClearTables tables;
  for (const TableSchema& schema : schemas()) {
    Table table = Table::empty(schema);
    table.rows = schema.unique_keys.empty() ? 150 : 50;
    for (size_t r = 0; r < table.rows; ++r)
      for (size_t c = 0; c < schema.columns.size(); ++c) {
        if (c == 0 && !schema.unique_keys.empty()) {
          table.columns[c].push(static_cast<int64_t>(r * 7 % 61));
        } else if (schema.columns[c].nullable && random() % 6 == 0) {
          table.columns[c].push_null();
        } else {
          table.columns[c].push(random_value(schema.columns[c].type, random));
        }
      }
    tables[schema.name] = table;
  }
  return tables;
}

sql::Plan plan_of(const std::string& sql, const RowCounts& rows) {
  sql::BindResult bound = sql::bind_query(sql, schemas(), rows);
  for (const Error& error : bound.errors) ADD_FAILURE() << error.summary() << "\n" << sql;
  return bound.plan ? std::move(*bound.plan) : sql::Plan{};
}

std::vector<OrderSource> sources(const sql::Plan& plan, const KeptOrders& kept = {}) {
  const OrderPlan orders(plan, kept);
  std::vector<OrderSource> found;
  for (const sql::NodePtr& node : sql::topological_order({plan.outputs[0].input}))
    if (node->kind == sql::NodeKind::kGroupBy || node->kind == sql::NodeKind::kJoin)
      found.push_back(orders.of(*node).source);
  return found;
}

const char* const kJoined =
    "SELECT COUNT(*) AS n, SUM(x.s) AS s FROM person p JOIN (SELECT person, SUM(cost) AS s FROM care WHERE "
    "kind "
    "= 1 GROUP BY person) x ON x.person = p.id";
// Other filters, aggregates and payload: the same rows and keys.
const char* const kJoinedLater =
    "SELECT COUNT(*) AS n, MIN(x.m) AS m, MAX(x.k) AS k FROM person p LEFT JOIN (SELECT person, MIN(cost) AS "
    "m, "
    "MAX(kind) AS k FROM care WHERE cost > 5 OR kind = 2 GROUP BY person) x ON x.person = p.id WHERE p.age > "
    "3";
const char* const kSought =
    "SELECT COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND c.cost "
    "> 0) "
    "AND NOT EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND c.kind = 1)";
const char* const kWithinGroups =
    "SELECT COUNT(*) AS n, MAX(x.m) AS m FROM (SELECT y.person, COUNT(*) AS m FROM (SELECT person, kind, "
    "COUNT(*) AS n FROM care GROUP BY person, kind) y GROUP BY y.person) x";

constexpr OrderSource kOwn = OrderSource::kOwn, kMade = OrderSource::kMade, kReused = OrderSource::kReused,
                      kInPlace = OrderSource::kInPlace;

TEST(Orders, OneUseSortsForItself) {
  const RowCounts rows = {{"person", 70}, {"care", 170}};
  const sql::Plan plan = plan_of(kJoined, rows);
  EXPECT_EQ(sources(plan), (std::vector<OrderSource>{kOwn, kOwn}));
  EXPECT_EQ(sources(plan, {true, {}}), (std::vector<OrderSource>{kMade, kMade}));
  const std::vector<std::string> names = OrderPlan(plan).lasting();
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(sources(plan, {true, {names.begin(), names.end()}}),
            (std::vector<OrderSource>{kReused, kReused}));
  EXPECT_EQ(sources(plan, {true, {names[0]}}), (std::vector<OrderSource>{kReused, kMade}));
  EXPECT_EQ(OrderPlan(plan).tables_of(names[0]), (std::set<std::string>{"care"}));
  EXPECT_EQ(OrderPlan(plan).tables_of(names[1]), (std::set<std::string>{"care", "person"}));
  EXPECT_EQ(OrderPlan(plan_of(kJoinedLater, rows)).lasting(), names);
}

TEST(Orders, WithinOnePlan) {
  const RowCounts rows = {{"person", 70}, {"care", 170}};
  EXPECT_EQ(sources(plan_of(kSought, rows)), (std::vector<OrderSource>{kMade, kMade, kReused, kReused}));
  EXPECT_EQ(sources(plan_of(kWithinGroups, rows)), (std::vector<OrderSource>{kOwn, kInPlace}));
}

// Equal rows and equal columns only: another key column, another side, keys of an expression, a union.
TEST(Orders, WhatDiffersHasAnotherName) {
  const RowCounts rows = {{"person", 70}, {"care", 170}};
  std::set<std::string> names;
  size_t count = 0;
  for (const char* sql : {"SELECT COUNT(*) AS n FROM (SELECT person FROM care GROUP BY person) x",
                          "SELECT COUNT(*) AS n FROM (SELECT kind FROM care GROUP BY kind) x",
                          "SELECT COUNT(*) AS n FROM (SELECT kind, person FROM care GROUP BY kind, person) x",
                          "SELECT COUNT(*) AS n FROM (SELECT person, kind FROM care GROUP BY person, kind) x",
                          "SELECT COUNT(*) AS n FROM (SELECT age FROM person GROUP BY age) x",
                          "SELECT COUNT(*) AS n FROM care c JOIN person p ON p.id = c.person",
                          "SELECT COUNT(*) AS n FROM care c JOIN person p ON p.id = c.kind"}) {
    for (const std::string& name : OrderPlan(plan_of(sql, rows)).lasting()) names.insert(name), ++count;
  }
  EXPECT_EQ(count, 7U);
  EXPECT_EQ(names.size(), 7U);
  for (const char* sql : {"SELECT COUNT(*) AS n FROM (SELECT cost + 1 AS k FROM care GROUP BY cost + 1) x",
                          "SELECT COUNT(*) AS n FROM (SELECT u.k FROM (SELECT kind AS k FROM care UNION ALL "
                          "SELECT age FROM person) "
                          "u GROUP BY u.k) x"})
    EXPECT_TRUE(OrderPlan(plan_of(sql, rows)).lasting().empty()) << sql;
}

// Runs over the same tables, each by what earlier ones kept; under other session keys.
TEST(Orders, LaterRunsSortNothing) {
  uint64_t seed = 40;
  const sql::ClearTables tables = make_tables(seed);
  const PartyTables shares = share_tables(tables, 20, seed);
  const RowCounts rows = row_counts(shares[0]);
  PartyIndexes kept;
  for (const char* sql : {kJoined, kJoinedLater, kSought, kWithinGroups, kJoined, kWithinGroups, kSought}) {
    SCOPED_TRACE(sql);
    const sql::Plan plan = plan_of(sql, rows);
    KeptOrders orders{true, {}};
    for (const auto& [name, index] : kept[0]) orders.held.insert(name);
    const std::vector<StepCost> steps = cost_plan(plan, rows, {}, OrderPlan(plan, orders));
    const PlanRun run = run_plan(plan, shares, ++seed, &kept);
    ASSERT_EQ(steps.size(), run.steps.size());
    for (size_t s = 0; s < steps.size(); ++s) {
      if (!steps[s].sorts) {
        EXPECT_EQ(run.steps[s], steps[s].expected) << steps[s].label;
      }
      EXPECT_LE(run.steps[s].total(), steps[s].bound.total());
    }
    const auto expected = sql::evaluate_cells(plan.outputs[0], tables);
    ASSERT_TRUE(expected.ok());
    EXPECT_EQ(run.outputs[0].cells.rows, expected->rows);
    EXPECT_EQ(run.outputs[0].cells.measures, expected->measures);
    EXPECT_EQ(kept[0].size(), kept[1].size());
    if (seed <= 44) continue;  // four runs have made all that the rest needs
    for (size_t s = 0; s + 1 < steps.size(); ++s) EXPECT_FALSE(steps[s].sorts) << steps[s].label;
  }
  EXPECT_EQ(kept[0].size(), 3U);
}

}  // namespace
}  // namespace sluis::engine
