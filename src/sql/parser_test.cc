#include "sql/parser.h"

#include <gtest/gtest.h>

#include "sql/binder.h"
#include "sql/syntax_tree.h"
#include "text/text.h"

namespace sluis::sql {
namespace {

std::string refused_id(const std::string& sql) {
  const auto select = parse_select(sql, "f");
  return select.ok() ? "" : select.error().id;
}

std::string repeated(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Parser, RefusesByName) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"", "empty"},
      {"SELECT 1; SELECT 2", "many_statements"},
      {"DELETE FROM t", "statement"},
      {"CREATE TABLE t AS SELECT 1", "statement"},
      {"SELEC 1", "syntax"},
      {"SELECT a INTO b FROM t", "into"},
      {"SELECT a FROM t FOR UPDATE", "locking"},
      {"SELECT row_number() OVER () FROM t", "window_order"},
      {"SELECT lag(a) OVER (PARTITION BY b) FROM t", "window_order"},
      {"SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b)", "window_name"},
      {"SELECT ntile(4) OVER (ORDER BY a) FROM t", "window_function"},
      {"SELECT last_value(a) OVER (ORDER BY a) FROM t", "window_function"},
      {"SELECT avg(a) OVER (ORDER BY a) FROM t", "window_function"},
      {"SELECT lag(a, 1, 0) OVER (ORDER BY a) FROM t", "window_default"},
      {"SELECT lag('x') OVER (ORDER BY a) FROM t", "arguments"},
      {"SELECT first_value(NULL) OVER (ORDER BY a) FROM t", "arguments"},
      {"SELECT count(DISTINCT a) OVER (ORDER BY a) FROM t", "window_distinct"},
      {"SELECT max(DISTINCT a) OVER (ORDER BY a) FROM t", "window_distinct"},
      {"SELECT sum(a) OVER (ORDER BY a ROWS 2 PRECEDING) FROM t", "window_frame"},
      {"SELECT sum(a) OVER (ORDER BY a ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM t",
       "window_frame"},
      {"SELECT sum(a) OVER (ORDER BY a RANGE UNBOUNDED PRECEDING EXCLUDE TIES) FROM t", "window_frame"},
      {"SELECT row_number(a) OVER (ORDER BY a) FROM t", "arguments"},
      {"SELECT first_value() OVER (ORDER BY a) FROM t", "arguments"},
      {"SELECT a FROM s.t", "schema"},
      {"SELECT d.s.t.a FROM t", "schema"},
      {"SELECT a FROM ONLY t", "only"},
      {"VALUES (1)", "values"},
      {"SELECT a FROM (VALUES (1)) v(a)", "values"},
      {"SELECT a FROM t v(a)", "column_alias"},
      {"SELECT a FROM generate_series(1, 3) g", "from_function"},
      {"SELECT a FROM t, LATERAL (SELECT 1 FROM u) x", "lateral"},
      {"SELECT a FROM t TABLESAMPLE system (1)", "sample"},
      {"SELECT a FROM t NATURAL JOIN u", "natural"},
      {"SELECT a FROM t JOIN u USING (k)", "using"},
      {"SELECT a FROM t FULL JOIN u ON t.k = u.k", "full_join"},
      {"SELECT a FROM (t JOIN u ON t.k = u.k) j", "join_alias"},
      {"SELECT a FROM (SELECT b FROM t)", "syntax"},  // PostgreSQL 15 itself demands an alias
      {"SELECT a FROM t GROUP BY ROLLUP (a)", "grouping_sets"},
      {"SELECT a FROM t GROUP BY DISTINCT a", "grouping_sets"},
      {"SELECT DISTINCT ON (a) a, b FROM t", "distinct_on"},
      {"SELECT a FROM t LIMIT 3 OFFSET 2", "offset"},
      {"SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES", "with_ties"},
      {"SELECT a FROM t LIMIT 1 + 1", "limit"},
      {"SELECT a FROM t LIMIT -1", "limit"},
      {"SELECT a FROM t ORDER BY a NULLS FIRST", "nulls_order"},
      {"SELECT a FROM t ORDER BY a USING <", "construct"},
      {"WITH RECURSIVE r AS (SELECT 1 FROM t) SELECT a FROM r", "recursive"},
      {"WITH r AS (DELETE FROM t RETURNING a) SELECT a FROM r", "construct"},
      {"SELECT a FROM t EXCEPT SELECT a FROM u", "set_operation"},
      {"SELECT a FROM t INTERSECT SELECT a FROM u", "set_operation"},
      {"SELECT $1 FROM t", "parameter"},
      {"SELECT 1e3 FROM t", "decimal"},
      {"SELECT 1.12345678901234567 FROM t", "decimal"},
      {"SELECT CAST(a AS numeric(10, 17)) FROM t", "type"},
      {"SELECT CAST(a AS numeric(10, -2)) FROM t", "type"},
      {"SELECT a::varchar(3) FROM t", "type"},
      {"SELECT age(a) FROM t", "today"},
      {"SELECT EXTRACT(month FROM age(a, b)) FROM t", "extract"},
      {"SELECT ROUND(a, b) FROM t", "round"},
      {"SELECT ROUND(a, 17) FROM t", "round"},
      {"SELECT avg(DISTINCT a) FROM t", "sum_distinct"},
      {"SELECT a || b FROM t", "concat"},
      {"SELECT a ~ 'x' FROM t", "operator"},
      {"SELECT a OPERATOR(pg_catalog.+) b FROM t", "operator"},
      {"SELECT a LIKE 'x' FROM t", "like"},
      {"SELECT a SIMILAR TO 'x' FROM t", "like"},
      {"SELECT a BETWEEN SYMMETRIC 1 AND 2 FROM t", "symmetric"},
      {"SELECT a = ANY (ARRAY[1]) FROM t", "any_all"},
      {"SELECT a > ALL (SELECT b FROM u) FROM t", "any_all"},
      {"SELECT a < ANY (SELECT b FROM u) FROM t", "any_all"},
      {"SELECT (SELECT max(b) FROM u) FROM t", "scalar_subquery"},
      {"SELECT (a, b) = (1, 2) FROM t", "row"},
      {"SELECT a COLLATE \"C\" FROM t", "collate"},
      {"SELECT current_date FROM t", "today"},
      {"SELECT now() FROM t", "function"},
      {"SELECT pg_sleep(10) FROM t", "function"},
      {"SELECT evil.count(*) FROM t", "function"},
      {"SELECT date_trunc('month', d) FROM t", "function"},
      {"SELECT sum(DISTINCT a) FROM t", "sum_distinct"},
      {"SELECT count(a, b) FROM t", "arguments"},
      {"SELECT sum(*) FROM t", "arguments"},
      {"SELECT min(a ORDER BY b) FROM t", "agg_order"},
      {"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t", "percentile_cont"},
      {"SELECT percentile_disc(0.07) WITHIN GROUP (ORDER BY a) FROM t", "quantile"},
      {"SELECT percentile_disc(0.12345) WITHIN GROUP (ORDER BY a) FROM t", "quantile"},
      {"SELECT percentile_disc(1.5) WITHIN GROUP (ORDER BY a) FROM t", "quantile"},
      {"SELECT percentile_disc(ARRAY[0.5]) WITHIN GROUP (ORDER BY a) FROM t", "any_all"},
      {"SELECT percentile_disc(b) WITHIN GROUP (ORDER BY a) FROM t", "quantile"},
      {"SELECT mode() WITHIN GROUP (ORDER BY a) FROM t", "function"},
      {"SELECT median(a) FROM t", "function"},
      {"SELECT count(VARIADIC a) FROM t", "construct"},
      {"SELECT EXTRACT(day FROM d) FROM t", "extract"},
      {"SELECT CAST(a AS real) FROM t", "type"},
      {"SELECT CAST(a AS int[]) FROM t", "type"},
      {"SELECT CAST(a AS s.int4) FROM t", "type"},
      {"SELECT d + INTERVAL '1 hour' FROM t", "interval"},
      {"SELECT d + INTERVAL '3' MONTH FROM t", "type"},
      {"SELECT d + make_interval(months => a) FROM t", "interval"},
      {"SELECT d + make_interval(1) FROM t", "interval"},
      {"SELECT d + make_interval(secs => 1) FROM t", "interval"},
      {"SELECT d + INTERVAL '99999999 months' FROM t", "interval"},
      {"SELECT FROM t", "no_columns"},
      {"SELECT a[1] FROM t", "construct"},
      {"SELECT (t).a FROM t", "construct"},
      {"SELECT xmlelement(name x) FROM t", "construct"},
      {"SELECT a IS DOCUMENT FROM t", "construct"},
      {"SELECT B'1' FROM t", "type"},
      {"SELECT GROUPING(a) FROM t GROUP BY a", "construct"},
  };
  for (const auto& [sql, cause] : cases) EXPECT_EQ(refused_id(sql), std::string("S1021.") + cause) << sql;
}

