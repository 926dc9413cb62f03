// The attackers against patterns whose outcome is published: an attacker that misses these is broken.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "additive_table.h"
#include "sdc_files.h"

namespace sluis::attacker {
namespace {

using nlohmann::json;

const Hierarchy kCounties{{"Total", {"Alpha", "Beta", "Gamma", "Delta"}}};
const Hierarchy kEducation{{"Total", {"Low", "Medium", "High", "VeryHigh"}}};

void expect_bounds(const std::map<std::string, Bounds>& got, const json& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, interval] : expected.items()) {
    ASSERT_TRUE(got.count(name)) << name;
    const Bounds& bounds = got.at(name);
    ASSERT_TRUE(bounds.lo && bounds.hi) << name;
    const bool array = interval.is_array();
    EXPECT_EQ(static_cast<double>(*bounds.lo), (array ? interval[0] : interval["lower"]).get<double>())
        << name;
    EXPECT_EQ(static_cast<double>(*bounds.hi), (array ? interval[1] : interval["upper"]).get<double>())
        << name;
  }
}

std::set<std::string> disclosed(const std::map<std::string, Bounds>& bounds) {
  std::set<std::string> out;
  for (const auto& [name, bound] : bounds)
    if (bound.exact()) out.insert(name);
  return out;
}

// json writes a list of one as its element.
std::set<std::string> names(const json& list) {
  if (list.is_string()) return {list.get<std::string>()};
  return list.get<std::set<std::string>>();
}

TEST(Simplex, SmallProblems) {
  Polyhedron p;
  p.variable(), p.variable();
  EXPECT_FALSE(p.bounds({1, 1})->hi.has_value());
  EXPECT_EQ(*p.bounds({1, 1})->lo, 0);
  p.at_most({1, 2}, 7);
  p.at_least({1, 0}, 2);
  EXPECT_EQ(*p.bounds({0, 1})->hi, Rational(5, 2));
  EXPECT_EQ(*p.bounds({0, 1})->integers(), 3);
  p.equal({1, -1}, 3);
  EXPECT_EQ(*p.bounds({0, 1})->hi, Rational(4, 3));
  EXPECT_EQ(*p.bounds({0, -1})->integers(), 2);
  p.at_least({0, 1}, 2);
  EXPECT_FALSE(p.bounds({0, 1}).has_value());
}

TEST(Audit, RowsPlusColumns) {
  SKIP_WITHOUT_SDC();
  const json expected = read_expected("row_plus_column_attack");
  std::vector<TableCell> cells;
  for (const auto& row : read_rows("row_plus_column_attack/problemdata.csv"))
    cells.push_back({{row[0], row[1]}, std::stoi(row[2]), row[3] == "TRUE"});
  const auto bounds = audit(cells, {{{"tot", {"w", "x", "y", "z"}}}, {{"tot", {"a", "b", "c", "d"}}}});
  expect_bounds(bounds, expected["problemdata_intervals"]);
  EXPECT_EQ(disclosed(bounds), names(expected["problemdata_disclosed"]));
  for (int pattern : {0, 1}) {
    cells.clear();
    for (const auto& row : read_rows("row_plus_column_attack/fcsm_delinquent.csv"))
      cells.push_back({{row[0], row[1]}, std::stoi(row[2]), row[3 + static_cast<size_t>(pattern)] != "TRUE"});
    const std::string name = pattern == 0 ? "fcsm_bad" : "fcsm_good";
    const auto found = audit(cells, {kCounties, kEducation});
    expect_bounds(found, expected[name]);
    EXPECT_EQ(disclosed(found), names(expected[name + "_disclosed"]));
  }
}

TEST(Audit, TauArgusManual) {
  SKIP_WITHOUT_SDC();
  const json expected = read_expected("tauargus_manual");
  std::vector<TableCell> cells;
  for (const auto& row : read_rows("tauargus_manual/audit_3x2.csv"))
    cells.push_back({{row[0], row[1]}, row[2] == "NA" ? 0 : std::stoi(row[2]), row[2] != "NA"});
  const auto bounds = audit(cells, {{{"Total", {"1", "2", "3"}}}, {{"Total", {"1", "2"}}}});
  for (const auto& [name, interval] : expected["audit_3x2"].items()) {  // "X12": row 1, column 2
    const Bounds& got = bounds.at(std::string{name[1], ' ', name[2]});
    EXPECT_EQ(*got.lo, interval["lower"].get<int>()) << name;
    EXPECT_EQ(*got.hi, interval["upper"].get<int>()) << name;
  }
  cells.clear();
  for (const auto& row : read_rows("tauargus_manual/singleton.csv"))
    cells.push_back({{row[0], row[1]}, std::stoi(row[2]), true});
  const std::vector<Hierarchy> both{{{"Total", {"A", "B"}}}, {{"Total", {"X1", "X2", "X3", "X4"}}}};
  const auto hide = [&](const std::set<std::string>& hidden) {
    for (TableCell& cell : cells) cell.published = hidden.count(cell_name(cell)) == 0;
    return audit(cells, both);
  };
  const json& pattern = expected["singleton"]["pattern_without_third_suppression"];
  expect_bounds(hide({"A X2", "A X4", "B X2", "B X4"}), pattern["outsider_intervals"]);
  expect_bounds(hide({"A X4", "B X2", "B X4"}), pattern["seen_by_single_respondent"]);
}

// The only person of a cell knows that cell: what else does it compute?
TEST(Audit, InsiderOfASingleCell) {
  SKIP_WITHOUT_SDC();
  const json expected = read_expected("singletons_issue135");
  std::vector<TableCell> cells;
  std::vector<std::string> primary;
  for (const auto& row : read_rows("singletons_issue135/gauss_default.csv"))
    cells.push_back({{row[0], row[1]}, std::stoi(row[2]), true});
  const std::vector<Hierarchy> both{{{"Total", {"1", "2"}}}, {{"Total", {"A", "B", "H", "M", "W"}}}};
  const auto hide = [&](std::set<std::string> hidden, const std::string& known = "") {
    hidden.erase(known);
    for (TableCell& cell : cells) cell.published = hidden.count(cell_name(cell)) == 0;
    return audit(cells, both);
  };
  for (const char* name : {"gauss_default", "gauss_without_singleton_method"}) {
    const std::set<std::string> pattern = names(expected[name]["pattern"]);
    EXPECT_EQ(disclosed(hide(pattern)), names(expected[name]["outsider_disclosed"])) << name;
    for (const auto& [insider, seen] : expected[name]["insider_disclosed"].items())
      EXPECT_EQ(disclosed(hide(pattern, insider)), names(seen)) << name << ", " << insider;
  }
  const json& safe = expected["insider_safe"];
  const std::set<std::string> pattern = names(safe["pattern"]);
  expect_bounds(hide(pattern), safe["outsider_intervals"]);
  // From the pattern alone, whatever the values: nobody in the safe one, somebody in the published ones.
  const auto broken_by_an_insider = [&](const std::set<std::string>& hidden) {
    size_t broken = 0;
    for (const std::string& insider : names(safe["primary"])) {
      for (TableCell& cell : cells)
        cell.published = hidden.count(cell_name(cell)) == 0 || cell_name(cell) == insider;
      broken += determined(cells, both).empty() ? 0 : 1;
    }
    return broken;
  };
  EXPECT_EQ(broken_by_an_insider(pattern), 0u);
  EXPECT_GT(broken_by_an_insider(names(expected["gauss_default"]["pattern"])), 0u);
}

}  // namespace
}  // namespace sluis::attacker
