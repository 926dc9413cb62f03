// What disclosure rules see beside a study's figures - persons, households, owners' parts - against plain
// loops over the base rows.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/run_plan_test.h"
#include "engine/units.h"
#include "relation/date.h"
#include "sql/binder.h"
#include "sql/rewrite.h"

namespace sluis::engine {
namespace {

using sql::Cell;

// ---- study mode: a small study over two tables of several owners

const std::vector<std::string> kTowns = {"GM1", "GM2", "GM3"};
const std::vector<std::string> kCarers = {"JA1", "JA2"};
const int64_t kDay = *relation::day_number(2023, 1, 1);

struct ChildRow {
  Cell kind, gezin, age;
  int64_t owner;  // and municipality: bound to each other
};
struct CareRow {
  Cell kind, van;
  int64_t owner;
};
struct Base {
  std::vector<ChildRow> children;
  std::vector<CareRow> care;
};

Base random_base(size_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto cell = [&](int64_t lo, int64_t n, uint64_t one_in) {
    return random() % one_in == 0 ? Cell()
                                  : Cell(lo + static_cast<int64_t>(random() % static_cast<uint64_t>(n)));
  };
  Base base;
  for (size_t r = 0; r < rows; ++r) {
    base.children.push_back(
        {cell(100, 40, 9), cell(500, 12, 3), cell(0, 18, 12), static_cast<int64_t>(random() % 3)});
    base.care.push_back({cell(100, 50, 9), cell(kDay, 300, 9), static_cast<int64_t>(random() % 2)});
  }
  return base;
}

sql::StudySql small_study(const std::vector<std::pair<std::string, std::string>>& outputs) {
  sql::StudySql study;
  sql::StudyTable children, care;
  children.schema = {"kinderen",
                     {{"kind", Type::bsn(), true},
                      {"gezin", Type::bsn(), true},
                      {"leeftijd", Type::integer(0, 17), true},
                      {"gemeente", Type::category(kTowns), false}},
                     {}};
  children.owners = kTowns;
  care.schema = {"zorg", {{"kind", Type::bsn(), true}, {"van", Type::date(), true}}, {}};
  care.owners = kCarers;
  children.max_rows = care.max_rows = 1000;
  study.tables = {children, care};
  for (const auto& [name, text] : outputs) study.outputs.push_back({{name, text, {1, 1}}, {}, {}});
  if (outputs[0].second.find("eerste") != std::string::npos)
    study.views = {
        {"eerste", "SELECT kind, MIN(van) AS van FROM zorg WHERE kind IS NOT NULL GROUP BY kind", {1, 1}}};
  study.person = "kind";
  study.household = "gezin";
  study.complete = true;
  return study;
}

// Base tables in the layout of the plan: used columns, then the hidden owner column.
sql::ClearTables clear_tables(const sql::Plan& plan, const Base& base) {
  sql::ClearTables tables;
  const auto put = [](relation::Column& column, const Cell& value) {
    value ? column.push(*value) : column.push_null();
  };
  for (const auto& [name, schema] : plan.tables) {
    relation::Table table = relation::Table::empty(schema);
    const bool children = name == "kinderen";
    table.rows = children ? base.children.size() : base.care.size();
    for (size_t c = 0; c < schema.columns.size(); ++c)
      for (size_t r = 0; r < table.rows; ++r) {
        const std::string& column = schema.columns[c].name;
        if (children) {
          const ChildRow& row = base.children[r];
          put(table.columns[c], column == "kind"       ? row.kind
                                : column == "gezin"    ? row.gezin
                                : column == "leeftijd" ? row.age
                                                       : Cell(row.owner));
        } else {
          const CareRow& row = base.care[r];
          put(table.columns[c], column == "kind" ? row.kind : column == "van" ? row.van : Cell(row.owner));
        }
      }
    tables[name] = std::move(table);
  }
  return tables;
}

// What the loops find for one measure in one cell.
struct Counted {
  uint64_t value = 0;
  std::set<int64_t> persons, households;
  uint64_t rows_without_household = 0;
  std::vector<std::map<int64_t, uint64_t>> owners;  // per entry of owner_columns: code -> rows