TEST(Parser, EveryRefusalHasTextsInBothLanguages) {
  for (const char* cause : {"window_order", "window_name", "window_function", "window_default",
                            "window_distinct", "window_frame", "window_here", "window_group", "window_offset",
                            "not_unique", "study_sum", "wide", "syntax", "deep", "large"}) {
    const std::string id = std::string("S1021.") + cause;
    for (const auto language : {text::Language::kDutch, text::Language::kEnglish}) {
      EXPECT_TRUE(text::has(language, id + ".what")) << id;
      EXPECT_TRUE(text::has(language, id + ".why")) << id;
    }
  }
}

TEST(Parser, HostileSizeAndDepthAreBounded) {
  EXPECT_EQ(refused_id(std::string(kMaxSqlBytes + 1, ' ')), "S1021.large");
  EXPECT_EQ(refused_id(std::string("SELECT 1\0 FROM t", 16)), "S1021.nul");
  EXPECT_EQ(refused_id("SELECT 1" + repeated("+1", 30000) + " FROM t"), "S1021.deep");
  EXPECT_EQ(refused_id("SELECT " + repeated("- ", 3000) + "a FROM t"), "S1021.deep");
  EXPECT_EQ(refused_id("SELECT " + repeated("- ", 30000) + "a FROM t"), "S1021.syntax");  // bison's own limit
  EXPECT_EQ(refused_id("SELECT " + repeated("NOT ", 3000) + "a FROM t"), "S1021.deep");
  EXPECT_FALSE(refused_id("SELECT " + repeated("(", 30000) + "a" + repeated(")", 30000) + " FROM t").empty());
  EXPECT_EQ(
      refused_id("SELECT " + repeated("CASE WHEN a THEN ", 500) + "1" + repeated(" END", 500) + " FROM t"),
      "S1021.deep");
  EXPECT_EQ(refused_id(repeated("SELECT a FROM (", 300) + "t" + repeated(") x", 300)), "S1021.syntax");
  std::string nested = "SELECT a FROM t";
  for (int i = 0; i < 300; ++i) nested = "SELECT a FROM (" + nested + ") x";
  EXPECT_EQ(refused_id(nested), "S1021.deep");
  EXPECT_EQ(refused_id("SELECT a FROM t" + repeated(" UNION ALL SELECT a FROM t", 1500)), "S1021.deep");
  EXPECT_FALSE(refused_id("SELECT '\xff\xfe' FROM t").empty());
}

