#include "sql/binder.h"

#include <gtest/gtest.h>

#include "sql/evaluate.h"
#include "sql/example_study_for_test.h"
#include "sql/plan_text.h"
#include "sql/rewrite.h"
#include "sql/typed.h"

namespace sluis::sql {
namespace {

class ExampleStudy : public testing::Test {
 protected:
  void SetUp() override { bytes_ = example_bytes(); }

  // The example with one passage replaced, everywhere it stands.
  std::string changed(const std::string& from, const std::string& to) const {
    std::string out = bytes_;
    size_t at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    for (; at != std::string::npos; at = out.find(from, at + to.size())) out.replace(at, from.size(), to);
    return out;
  }
  // Ids of the errors, in order.
  static std::vector<std::string> ids(const std::string& bytes) {
    std::vector<std::string> out;
    for (const Error& error : bind_study(example_study(bytes)).errors) out.push_back(error.id);
    return out;
  }
  std::vector<std::string> ids_after(const std::string& from, const std::string& to) const {
    return ids(changed(from, to));
  }

  std::string bytes_;
};

using Ids = std::vector<std::string>;

TEST_F(ExampleStudy, BindsAndItsColumnUseAgrees) {
  const BindResult result = bind_study(example_study(bytes_));
  for (const Error& error : result.errors) ADD_FAILURE() << error.summary();
  ASSERT_TRUE(result.plan.has_value());
  ASSERT_EQ(result.plan->outputs.size(), 4U);
  for (const Output& output : result.plan->outputs) {
    EXPECT_TRUE(output.person_unique) << output.name;
    EXPECT_GE(output.household, 0);
    EXPECT_FALSE(output.only_occurring);
    ASSERT_EQ(output.owner_columns.size(), 3U);
  }
  // Exactly the declared columns are shared, then the owner.
  const relation::TableSchema& table = result.plan->tables.at("jeugdhulp");
  ASSERT_EQ(table.columns.size(), 4U);
  EXPECT_EQ(table.find("hulpvorm"), -1);
  EXPECT_EQ(table.columns.back().name, kOwnerColumn);
  // A view is one node, however many outputs read it.
  const Stages stages = bind_stages(example_study(bytes_));
  std::set<const Node*> projections;
  for (const auto& output : stages.plans.back().second.outputs)
    for (NodePtr node = output.input; node != nullptr;
         node = node->inputs.empty() ? nullptr : node->inputs[0])
      if (node->label == "volg: SELECT") projections.insert(node.get());
  EXPECT_EQ(projections.size(), 1U);
}

TEST_F(ExampleStudy, ColumnUseIsCheckedBothWays) {
  EXPECT_EQ(ids_after("aanmelding_tot = \"compare\"", "aanmelding_tot = \"filter\""), Ids{"S1012.use"});
  EXPECT_EQ(ids_after("leeftijd_2023 = \"group\"", "leeftijd_2023 = \"compare\""), Ids{"S1012.use"});
  EXPECT_EQ(ids_after("leeftijd_2023 = \"group\"", "leeftijd_2023 = \"show\""), Ids{"S1012.unknown"});
  EXPECT_EQ(ids_after("aanvang_tot = \"compare\"", "aanvang_tot = \"compare\", hulpvorm = \"filter\""),
            Ids{"S1012.unused"});
  EXPECT_EQ(ids_after(", aanmelding_tot = \"compare\"", ""), Ids{"S1012.undeclared"});
  EXPECT_EQ(ids_after("WHERE  ok.kind IS NOT NULL", "WHERE  ok.kind IS NOT NULL AND ok.gemeente <> 'GM9001'"),
            Ids{});
  EXPECT_EQ(
      ids_after("FROM   jeugdhulp\nWHERE  kind", "FROM   jeugdhulp\nWHERE  hulpvorm = 'ambulant' AND kind"),
      Ids{"S1012.undeclared"});
}

TEST_F(ExampleStudy, LinkColumnsAreNeverComparedWithLiterals) {
  const std::string where = "WHERE  ok.kind IS NOT NULL";
  EXPECT_EQ(ids_after(where, where + " AND ok.kind = 123456782"), Ids{"S1023.literal"});
  EXPECT_EQ(ids_after(where, where + " AND ok.kind IN (123456782, 111222333)"), Ids{"S1023.literal"});
  EXPECT_EQ(ids_after(where, where + " AND ok.ouder - 5 < 100"), Ids{"S1023.literal"});
  EXPECT_EQ(ids_after(where, where + " AND COALESCE(ok.ouder, 7) = 7"), Ids{"S1023.literal"});
  // Through two views and MIN.
  EXPECT_EQ(ids_after("WHERE  pleeg_van IS NULL OR", "WHERE  gezin = 123456782 OR pleeg_van IS NULL OR"),
            Ids{"S1023.literal"});
  // As a heading of one value, or in a sum.
  EXPECT_EQ(ids_after("SUM(CASE WHEN pleeg_tot < DATE '2025-01-01'", "SUM(CASE WHEN kind = 123456782"),
            Ids{"S1023.literal"});
  // A join with a column that holds a constant.
  const std::string joined =
      "FROM   ouder_kind ok JOIN (SELECT CASE WHEN leeftijd_2023 > 3 THEN 123456782 ELSE 1 END AS x FROM "
      "ouder_kind "
      "GROUP BY 1) y ON y.x = ok.kind LEFT JOIN schuld s";
  EXPECT_EQ(ids_after("FROM   ouder_kind ok LEFT JOIN schuld s", joined), Ids{"S1023.literal"});
  EXPECT_EQ(ids_after(where, where + " AND ok.kind IN (SELECT leeftijd_2023 + 123456700 FROM ouder_kind)"),
            Ids{"S1023.literal"});
  // Declaring it otherwise does not help: it is a BSN.
  const std::string declared = changed("kind = \"link\", leeftijd_2023", "kind = \"filter\", leeftijd_2023");
  EXPECT_EQ(ids(declared), Ids{"S1012.use"});
  std::string both = declared;
  both.replace(both.find(where), where.size(), where + " AND ok.kind = 123456782");
  EXPECT_EQ(ids(both), (Ids{"S1023.key", "S1012.use"}));  // and presence is tested: compare
}

TEST_F(ExampleStudy, UnitsMustBeThereAsTheyAre) {
  EXPECT_EQ(ids_after("SELECT k.kind, k.gezin, k.gemeente", "SELECT k.kind, k.gemeente"),
            Ids(4, "S1022.unit"));
  EXPECT_EQ(ids_after("SELECT k.kind, k.gezin, k.gemeente", "SELECT k.kind + 0 AS kind, k.gezin, k.gemeente"),
            Ids(4, "S1022.unit_value"));
  EXPECT_EQ(ids_after("MIN(ok.ouder) AS gezin", "COUNT(*) AS gezin"), Ids(4, "S1022.unit_value"));
  EXPECT_EQ(
      ids_after("SELECT k.kind, k.gezin, k.gemeente", "SELECT k.kind, k.gezin, p.kind AS kind, k.gemeente"),
      Ids(4, "S1022.unit_twice"));
}

TEST_F(ExampleStudy, DomainsAreChecked) {
  EXPECT_EQ(ids_after("[\"0-5\", \"6-11\", \"12-17\"]", "[\"0-5\", \"6-11\", \"12-18\"]"),
            Ids{"S1022.domain_value"});
  EXPECT_EQ(ids_after("[\"0-5\", \"6-11\", \"12-17\"]", "[\"0-5\", \"6-11\", \"6-11\"]"),
            Ids{"S1022.domain_twice"});
  EXPECT_EQ(ids_after("domain = { volgorde =", "domain = { volgordes ="), Ids{"S1022.domain_name"});
  EXPECT_EQ(ids_after("ouder_in_schuldhulp = 'ja'", "ouder_in_schuldhulp = 'Ja'"),
            (Ids{"S1021.unknown_value", "S1021.unknown_value"}));
}

TEST_F(ExampleStudy, AnAbsentValueIsAnEmptyRowWhenNotAllTakePart) {
  StudySql study = example_study(bytes_);
  study.complete = false;
  study.outputs[3].domain[0].second = {"GM9001", "GM9999"};
  const BindResult result = bind_study(study);
  for (const Error& error : result.errors) ADD_FAILURE() << error.summary();
  ASSERT_TRUE(result.plan.has_value());
  const Output& output = result.plan->outputs[3];
  const Type& type = output.input->columns[static_cast<size_t>(output.dimensions[0].column)].type;
  ASSERT_EQ(output.dimensions[0].codes.size(), 2U);
  EXPECT_EQ(relation::cell_text(type, output.dimensions[0].codes[1]), "GM9999");
  study.complete = true;
  EXPECT_FALSE(bind_study(study).errors.empty());
}

TEST_F(ExampleStudy, OutputsShowCountsAndNothingElse) {
  const std::string count = "SELECT leeftijd, ouder_in_schuldhulp,\n       COUNT(*) AS kinderen,";
  const std::string keys = "GROUP  BY leeftijd, ouder_in_schuldhulp";
  EXPECT_EQ(ids_after(count, count + " MIN(pleeg_van) AS eerste,"), Ids{"S1021.study_extreme"});
  EXPECT_EQ(ids_after(count, count + " SUM(gezin) AS som,"), Ids{"S1021.study_sum"});
  EXPECT_EQ(ids_after(count, count + " COUNT(*) - 1 AS min_een,"), Ids{"S1021.study_expression"});
  EXPECT_EQ(ids_after(count, count + " COUNT(DISTINCT gezin) AS gezinnen,"), Ids{"S1021.study_distinct"});
  EXPECT_EQ(ids_after(count, count + " COUNT(DISTINCT kind) AS personen,"), Ids{});
  EXPECT_EQ(ids_after(keys, keys + "\nHAVING COUNT(*) > 3"), Ids{"S1021.study_having"});
  EXPECT_EQ(ids_after(keys, keys + "\nORDER BY 1"), Ids{"S1021.study_order"});
  EXPECT_EQ(ids_after(keys, keys + "\nLIMIT 1"), Ids{"S1021.study_order"});
  EXPECT_EQ(
      ids_after(
          "SELECT ouder_in_schuldhulp, COUNT(*) AS kinderen\nFROM   volg\nGROUP  BY ouder_in_schuldhulp",
          "SELECT DISTINCT ouder_in_schuldhulp FROM volg"),
      Ids{"S1021.study_count"});
}

TEST_F(ExampleStudy, AllErrorsAtOnceAndAViewsFaultOnce) {
  std::string bytes = changed("MIN(ok.leeftijd_2023) AS leeftijd", "MAX(ok.leeftijdd) AS leeftijd");
  const std::string from = "FROM   jeugdhulp\n";
  bytes.replace(bytes.find(from), from.size(), "FROM   jeugdhulpen\n");
  const BindResult result = bind_study(example_study(bytes));
  ASSERT_EQ(result.errors.size(), 2U);  // `volg` and four outputs read the faulty views: not reported again
  EXPECT_EQ(result.errors[0].id, "S1021.no_column");
  EXPECT_EQ(result.errors[1].id, "S1021.no_table");
  EXPECT_EQ(result.errors[0].file, "study.toml");
  const size_t offset = bytes.find("ok.leeftijdd");
  EXPECT_EQ(result.errors[0].line,
            1 + std::count(bytes.begin(), bytes.begin() + static_cast<long>(offset), '\n'));
  EXPECT_EQ(result.errors[0].column, static_cast<int>(offset - bytes.rfind('\n', offset)));
}

// ---- widths, types and PostgreSQL's rules

std::string first_error(const std::string& sql) {
  const std::vector<relation::TableSchema> tables = {{"t",
                                                      {{"a", Type::integer(0, int64_t{1} << 40), true},
                                                       {"b", Type::integer(-5, 5), true},
                                                       {"c", Type::category({"x", "y"}), true},
                                                       {"d", Type::date(), true},
                                                       {"f", Type::boolean(), true},
                                                       {"p", Type::decimal(0, 99'999, 2), true},
                                                       {"q", Type::decimal(-5, 99'999, 4), true}},
                                                      {}}};
  const BindResult result = bind_query(sql, tables, {{"t", 1000}});
  return result.errors.empty() ? "" : result.errors[0].id;
}

TEST(Types, RefusedByName) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"SELECT COUNT(*) FROM t WHERE a * a > 1", "wide"},
      {"SELECT SUM(a * 100000) FROM t", "wide"},
      {"SELECT SUM(a) FROM t", ""},
      {"SELECT COUNT(*) FROM t WHERE a = 'x'", "literal"},
      {"SELECT COUNT(*) FROM t WHERE d > '2023-02-30'", "literal"},
      {"SELECT COUNT(*) FROM t WHERE d > '2023-02-28'", ""},
      {"SELECT COUNT(*) FROM t WHERE a = d", "types"},
      {"SELECT COUNT(*) FROM t WHERE c = 1", "types"},
      {"SELECT COUNT(*) FROM t WHERE f = 1", "types"},
      {"SELECT COUNT(*) FROM t WHERE f = 't'", ""},
      {"SELECT COUNT(*) FROM t WHERE a", "boolean"},
      {"SELECT COUNT(*) FROM t WHERE a AND f", "boolean"},
      {"SELECT COUNT(*) FROM t WHERE d + d > d", "types"},
      {"SELECT COUNT(*) FROM t WHERE (d + INTERVAL '1 day') - d > 3", "timestamp"},
      {"SELECT COUNT(*) FROM t WHERE (d + INTERVAL '1 day') + 3 > d", "timestamp"},
      {"SELECT COUNT(*) FROM t WHERE d + INTERVAL '9000 years' > d", "interval"},
      {"SELECT COUNT(*) FROM t WHERE d + 3000000 > d", "date_range"},
      {"SELECT COUNT(*) FROM t WHERE d - INTERVAL '999 years' - INTERVAL '999 years' > d", "date_range"},
      {"SELECT COUNT(*) FROM t WHERE a + INTERVAL '1 day' > d", "interval_use"},
      {"SELECT COUNT(*) FROM t WHERE INTERVAL '1 day' > d", "interval_use"},
      {"SELECT MIN(d + INTERVAL '1 day') FROM t", "timestamp_output"},
      {"SELECT MIN(CASE WHEN FALSE THEN d + INTERVAL '1 day' ELSE d END) FROM t", "timestamp_output"},
      {"SELECT MIN(CAST(d + INTERVAL '1 day' AS date)) FROM t", ""},
      {"SELECT d + INTERVAL '1 day' AS x, COUNT(*) FROM t GROUP BY x", "timestamp_output"},
      {"SELECT MIN(f) FROM t", "aggregate_type"},
      {"SELECT SUM(d) FROM t", "aggregate_type"},
      {"SELECT SUM(f) FROM t", "aggregate_type"},
      {"SELECT bool_and(a) FROM t", "aggregate_type"},
      {"SELECT SUM(COUNT(*)) FROM t", "aggregate_here"},
      {"SELECT COUNT(*) FROM t WHERE COUNT(*) > 1", "aggregate_here"},
      {"SELECT COUNT(*) FROM t GROUP BY COUNT(*)", "aggregate_here"},
      {"SELECT COALESCE(NULL, NULL) AS x, COUNT(*) FROM t GROUP BY x", "untyped_null"},
      {"SELECT NULL, COUNT(*) FROM t", "untyped_null"},
      {"SELECT CAST(NULL AS integer) AS x, COUNT(*) FROM t", ""},
      {"SELECT CASE WHEN f THEN 1 ELSE 'x' END AS x, COUNT(*) FROM t GROUP BY x", "literal"},
      {"SELECT CASE WHEN f THEN c ELSE d END AS x, COUNT(*) FROM t GROUP BY x", "types"},
      {"SELECT CAST(c AS integer) AS x, COUNT(*) FROM t GROUP BY x", "cast"},
      {"SELECT CAST(f AS integer) AS x, COUNT(*) FROM t GROUP BY x", ""},
      {"SELECT a, COUNT(*) FROM t GROUP BY a", "dimension_range"},
      {"SELECT b, c, f, LEAST(GREATEST(a, 0), 99) AS e, COUNT(*) FROM t GROUP BY b, c, f, e", "cells"},
      {"SELECT c AS x, c AS x, COUNT(*) FROM t GROUP BY x", "ambiguous"},
      {"SELECT COUNT(*) AS __n FROM t", "reserved_name"},
      {"SELECT COUNT(*) FROM t, t", "alias_twice"},
      {"SELECT COUNT(*) FROM t GROUP BY 2", "position"},
      {"SELECT COUNT(*) FROM u", "no_table"},
      {"SELECT COUNT(u.a) FROM t", "no_table_here"},
      {"SELECT COUNT(DISTINCT a), COUNT(DISTINCT b) FROM t", "distinct_twice"},
      {"SELECT COUNT(*) FROM (SELECT a FROM t ORDER BY a) s", "order_below"},
      {"SELECT COUNT(*) FROM t UNION ALL SELECT COUNT(*) FROM t", "final_union"},
      {"SELECT COUNT(*) FROM (SELECT a, b FROM t UNION ALL SELECT a FROM t) s", "union_columns"},
      {"SELECT COUNT(*)", "no_from"},
      {"SELECT EXTRACT(year FROM a) AS x, COUNT(*) FROM t GROUP BY x", "extract"},
      // decimals: PostgreSQL's numbers of decimals are known, or the question is refused
      {"SELECT SUM(p * q) FROM t", ""},
      {"SELECT MAX(q * q * q) FROM t", ""},
      {"SELECT MAX(q * q * q * q) FROM t", "wide"},
      {"SELECT MAX(q * 0.0000000000000 * 0) FROM t", "scale"},
      {"SELECT SUM(CASE WHEN f THEN p ELSE 0 END) FROM t", "mixed_scale"},
      {"SELECT SUM(CASE WHEN f THEN p ELSE 0.00 END) FROM t", ""},
      {"SELECT SUM(COALESCE(p, q)) FROM t", "mixed_scale"},
      {"SELECT MIN(GREATEST(p, 0) + q) FROM t", "mixed_scale"},
      {"SELECT SUM(CAST(COALESCE(p, q) AS decimal(18,4))) FROM t", ""},
      {"SELECT COUNT(*) FROM t WHERE COALESCE(p, q) > 0", ""},
      {"SELECT SUM(v) FROM (SELECT p AS v FROM t UNION ALL SELECT q FROM t) u", "mixed_scale"},
      {"SELECT COUNT(*) FROM t WHERE p = 'a'", "literal"},
      {"SELECT COUNT(*) FROM t WHERE a = '1.5'", "literal"},
      {"SELECT COUNT(*) FROM t WHERE p = c", "types"},
      {"SELECT COUNT(*) FROM t WHERE d + 1.5 > d", "types"},
      {"SELECT CAST(p AS text) AS z, COUNT(*) FROM t GROUP BY z", "cast"},
      {"SELECT CAST(f AS numeric) AS z, COUNT(*) FROM t GROUP BY z", "cast"},
      {"SELECT CAST(p AS boolean) AS z, COUNT(*) FROM t GROUP BY z", "cast"},
      {"SELECT SUM(ROUND(a)) FROM t", "round_integer"},
      {"SELECT SUM(ROUND(p, -1)) FROM t", "round"},
      {"SELECT ROUND(SUM(p), -1) FROM t", ""},
      // division: by a constant on shares, by anything after opening
      {"SELECT SUM(a / 2) FROM t", ""},
      {"SELECT SUM(a / 0) FROM t", "division_zero"},
      {"SELECT SUM(a % 0) FROM t", "division_zero"},
      {"SELECT SUM(a / b) FROM t", "division_secret"},
      {"SELECT SUM(p % q) FROM t", "division_secret"},
      {"SELECT SUM(p / 2) FROM t", "division_numeric"},
      {"SELECT SUM(a / 2.0) FROM t", "division_numeric"},
      {"SELECT SUM(EXTRACT(year FROM d) / 10) FROM t", "division_numeric"},
      {"SELECT SUM(CAST(EXTRACT(year FROM d) AS integer) / 10) FROM t", ""},
      {"SELECT SUM(p) / SUM(q) FROM t", ""},
      {"SELECT COUNT(*) FROM t WHERE d / 2 > 1", "types"},
      // averages: of an output only
      {"SELECT AVG(p) FROM t", ""},
      {"SELECT COUNT(*) FROM (SELECT b, AVG(p) AS m FROM t GROUP BY b) u", "average_below"},
      {"SELECT COUNT(*) FROM (SELECT b FROM t GROUP BY b HAVING STDDEV(p) > 1) u", "average_below"},
      {"SELECT AVG(d) FROM t", "aggregate_type"},
      {"SELECT STDDEV(f) FROM t", "aggregate_type"},
      // ages
      {"SELECT MIN(EXTRACT(year FROM age(d, DATE '2000-01-01'))) FROM t", ""},
      {"SELECT COUNT(*) FROM t WHERE age(d, d) > 3", "age"},
      {"SELECT MIN(EXTRACT(year FROM age(a, d))) FROM t", "age"},
  };
  for (const auto& [sql, cause] : cases)
    EXPECT_EQ(first_error(sql), *cause == '\0' ? std::string() : std::string("S1021.") + cause) << sql;
}

// Nested constructs that write an operand out twice cannot blow up.
TEST(Types, WrittenOutExpressionsAreBounded) {
  std::string value = "b";
  for (int i = 0; i < 40; ++i) value = "NULLIF(" + value + ", 1)";
  EXPECT_EQ(first_error("SELECT COUNT(*) FROM t WHERE " + value + " = 1"), "S1021.size");
  std::string extreme = "b";
  for (int i = 0; i < 40; ++i) extreme = "GREATEST(" + extreme + ", " + std::to_string(i) + ")";
  EXPECT_EQ(first_error("SELECT COUNT(*) FROM t WHERE " + extreme + " = 1"), "S1021.size");
  std::string cases = "b";
  for (int i = 0; i < 30; ++i) cases = "CASE " + cases + " WHEN 1 THEN 1 WHEN 2 THEN 2 END";
  EXPECT_EQ(first_error("SELECT COUNT(*) FROM t WHERE " + cases + " = 1"), "S1021.size");
  std::string list = "b IN (0";
  for (int i = 1; i < 3000; ++i) list += "," + std::to_string(i);
  EXPECT_EQ(first_error("SELECT COUNT(*) FROM t WHERE " + list + ")"), "S1021.size");
}

// Views that read the one before twice: work grows with the text, not with two to its power.
TEST(Types, SharedViewsStayShared) {
  std::string sql = "WITH v0 AS (SELECT b, COUNT(*) AS n FROM t GROUP BY b)";
  for (int i = 1; i <= 60; ++i) {
    const std::string last = "v" + std::to_string(i - 1);
    sql += ", v" + std::to_string(i) + " AS (SELECT x.b, x.n FROM " + last + " x JOIN " + last +
           " y ON x.b = y.b)";
  }
  EXPECT_EQ(first_error(sql + " SELECT COUNT(*) FROM v60"), "");
  std::string doubling = "WITH v0 AS (SELECT b FROM t)";
  for (int i = 1; i <= 60; ++i) {
    const std::string last = "v" + std::to_string(i - 1);
    doubling +=
        ", v" + std::to_string(i) + " AS (SELECT b FROM " + last + " UNION ALL SELECT b FROM " + last + ")";
  }
  EXPECT_EQ(first_error(doubling + " SELECT COUNT(*) FROM v60"), "S1021.rows_bound");
}

// Large domains and long lists: refused before they take gigabytes.
TEST(Types, PlansAreBounded) {
  std::vector<std::string> words;
  for (int i = 0; i < 60000; ++i) words.push_back("word" + std::to_string(i));
  const std::vector<relation::TableSchema> tables = {{"t", {{"w", Type::category(words), true}}, {}}};
  const auto id = [&](const std::string& sql) {
    const BindResult result = bind_query(sql, tables, {{"t", 10}});
    return result.errors.empty() ? std::string() : result.errors[0].id;
  };
  EXPECT_EQ(id("SELECT COUNT(*) FROM t WHERE w = 'word7' OR w = 'x'"), "");
  std::string items = "SELECT COUNT(*) FROM (SELECT w";
  for (int i = 0; i < 5000; ++i) items += ", w";
  EXPECT_EQ(id(items + " FROM t) s"), "S1021.plan_size");
  std::string where = "SELECT COUNT(*) FROM t WHERE w = 'a'";
  for (int i = 0; i < 3000; ++i) where += " AND w <> 'b'";
  EXPECT_EQ(id(where), "S1021.plan_size");
  EXPECT_EQ(id("SELECT COUNT(*) FROM t WHERE w IN ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')"),
            "S1021.size");
}

TEST(Types, BoundsAreTightAndConstantsComputed) {
  const ColumnSchema column{"b", Type::integer(-5, 7), true};
  const auto of = [&](auto&& make) {
    Bound b;
    b.expr = column_expr(0, column);
    const Result<Bound> out = make(std::move(b));
    EXPECT_TRUE(out.ok());
    return out->expr.type;
  };
  EXPECT_EQ(of([](Bound b) { return bind_arithmetic("*", b, b, {}); }), Type::integer(-35, 49));
  EXPECT_EQ(of([](Bound b) { return bind_negate(b, {}); }), Type::integer(-7, 5));
  EXPECT_EQ(of([](Bound b) { return bind_extreme(false, {b, bind_integer(3, {})}, {}); }),
            Type::integer(-5, 3));
  EXPECT_EQ(of([](Bound b) { return bind_extreme(true, {b, bind_integer(0, {})}, {}); }),
            Type::integer(0, 7));
  const Result<Bound> date = bind_cast("date", bind_literal("2023-03-31", {}), {});
  ASSERT_TRUE(date.ok());
  const Result<Bound> earlier = bind_shift(*date, -1, 0, {});
  ASSERT_TRUE(earlier.ok());
  EXPECT_EQ(earlier->expr.op, Op::kConstant);
  EXPECT_EQ(relation::cell_text(earlier->expr.type, earlier->expr.constant), "2023-02-28");
}

}  // namespace
}  // namespace sluis::sql