  explicit Counted(size_t tables) : owners(tables) {}
  void add(const Cell& person, const Cell& household, const std::vector<Cell>& row_owners) {
    ++value;
    if (person) persons.insert(*person);
    if (household)
      households.insert(*household);
    else
      ++rows_without_household;
    for (size_t t = 0; t < owners.size(); ++t)
      if (row_owners[t]) ++owners[t][*row_owners[t]];
  }
};

void expect_counted(const sql::Output& output, const OpenedMeasure& opened, size_t cell,
                    const Counted& counted) {
  SCOPED_TRACE("cell " + std::to_string(cell));
  EXPECT_EQ(opened.value[cell], static_cast<int64_t>(counted.value));
  EXPECT_EQ(opened.persons[cell], output.person_unique ? counted.value : counted.persons.size());
  EXPECT_EQ(opened.households[cell],
            counted.households.size() + counted.rows_without_household / kLargestHousehold);
  ASSERT_EQ(opened.owners.size(), counted.owners.size());
  for (size_t t = 0; t < counted.owners.size(); ++t)
    for (size_t code = 0; code < opened.owners[t].size(); ++code) {
      const auto found = counted.owners[t].find(static_cast<int64_t>(code));
      EXPECT_EQ(opened.owners[t][code][cell], found == counted.owners[t].end() ? 0 : found->second)
          << "owner table " << t << ", code " << code;
    }
}

// First care of a child and the least code among all its carers, as the view gives them.
struct First {
  Cell van;
  Cell owner;
};
std::map<int64_t, First> first_care(const Base& base) {
  std::map<int64_t, First> out;
  for (const CareRow& row : base.care) {
    if (!row.kind) continue;
    First& first = out[*row.kind];
    if (row.van && (!first.van || *row.van < *first.van)) first.van = row.van;
    if (!first.owner || row.owner < *first.owner) first.owner = row.owner;
  }
  return out;
}

struct StudyRun {
  sql::Plan plan;
  PlanRun run;
};
// Declares the uses that the SQL has: what the binder checks is not what is tested here.
sql::BindResult bind_with_uses(sql::StudySql study) {
  const sql::BindResult first = sql::bind_study(study);
  if (first.use.empty()) return first;  // the SQL itself is at fault
  std::vector<sql::StudyTable> used;
  for (sql::StudyTable& table : study.tables) {
    const auto found = first.use.find(table.schema.name);
    if (found == first.use.end()) continue;
    table.columns.clear();
    for (const auto& [name, use] : found->second) table.columns.push_back({name, sql::use_name(use.use), 1});
    used.push_back(std::move(table));
  }
  study.tables = std::move(used);
  return sql::bind_study(study);
}

StudyRun run_study(const sql::StudySql& study, const Base& base) {
  sql::BindResult bound = bind_with_uses(study);
  for (const Error& error : bound.errors) ADD_FAILURE() << error.summary();
  if (!bound.plan) return {};
  StudyRun out{std::move(*bound.plan), {}};
  const PartyTables shares = share_tables(clear_tables(out.plan, base), 30, 3);
  out.run = run_plan(out.plan, shares);
  const std::vector<StepCost> costs = cost_plan(out.plan, row_counts(shares[0]));
  EXPECT_EQ(costs.size(), out.run.steps.size());
  for (size_t s = 0; s < costs.size(); ++s) {
    SCOPED_TRACE(costs[s].label);
    EXPECT_LE(out.run.steps[s].total(), costs[s].bound.total());
    EXPECT_LE(out.run.steps[s].rounds, costs[s].bound.rounds);
    EXPECT_TRUE(costs[s].sorts || out.run.steps[s] == costs[s].expected);
  }
  return out;
}

// Rows are children of a municipality, some twice: persons must be counted once a cell.
TEST(StudyFigures, RowsOfATableWithALeftJoin) {
  for (const size_t rows : {0, 1, 60, 200}) {
    const Base base = random_base(rows, 40 + rows);
    const StudyRun study =
        run_study(small_study({{"uit",
                                "SELECT gemeente, leeftijd, COUNT(*) AS n, SUM(CASE WHEN van >= DATE "
                                "'2023-06-01' THEN 1 ELSE 0 END) AS laat, COUNT(van) AS met "
                                "FROM (SELECT k.kind, k.gezin, k.gemeente, k.leeftijd, z.van FROM kinderen k "
                                "LEFT JOIN eerste z ON z.kind = k.kind) v GROUP BY gemeente, leeftijd"}}),
                  base);
    const sql::Output& output = study.plan.outputs[0];
    EXPECT_FALSE(output.person_unique);
    ASSERT_EQ(output.owner_columns.size(), 2U);
    EXPECT_EQ(output.owner_columns[0].first, "kinderen");
    EXPECT_EQ(output.owner_columns[1].first, "zorg");
    const std::map<int64_t, First> first = first_care(base);
    for (size_t cell = 0; cell < 3 * 18; ++cell) {
      std::vector<Counted> counted(3, Counted(2));
      for (const ChildRow& row : base.children) {
        if (row.owner != static_cast<int64_t>(cell / 18) || row.age != static_cast<int64_t>(cell % 18))
          continue;
        const auto care = row.kind ? first.find(*row.kind) : first.end();
        const First found = care == first.end() ? First{} : care->second;
        const std::vector<Cell> owners = {row.owner, found.owner};
        counted[0].add(row.kind, row.gezin, owners);
        if (found.van && *found.van >= kDay + 151) counted[1].add(row.kind, row.gezin, owners);
        if (found.van) counted[2].add(row.kind, row.gezin, owners);
      }
      for (size_t m = 0; m < 3; ++m)
        expect_counted(output, study.run.outputs[0].measures[m], cell, counted[m]);
    }
  }
}

// Children grouped first: the group's least owner code speaks for it, and persons are unique.
TEST(StudyFigures, OwnersThroughGroupBy) {
  const Base base = random_base(150, 7);
  const StudyRun study = run_study(
      small_study(
          {{"uit",
            "SELECT v.gemeente, COUNT(*) AS n FROM (SELECT kind, MIN(gezin) AS gezin, MAX(gemeente) AS "
            "gemeente "
            "FROM kinderen WHERE kind IS NOT NULL AND leeftijd < 12 GROUP BY kind) v GROUP BY v.gemeente"}}),
      base);
  const sql::Output& output = study.plan.outputs[0];
  EXPECT_TRUE(output.person_unique);
  struct Child {
    Cell gezin;
    int64_t least = 9, most = -1;
  };
  std::map<int64_t, Child> children;
  for (const ChildRow& row : base.children) {
    if (!row.kind || !row.age || *row.age >= 12) continue;
    Child& child = children[*row.kind];
    if (row.gezin && (!child.gezin || *row.gezin < *child.gezin)) child.gezin = row.gezin;
    child.least = std::min(child.least, row.owner);
    child.most = std::max(child.most, row.owner);
  }
  for (size_t cell = 0; cell < 3; ++cell) {
    Counted counted(1);
    for (const auto& [kind, child] : children)
      if (child.most == static_cast<int64_t>(cell)) counted.add(kind, child.gezin, {child.least});
    expect_counted(output, study.run.outputs[0].measures[0], cell, counted);
  }
}

// A semi join carries the owner of its match (the least of several); an anti join none.
TEST(StudyFigures, OwnersThroughSemiAndAntiJoins) {
  const Base base = random_base(120, 8);
  const std::string from = "SELECT k.gemeente, COUNT(*) AS n FROM kinderen k WHERE ";
  const StudyRun study = run_study(
      small_study(
          {{"wel", from + "EXISTS (SELECT 1 FROM zorg z WHERE z.kind = k.kind AND z.van >= DATE "
                          "'2023-03-01') GROUP BY k.gemeente"},
           {"niet", from + "NOT EXISTS (SELECT 1 FROM zorg z WHERE z.kind = k.kind) GROUP BY k.gemeente"}}),
      base);
  ASSERT_EQ(study.plan.outputs[0].owner_columns.size(), 2U);
  ASSERT_EQ(study.plan.outputs[1].owner_columns.size(), 1U);
  std::map<int64_t, int64_t> late;  // least owner among rows that match
  std::set<int64_t> cared;
  for (const CareRow& row : base.care) {
    if (!row.kind) continue;
    cared.insert(*row.kind);
    if (!row.van || *row.van < kDay + 59) continue;
    const auto [at, fresh] = late.emplace(*row.kind, row.owner);
    if (!fresh) at->second = std::min(at->second, row.owner);
  }
  for (size_t cell = 0; cell < 3; ++cell) {
    Counted with(2), without(1);
    for (const ChildRow& row : base.children) {
      if (row.owner != static_cast<int64_t>(cell)) continue;
      const auto found = row.kind ? late.find(*row.kind) : late.end();
      if (found != late.end()) with.add(row.kind, row.gezin, {row.owner, found->second});
      if (!row.kind || !cared.contains(*row.kind)) without.add(row.kind, row.gezin, {row.owner});
    }
    expect_counted(study.plan.outputs[0], study.run.outputs[0].measures[0], cell, with);
    expect_counted(study.plan.outputs[1], study.run.outputs[1].measures[0], cell, without);
  }
}

// Of several rows per key each keeps its own owner: a child's first two spells of care, from two carers.
TEST(StudyFigures, OwnersThroughJoinsWithSeveralRowsPerKey) {
  Base base = random_base(140, 12);
  std::set<std::pair<Cell, Cell>> spells;  // no ties: the order of a child's spells is then determined
  std::erase_if(base.care, [&](const CareRow& row) { return !spells.emplace(row.kind, row.van).second; });
  const StudyRun study = run_study(
      small_study(
          {{"uit",
            "SELECT gemeente, COUNT(*) AS n, COUNT(van) AS met FROM (SELECT k.kind, k.gezin, k.gemeente, "
            "z.van FROM kinderen k JOIN (SELECT kind, van, row_number() OVER (PARTITION BY kind ORDER BY "
            "van) AS rn FROM zorg) z ON z.kind = k.kind AND z.rn <= 2) v GROUP BY gemeente"}}),
      base);
  const sql::Output& output = study.plan.outputs[0];
  EXPECT_FALSE(output.person_unique);
  ASSERT_EQ(output.owner_columns.size(), 2U);
  std::map<int64_t, std::vector<CareRow>> care;
  for (const CareRow& row : base.care)
    if (row.kind) care[*row.kind].push_back(row);
  for (auto& [kind, rows] : care) {
    std::ranges::sort(rows, [](const CareRow& a, const CareRow& b) {
      return a.van.value_or(INT64_MAX) < b.van.value_or(INT64_MAX);
    });
    rows.resize(std::min<size_t>(rows.size(), 2));
  }
  for (size_t cell = 0; cell < 3; ++cell) {
    std::vector<Counted> counted(2, Counted(2));
    for (const ChildRow& row : base.children) {
      if (row.owner != static_cast<int64_t>(cell) || !row.kind) continue;
      for (const CareRow& spell : care[*row.kind]) {
        counted[0].add(row.kind, row.gezin, {row.owner, spell.owner});
        if (spell.van) counted[1].add(row.kind, row.gezin, {row.owner, spell.owner});
      }
    }
    for (size_t m = 0; m < 2; ++m) expect_counted(output, study.run.outputs[0].measures[m], cell, counted[m]);
  }
}

// An arm of UNION ALL that does not read a table has no owner of it; a table that is read twice has two
// entries.
TEST(StudyFigures, OwnersThroughUnionAll) {
  const Base base = random_base(90, 9);
  const StudyRun study = run_study(
      small_study(
          {{"uit",
            "SELECT gemeente, COUNT(*) AS n FROM (SELECT k.kind, k.gezin, k.gemeente FROM kinderen k JOIN "
            "(SELECT kind, COUNT(*) AS keren FROM (SELECT kind FROM kinderen WHERE leeftijd < 9 UNION ALL "
            "SELECT kind FROM zorg) u "
            "WHERE kind IS NOT NULL GROUP BY kind) v ON v.kind = k.kind WHERE v.keren >= 2) w GROUP BY "
            "gemeente"}}),
      base);
  const sql::Output& output = study.plan.outputs[0];
  ASSERT_EQ(output.owner_columns.size(), 3U);
  EXPECT_EQ(output.owner_columns[0].first, "kinderen");
  EXPECT_EQ(output.owner_columns[1].first, "kinderen");
  EXPECT_EQ(output.owner_columns[2].first, "zorg");
  struct Seen {
    int times = 0;
    Cell child, carer;  // least owner codes
  };
  std::map<int64_t, Seen> seen;
  for (const ChildRow& row : base.children) {
    if (!row.kind || !row.age || *row.age >= 9) continue;
    Seen& one = seen[*row.kind];
    ++one.times;
    one.child = std::min(one.child.value_or(row.owner), row.owner);
  }
  for (const CareRow& row : base.care) {
    if (!row.kind) continue;
    Seen& one = seen[*row.kind];
    ++one.times;
    one.carer = std::min(one.carer.value_or(row.owner), row.owner);
  }
  for (size_t cell = 0; cell < 3; ++cell) {
    Counted counted(3);
    for (const ChildRow& row : base.children) {
      const auto found = row.kind ? seen.find(*row.kind) : seen.end();
      if (row.owner != static_cast<int64_t>(cell) || found == seen.end() || found->second.times < 2) continue;
      counted.add(row.kind, row.gezin, {row.owner, found->second.child, found->second.carer});
    }
    expect_counted(output, study.run.outputs[0].measures[0], cell, counted);
  }
}

}  // namespace
}  // namespace sluis::engine