TEST(Parser, NegativeAndLargeConstantsKeepTheirValue) {
  const auto constants = [](const std::string& list) {
    std::vector<int64_t> out;
    const auto select = parse_select("SELECT " + list + " FROM t", "f");
    EXPECT_TRUE(select.ok()) << list;
    if (!select.ok()) return out;
    for (const AstItem& item : select->items) {
      EXPECT_EQ(item.expr.kind, AstKind::kInteger);
      out.push_back(item.expr.number);
    }
    return out;
  };
  EXPECT_EQ(constants("17, -17, - 17, -(-17), -(17), - - - 3, 0, -0, 00"),
            (std::vector<int64_t>{17, -17, -17, 17, -17, -3, 0, 0, 0}));
  EXPECT_EQ(constants("2147483647, 2147483648, -2147483648, 999999999999, -999999999999"),
            (std::vector<int64_t>{2147483647, 2147483648, -2147483648, 999999999999, -999999999999}));
  EXPECT_FALSE(refused_id("SELECT - /* comment */ 17 FROM t").empty());  // refused rather than misread
  EXPECT_FALSE(refused_id("SELECT 99999999999999999999 FROM t").empty());
}

TEST(Parser, PositionsAreThoseOfTheStudyFile) {
  const auto first_line = parse_select("SELECT é, a ^ 2 FROM t", "study.toml", {7, 12});
  ASSERT_FALSE(first_line.ok());
  EXPECT_EQ(first_line.error().file, "study.toml");
  EXPECT_EQ(first_line.error().line, 7);
  EXPECT_EQ(first_line.error().column, 12 + 12);  // characters, not bytes
  const auto later = parse_select("SELECT a,\n       'ë', b LIKE 'x'\nFROM t", "study.toml", {7, 12});
  ASSERT_FALSE(later.ok());
  EXPECT_EQ(later.error().line, 8);
  EXPECT_EQ(later.error().column, 15);
  const auto syntax = parse_select("SELECT 'é'\nFORM t x", "study.toml", {1, 1});
  ASSERT_FALSE(syntax.ok());
  EXPECT_EQ(syntax.error().line, 2);
}

