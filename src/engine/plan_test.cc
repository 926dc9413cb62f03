// Whole plans on shares against the clear-text evaluator, figure by figure; and what each step says that it
// sends against what it sends.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "engine/cost_model.h"
#include "engine/run_plan_test.h"
#include "relation/date.h"
#include "sql/binder.h"
#include "sql/nodes.h"
#include "sql/plan_text.h"

namespace sluis::engine {
namespace {

using oblivious::ClearTable;
using relation::Table;
using relation::TableSchema;

enum class Shape { kMixed, kEmpty, kOneRow, kAlike, kNulls, kMany, kBlocks };
// kBlocks: more rows than a block of planes holds.
constexpr std::array<Shape, 7> kShapes = {Shape::kMixed, Shape::kEmpty, Shape::kOneRow, Shape::kAlike,
                                          Shape::kNulls, Shape::kMany,  Shape::kBlocks};

std::vector<TableSchema> schemas() {
  const int64_t day = *relation::day_number(2023, 1, 1);
  const Type town = Type::category({"Aa", "Be", "Ce"});
  return {{"person",
           {{"id", Type::integer(-20, 43), false},
            {"town", town, true},
            {"age", Type::integer(0, 17), true},
            {"born", Type::date(day - 900, day), true},
            {"active", Type::boolean(), true}},
           {{"id"}}},
          {"care",
           {{"person", Type::integer(-25, 60), true},
            {"kind", Type::category({"ambulant", "dag", "pleegzorg"}), true},
            {"cost", Type::integer(-30, 90), true},
            {"start", Type::date(day, day + 400), true}},
           {}},
          {"place", {{"town", town, false}, {"size", Type::integer(-2, 3), false}}, {{"town"}}}};
}

Table make_table(const TableSchema& schema, Shape shape, std::mt19937_64& random) {
  Table table = Table::empty(schema);
  const bool unique = !schema.unique_keys.empty();
  static const std::map<Shape, size_t> kRows = {
      {Shape::kEmpty, 0}, {Shape::kOneRow, 1}, {Shape::kMany, 130}, {Shape::kBlocks, 4'500}};
  size_t rows = kRows.contains(shape) ? kRows.at(shape) : 40;
  const Type& first = schema.columns[0].type;
  if (unique) rows = std::min(rows, static_cast<size_t>(first.hi - first.lo + 1));
  std::vector<int64_t> keys;
  for (int64_t key = first.lo; key <= first.hi; ++key) keys.push_back(key);
  std::shuffle(keys.begin(), keys.end(), random);
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < schema.columns.size(); ++c) {
      const relation::ColumnSchema& column = schema.columns[c];
      const uint64_t nulls = shape == Shape::kNulls ? 2 : 7;
      if (unique && c == 0) {
        table.columns[c].push(keys[r]);
      } else if (column.nullable && shape != Shape::kAlike && random() % nulls == 0) {
        table.columns[c].push_null();
      } else {
        table.columns[c].push(shape == Shape::kAlike ? column.type.hi : random_value(column.type, random));
      }
    }
  table.rows = rows;
  return table;
}

sql::ClearTables make_tables(Shape shape, uint64_t seed) {
  std::mt19937_64 random(seed);
  sql::ClearTables tables;
  for (const TableSchema& schema : schemas()) tables[schema.name] = make_table(schema, shape, random);
  return tables;
}

// Binds over the padded numbers of rows, as a rehearsal does.
sql::Plan bind_rehearsal(const std::string& sql, const RowCounts& rows) {
  sql::BindResult bound = sql::bind_query(sql, schemas(), rows);
  for (const Error& error : bound.errors) ADD_FAILURE() << error.summary() << "\n" << sql;
  return bound.plan ? std::move(*bound.plan) : sql::Plan{};
}

bool within(const mpc::Cost& cost, const mpc::Cost& bound) {
  bool all = cost.rounds <= bound.rounds;
  for (size_t p = 0; p < 3; ++p)
    all = all && cost.to_next[p] <= bound.to_next[p] && cost.to_prev[p] <= bound.to_prev[p];
  return all;
}

void check_costs(const sql::Plan& plan, const RowCounts& rows, const PlanRun& run,
                 const oblivious::SortRule& rule = {}, const KeptOrders& kept = {}) {
  const std::vector<StepCost> steps = cost_plan(plan, rows, rule, OrderPlan(plan, kept));
  ASSERT_EQ(steps.size(), run.steps.size());
  for (size_t s = 0; s < steps.size(); ++s) {
    SCOPED_TRACE("step " + steps[s].label);
    EXPECT_EQ(steps[s].label, run.labels[s]);
    EXPECT_TRUE(within(run.steps[s], steps[s].bound));
    EXPECT_TRUE(within(steps[s].expected, steps[s].bound));
    if (!steps[s].sorts) {
      EXPECT_TRUE(run.steps[s] == steps[s].expected);
      EXPECT_TRUE(run.steps[s] == steps[s].bound);
    }
  }
}

void check_figures(const sql::Plan& plan, const sql::ClearTables& tables, const PlanRun& run) {
  const auto expected = sql::evaluate_cells(plan.outputs[0], tables);
  ASSERT_TRUE(expected.ok()) << expected.error().summary();
  const sql::OpenCells& opened = run.outputs[0].cells;
  ASSERT_EQ(opened.rows, expected->rows);
  for (size_t c = 0; c < expected->rows.size(); ++c)
    for (size_t m = 0; m < plan.outputs[0].measures.size(); ++m) {
      // A figure that the binder says is never NULL has no value in a cell without rows, which is not
      // printed.
      const sql::Cell wanted = expected->measures[c][m];
      if (!wanted && !plan.outputs[0].measures[m].nullable && expected->rows[c] == 0) continue;
      EXPECT_EQ(opened.measures[c][m], wanted) << "cell " << c << ", measure " << m;
    }
}

struct Query {
  const char* what;
  const char* sql;
};
const std::vector<Query>& queries() {
  static const std::vector<Query> kQueries = {
      {"windows",
       "SELECT COUNT(*) AS n, SUM(x.a) AS a, SUM(x.b) AS b, MIN(x.c) AS c, SUM(x.d) AS d FROM (SELECT "
       "lag(cost, 2) OVER (PARTITION BY person ORDER BY start, cost, kind) AS a, SUM(cost) OVER (PARTITION "
       "BY "
       "kind ORDER BY start DESC) AS b, MAX(start) OVER (PARTITION BY person) AS c, rank() OVER (ORDER BY "
       "cost "
       "NULLS FIRST) AS d FROM care WHERE cost < 80) x WHERE x.d > 3"},
      {"several rows per key",
       "SELECT p.town, COUNT(*) AS n, SUM(f.cost) AS s, COUNT(f.rn) AS m FROM person p LEFT JOIN (SELECT "
       "person, "
       "cost, row_number() OVER (PARTITION BY person ORDER BY start, cost, kind) AS rn FROM care) f ON "
       "f.person "
       "= p.id AND f.rn <= 3 GROUP BY p.town"},
      {"first of each",
       "SELECT p.town, COUNT(*) AS n, SUM(f.cost) AS s FROM person p JOIN (SELECT person, cost, row_number() "
       "OVER (PARTITION BY person ORDER BY start, cost, kind) AS rn FROM care) f ON f.person = p.id AND f.rn "
       "= "
       "1 GROUP BY p.town"},
      {"count", "SELECT COUNT(*) FROM care"},
      {"figures without rows",
       "SELECT COUNT(*), COUNT(cost), SUM(cost), MIN(cost), MAX(start) FROM care WHERE cost > 90"},
      {"dense with NULL headings",
       "SELECT town, active, COUNT(*) AS n, SUM(age) AS s FROM person GROUP BY town, active"},
      {"dense with negative headings", "SELECT size, COUNT(*) AS n, SUM(size) AS s FROM place GROUP BY size"},
      {"dense, signed sum",
       "SELECT kind, SUM(cost) AS s, SUM(-cost * 3) AS t, COUNT(cost) AS n FROM care GROUP BY kind"},
      {"dense, filters",
       "SELECT kind, COUNT(*) FILTER (WHERE cost > 0) AS n, SUM(cost) FILTER (WHERE cost < 0) AS s FROM care "
       "GROUP BY kind"},
      {"dense, bands",
       "SELECT CASE WHEN age < 6 THEN '0-5' WHEN age < 12 THEN '6-11' ELSE 'rest' END AS band, COUNT(*) AS n "
       "FROM person GROUP BY 1"},
      {"grouped",
       "SELECT kind, MIN(cost) AS lo, MAX(cost) AS hi, MIN(start) AS d, MAX(person) AS p FROM care GROUP BY "
       "kind"},
      {"grouped over NULL headings",
       "SELECT town, age, MIN(born) AS b, MAX(town) AS t, COUNT(*) AS n, SUM(age) AS s FROM person GROUP BY "
       "town, age"},
      {"all filtered out",
       "SELECT kind, MIN(cost) AS lo, COUNT(*) AS n FROM care WHERE cost > 50 AND cost < 40 GROUP BY kind"},
      {"inner join",
       "SELECT p.town, COUNT(*) AS n, SUM(c.cost) AS s FROM care c JOIN person p ON p.id = c.person GROUP BY "
       "p.town"},
      {"left join",
       "SELECT p.town, p.active, COUNT(*) AS n, COUNT(p.id) AS m, SUM(p.age) AS a FROM care c LEFT JOIN "
       "person p ON p.id = c.person GROUP BY p.town, p.active"},
      {"left join of a grouped side",
       "SELECT p.town, COUNT(*) AS n, SUM(x.n) AS s, MIN(x.first) AS d FROM person p LEFT JOIN (SELECT "
       "person, COUNT(*) AS n, MIN(start) AS first FROM care GROUP BY person) x ON x.person = p.id GROUP BY "
       "p.town"},
      {"grouped side behind HAVING",
       "SELECT COUNT(*) AS n, SUM(x.total) AS s FROM person p JOIN (SELECT person, SUM(cost) AS total, "
       "COUNT(*) AS m FROM care GROUP BY person HAVING COUNT(*) > 1) x ON x.person = p.id"},
      {"grouped side, condition on it",
       "SELECT p.town, COUNT(*) AS n FROM person p LEFT JOIN (SELECT person, MAX(cost) AS c FROM care GROUP "
       "BY person) x ON x.person = p.id AND x.c > 10 WHERE x.c IS NULL GROUP BY p.town"},
      {"two keys, one grouped",
       "SELECT COUNT(*) AS n, SUM(x.n) AS s FROM person p JOIN (SELECT town, age, COUNT(*) AS n FROM person "
       "GROUP BY town, age) x ON x.town = p.town AND x.age = p.age"},
      {"two keys in the other order",
       "SELECT COUNT(*) AS n, SUM(x.n) AS s FROM person p JOIN (SELECT age, town, COUNT(*) AS n FROM person "
       "GROUP BY town, age) x ON x.age = p.age AND x.town = p.town"},
      {"three tables",
       "SELECT q.size, c.kind, COUNT(*) AS n FROM care c JOIN person p ON c.person = p.id LEFT JOIN place q "
       "ON q.town = p.town GROUP BY q.size, c.kind"},
      {"semi join",
       "SELECT town, COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id "
       "AND c.cost > 0) GROUP BY town"},
      {"anti join",
       "SELECT town, COUNT(*) AS n FROM person p WHERE NOT EXISTS (SELECT 1 FROM care c WHERE c.person = "
       "p.id) GROUP BY town"},
      {"semi join by expression",
       "SELECT COUNT(*) AS n FROM person p WHERE p.age + 1 IN (SELECT cost FROM care)"},
      {"guarded semi join",
       "SELECT COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND "
       "p.age > 8)"},
      {"union all",
       "SELECT u.k, COUNT(*) AS n, SUM(u.v) AS s, MIN(u.v) AS lo FROM (SELECT kind AS k, cost AS v FROM care "
       "UNION ALL SELECT 'persoon', age FROM person) u GROUP BY u.k"},
      {"union",
       "SELECT COUNT(*) AS n, SUM(u.v) AS s FROM (SELECT cost AS v FROM care UNION SELECT age FROM person) "
       "u"},
      {"union of the same table twice",
       "SELECT u.town, COUNT(*) AS n FROM (SELECT town FROM person WHERE age < 9 UNION ALL SELECT town FROM "
       "person WHERE age >= 6) u GROUP BY u.town"},
      {"count distinct", "SELECT town, COUNT(DISTINCT age) AS n FROM person GROUP BY town"},
      {"distinct beside others",
       "SELECT kind, COUNT(DISTINCT person) AS n, COUNT(*) AS m, SUM(cost) AS s, MIN(start) AS d FROM care "
       "GROUP BY kind"},
      {"booleans", "SELECT town, bool_and(active) AS a, bool_or(age > 12) AS o FROM person GROUP BY town"},
      {"distinct rows", "SELECT DISTINCT town, active FROM person WHERE age > 3"},
      {"group of groups",
       "SELECT x.n, COUNT(*) AS m FROM (SELECT person, LEAST(COUNT(*), 3) AS n FROM care WHERE person IS NOT "
       "NULL GROUP BY person) x GROUP BY x.n"},
      {"dates",
       "SELECT EXTRACT(year FROM start) AS y, COUNT(*) AS n, MIN(start - DATE '2023-01-01') AS lo FROM care "
       "WHERE start + INTERVAL '1 month' >= DATE '2023-03-31' GROUP BY 1"},
      {"one grouping under two filters, joined to one table",
       "SELECT p.town, COUNT(*) AS n, SUM(a.n) AS s, SUM(b.s) AS t, MIN(b.k) AS k FROM person p LEFT JOIN "
       "(SELECT person, COUNT(*) AS n FROM care WHERE kind = 'dag' GROUP BY person) a ON a.person = p.id "
       "LEFT "
       "JOIN (SELECT person, SUM(cost) AS s, MAX(kind) AS k FROM care WHERE cost > 3 GROUP BY person) b ON "
       "b.person = p.id WHERE p.age > 2 GROUP BY p.town"},
      {"one table sought twice",
       "SELECT town, COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id "
       "AND "
       "c.cost > 0) AND NOT EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND c.kind = 'dag') GROUP BY "
       "town"},
      {"groups of the first key of groups",
       "SELECT COUNT(*) AS n, SUM(y.m) AS m, MIN(y.a) AS a, MAX(y.b) AS b, SUM(y.c) AS c FROM (SELECT "
       "x.person, "
       "COUNT(*) AS m, MIN(x.d) AS a, MAX(x.n) AS b, COUNT(x.kind) AS c FROM (SELECT person, kind, COUNT(*) "
       "AS "
       "n, MIN(cost) AS d FROM care GROUP BY person, kind) x WHERE x.n < 3 GROUP BY x.person) y"},
      {"groups of groups, joined",
       "SELECT p.town, COUNT(*) AS n, SUM(y.m) AS m FROM person p JOIN (SELECT x.person, COUNT(*) AS m FROM "
       "(SELECT person, kind, MIN(cost) AS d FROM care GROUP BY person, kind) x WHERE x.d < 60 GROUP BY "
       "x.person) y ON y.person = p.id GROUP BY p.town"},
      {"one view twice",
       "WITH v AS (SELECT person, COUNT(*) AS n FROM care GROUP BY person) SELECT COUNT(*) AS m, SUM(a.n) AS "
       "s FROM person p JOIN v a ON a.person = p.id LEFT JOIN v b ON b.person = p.id + 1"},
  };
  return kQueries;
}

TEST(Plans, FiguresAndCostsOverEveryShapeOfTable) {
  uint64_t seed = 100;
  std::cout << "seed 100, " << queries().size() * kShapes.size() << " plans\n";
  for (const Shape shape : kShapes) {
    const sql::ClearTables tables = make_tables(shape, ++seed);
    const PartyTables shares = share_tables(tables, 24, seed);
    const RowCounts rows = row_counts(shares[0]);
    for (const Query& query : queries()) {
      SCOPED_TRACE(std::string(query.what) + ", shape " + std::to_string(static_cast<int>(shape)) + "\n" +
                   query.sql);
      const sql::Plan plan = bind_rehearsal(query.sql, rows);
      ASSERT_FALSE(plan.outputs.empty());
      const PlanRun run = run_plan(plan, shares, ++seed);
      check_figures(plan, tables, run);
      check_costs(plan, rows, run);
      if (HasFailure()) FAIL() << sql::plan_text(plan);
    }
  }
}

// The network decides how, not what: the same figures, and costs as said for that network.
TEST(Plans, EveryNetworkGivesTheSameFiguresAtItsOwnCost) {
  const sql::ClearTables tables = make_tables(Shape::kMany, 51);
  const PartyTables shares = share_tables(tables, 700, 51);
  const RowCounts rows = row_counts(shares[0]);
  RowCounts many = rows;  // few rows are compared in the fewest rounds everywhere
  for (auto& [name, count] : many) count = uint64_t{1} << 20;
  std::array<uint64_t, 4> rounds{};
  for (const Query& query : queries()) {
    SCOPED_TRACE(query.sql);
    const sql::Plan plan = bind_rehearsal(query.sql, rows);
    ASSERT_FALSE(plan.outputs.empty());
    if (!total(cost_plan(plan, rows)).sorts) continue;
    for (const mpc::Network network : mpc::kNetworks) {
      SCOPED_TRACE(mpc::profile(network).name);
      const PlanRun run = run_plan(plan, shares, 51, nullptr, {network});
      check_figures(plan, tables, run);
      check_costs(plan, rows, run, {network});
    }
    for (const mpc::Network network : mpc::kNetworks)
      rounds[static_cast<size_t>(network)] += total(cost_plan(plan, many, {network})).expected.rounds;
  }
  EXPECT_LT(rounds[static_cast<size_t>(mpc::Network::kWan)],
            rounds[static_cast<size_t>(mpc::Network::kLoopback)]);
}

// Every step's rows, not the figures alone; and its columns have the types and null planes that its schema
// says.
TEST(Plans, RowsOfEveryNode) {
  const sql::ClearTables tables = make_tables(Shape::kNulls, 31);
  const PartyTables shares = share_tables(tables, 24, 31);
  for (const Query& query : queries()) {
    SCOPED_TRACE(query.sql);
    const sql::Plan plan = bind_rehearsal(query.sql, row_counts(shares[0]));
    ASSERT_FALSE(plan.outputs.empty());
    const std::vector<sql::NodePtr> nodes = sql::topological_order({plan.outputs[0].input});
    const auto run = testing::run_three([&](Session& session) {
      Executor executor(session, shares[static_cast<size_t>(session.party())]);
      std::vector<SharedTable> results;
      for (const sql::NodePtr& node : nodes) results.push_back(executor.table(node));
      return results;
    });
    for (size_t n = 0; n < nodes.size(); ++n) {
      SCOPED_TRACE(nodes[n]->label);
      const ClearTable opened = oblivious::reconstruct_table({run[0][n], run[1][n], run[2][n]});
      EXPECT_EQ(opened.rows.size(), rows_of(*nodes[n], row_counts(shares[0])));
      for (size_t c = 0; c < opened.schema.size(); ++c) {
        EXPECT_EQ(opened.schema[c].type.bits(), nodes[n]->columns[c].type.bits());
        EXPECT_EQ(opened.schema[c].nullable, nodes[n]->columns[c].nullable);
      }
      const auto expected = sql::evaluate_node(nodes[n], tables);
      ASSERT_TRUE(expected.ok());
      std::vector<oblivious::Row> wanted = expected->rows, found = opened.valid_rows();
      std::sort(wanted.begin(), wanted.end());
      std::sort(found.begin(), found.end());
      EXPECT_EQ(found, wanted);
    }
  }
}

// Types as narrow as a rehearsal reads them from a file: the one key has all planes 1, or all planes 0.
TEST(Plans, GroupedKeysThatFillTheirPlanes) {
  for (const int64_t key : {15, 0, -1}) {
    std::vector<TableSchema> narrow = {
        {"a", {{"id", Type::integer(-3, 40), false}}, {{"id"}}},
        {"b", {{"k", Type::integer(key, key), false}, {"v", Type::integer(17, 17), false}}, {}}};
    sql::ClearTables tables = {{"a", Table::empty(narrow[0])}, {"b", Table::empty(narrow[1])}};
    for (int64_t id = -3; id <= 40; ++id) tables["a"].columns[0].push(id), ++tables["a"].rows;
    tables["b"].columns[0].push(key), tables["b"].columns[1].push(17), tables["b"].rows = 1;
    const PartyTables shares = share_tables(tables, 20, 2);
    const sql::BindResult bound = sql::bind_query(
        "SELECT COUNT(*) AS n, SUM(g.s) AS s FROM a JOIN (SELECT k, SUM(v) AS s, COUNT(*) AS c FROM b GROUP "
        "BY k) g ON g.k = a.id",
        narrow, row_counts(shares[0]));
    ASSERT_TRUE(bound.plan.has_value());
    const PlanRun run = run_plan(*bound.plan, shares);
    EXPECT_EQ(run.outputs[0].cells.measures, (std::vector<std::vector<sql::Cell>>{{1, 17}})) << key;
  }
}

// No row at all, not even padding: nothing is sent that needs one, and figures are those of no rows.
TEST(Plans, TablesOfNoRows) {
  const sql::ClearTables tables = make_tables(Shape::kEmpty, 1);
  const PartyTables shares = share_tables(tables, 0, 1);
  const RowCounts rows = row_counts(shares[0]);
  EXPECT_EQ(rows.at("care"), 0U);
  for (const Query& query : queries()) {
    SCOPED_TRACE(query.sql);
    const sql::Plan plan = bind_rehearsal(query.sql, rows);
    ASSERT_FALSE(plan.outputs.empty());
    const PlanRun run = run_plan(plan, shares);
    check_figures(plan, tables, run);
    check_costs(plan, rows, run);
  }
}

// Of one row there is nothing to sort: steps that would sort cost exactly what they say, too. (A join sorts
// the rows of both sides.)
TEST(Plans, StepsOverOneRowCostExactlyWhatTheySay) {
  const sql::ClearTables tables = make_tables(Shape::kOneRow, 12);
  const PartyTables shares = share_tables(tables, 0, 12);
  const RowCounts rows = row_counts(shares[0]);
  for (const Query& query : queries()) {
    SCOPED_TRACE(query.sql);
    const sql::Plan plan = bind_rehearsal(query.sql, rows);
    ASSERT_FALSE(plan.outputs.empty());
    const PlanRun run = run_plan(plan, shares);
    const std::vector<StepCost> steps = cost_plan(plan, rows);
    for (size_t s = 0; s < steps.size(); ++s) {
      if (steps[s].label.find("JOIN") != std::string::npos ||
          steps[s].label.find("UNION") != std::string::npos)
        continue;
      SCOPED_TRACE(steps[s].label);
      EXPECT_TRUE(run.steps[s] == steps[s].expected)
          << run.steps[s].rounds << "/" << run.steps[s].total() << " " << steps[s].expected.rounds << "/"
          << steps[s].expected.total();
    }
  }
}

// ---- transcripts

TEST(Plans, StepsThatDoNotSortSendTheSameForAllData) {
  for (const Query& query : queries()) {
    const sql::ClearTables some = make_tables(Shape::kMixed, 5);
    const PartyTables a = share_tables(some, 24, 5);
    const RowCounts rows = row_counts(a[0]);
    const sql::Plan plan = bind_rehearsal(query.sql, rows);
    ASSERT_FALSE(plan.outputs.empty());
    if (total(cost_plan(plan, rows)).sorts) continue;
    SCOPED_TRACE(query.sql);
    sql::ClearTables others = make_tables(Shape::kEmpty, 5);  // the same public sizes, nothing in them
    PartyTables b;
    for (const auto& [name, table] : others) {
      PartyTables one = share_tables({{name, table}}, rows.at(name), 9);
      for (size_t p = 0; p < 3; ++p) b[p].merge(one[p]);
    }
    EXPECT_EQ(run_plan(plan, a, 1).traces, run_plan(plan, b, 2).traces);
  }
}

// Under one forced order (same keys, so the same shuffles; sort keys that compare alike) steps that sort send
// the same too, whatever the rest of the rows is.
TEST(Plans, UnderAForcedOrderSortingStepsSendTheSame) {
  const std::string sql =
      "SELECT c.kind, COUNT(*) AS n, SUM(x.s) AS s, MIN(x.d) AS d FROM care c LEFT JOIN (SELECT person, "
      "SUM(cost) AS s, MIN(start) AS d FROM care GROUP BY person) x ON x.person = c.person GROUP BY c.kind";
  const auto tables = [](int64_t shift, uint64_t seed) {
    sql::ClearTables all;
    std::mt19937_64 random(seed);
    for (const TableSchema& schema : schemas()) all[schema.name] = Table::empty(schema);
    Table& care = all["care"];
    for (int64_t r = 0; r < 50; ++r) {
      care.columns[0].push((r * 7) % 13 + shift);
      care.columns[1].push(r % 3);
      care.columns[2].push(random_value(care.schema.columns[2].type, random));
      care.columns[3].push(random_value(care.schema.columns[3].type, random));
      ++care.rows;
    }
    return all;
  };
  const PartyTables a = share_tables(tables(0, 1), 0, 3);
  const PartyTables b = share_tables(tables(40, 2), 0, 4);
  const sql::Plan plan = bind_rehearsal(sql, row_counts(a[0]));
  ASSERT_TRUE(total(cost_plan(plan, row_counts(a[0]))).sorts);
  EXPECT_EQ(run_plan(plan, a, 6).traces, run_plan(plan, b, 6).traces);
  EXPECT_NE(run_plan(plan, a, 6).outputs[0].cells.measures, run_plan(plan, b, 6).outputs[0].cells.measures);
}

// What EXPLAIN says comes near what a run does.
TEST(Plans, ExpectedCostsAreNearMeasuredOnes) {
  const sql::ClearTables tables = make_tables(Shape::kMany, 8);
  const PartyTables shares = share_tables(tables, 200, 8);
  const RowCounts rows = row_counts(shares[0]);
  for (const Query& query : queries()) {
    SCOPED_TRACE(query.sql);
    const sql::Plan plan = bind_rehearsal(query.sql, rows);
    ASSERT_FALSE(plan.outputs.empty());
    const StepCost whole = total(cost_plan(plan, rows));
    mpc::Cost sent;
    for (const mpc::Cost& step : run_plan(plan, shares, 8).steps) sent += step;
    EXPECT_NEAR(static_cast<double>(sent.total()), static_cast<double>(whole.expected.total()),
                0.15 * static_cast<double>(whole.expected.total()));
    const PlanCosts model(rows);
    const sql::StepCost output = model.output(plan.outputs[0]);
    EXPECT_EQ(output.opens_order, cost_output(plan.outputs[0], rows_of(*plan.outputs[0].input, rows)).sorts);
    EXPECT_LE(output.bytes, output.bytes_bound);
  }
}

}  // namespace
}  // namespace sluis::engine