TEST(Parser, Intervals) {
  const auto interval = [](const char* text) {
    const auto parsed = parse_interval(text);
    return parsed ? std::pair(parsed->months, parsed->days) : std::pair<int64_t, int64_t>{-9999, -9999};
  };
  const std::pair<int64_t, int64_t> none = {-9999, -9999};
  EXPECT_EQ(interval("12 months"), std::pair(int64_t{12}, int64_t{0}));
  EXPECT_EQ(interval("1 year 6 mons 2 weeks -3 days"), std::pair(int64_t{18}, int64_t{11}));
  EXPECT_EQ(interval(" +1 YEAR "), std::pair(int64_t{12}, int64_t{0}));
  for (const char* text :
       {"", "12", "months", "1.5 months", "1 hour", "1 month ago", "P1Y", "1-2", "9999999 days", "1 month,"})
    EXPECT_EQ(interval(text), none) << text;
}

TEST(RowFilter, IsOneConditionOverTheTable) {
  const relation::TableSchema schema{"jeugdhulp",
                                     {{"kind", Type::bsn(), true},
                                      {"hulpvorm", Type::category({"pleegzorg", "ambulant"}), true},
                                      {"van", Type::date(), true}},
                                     {}};
  const auto id = [&](const char* text) {
    const auto filter = bind_row_filter(text, schema, "study.toml", {5, 9});
    return filter.ok() ? std::string() : filter.error().id;
  };
  EXPECT_EQ(id("hulpvorm = 'pleegzorg'"), "");
  EXPECT_EQ(id("jeugdhulp.hulpvorm IN ('pleegzorg') AND van >= DATE '2023-01-01' - INTERVAL '1 month'"), "");
  EXPECT_EQ(id("kind IS NOT NULL"), "");
  EXPECT_EQ(id("TRUE) AND (van IS NULL"), "");  // one condition, however it is bracketed
  EXPECT_EQ(id("hulpvorm = 'pleegzrg'"), "S1021.unknown_value");
  EXPECT_EQ(id("hulpvorm"), "S1021.boolean");
  EXPECT_EQ(id("soort = 1"), "S1021.no_column");
  EXPECT_EQ(id("COUNT(*) > 1"), "S1021.aggregate_here");
  EXPECT_EQ(id("van IN (SELECT van FROM x)"), "S1021.subquery_here");
  EXPECT_EQ(id("TRUE) FROM x WHERE (TRUE"), "S1021.row_filter");
  EXPECT_EQ(id("TRUE), (TRUE"), "S1021.row_filter");
  EXPECT_EQ(id("TRUE -- "), "");
  EXPECT_EQ(id("TRUE /*"), "S1021.syntax");
  EXPECT_EQ(id("kind = 123456782"), "S1023.row_filter");
  EXPECT_EQ(id("kind IN (123456782, 111222333) OR van IS NULL"), "S1023.row_filter");
  EXPECT_EQ(id("CASE WHEN kind - 5 > 0 THEN TRUE ELSE FALSE END"), "S1023.row_filter");
  EXPECT_EQ(id("COALESCE(kind, 0) IS NOT NULL"), "");  // always true: says nothing about the key
  const auto place = bind_row_filter("van > ", schema, "study.toml", {5, 9});
  ASSERT_FALSE(place.ok());
  EXPECT_EQ(place.error().file, "study.toml");
  const auto name = bind_row_filter("van IS NULL OR soort = 1", schema, "study.toml", {5, 9});
  EXPECT_EQ(name.error().line, 5);
  EXPECT_EQ(name.error().column, 24);
}

}  // namespace
}  // namespace sluis::sql
