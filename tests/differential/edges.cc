#include "edges.h"

#include "relation/date.h"

namespace sluis::differential {
namespace {

using relation::Table;
using relation::Type;

constexpr int64_t kBig = int64_t{1} << 61;
constexpr int64_t kHalf = int64_t{1} << 30;
constexpr int64_t kSmall = int64_t{1} << 27;

void add(Table& table, const std::vector<std::optional<int64_t>>& row) {
  for (size_t c = 0; c < row.size(); ++c)
    row[c] ? table.columns[c].push(*row[c]) : table.columns[c].push_null();
  ++table.rows;
}

}  // namespace

std::vector<Table> edge_tables() {
  Table table = Table::empty({"edge",
                              {{"id", Type::integer(1, 12), false},
                               {"big", Type::integer(-kBig, kBig - 1), true},
                               {"half", Type::integer(-kHalf, kHalf - 1), true},
                               {"small", Type::integer(-kSmall, kSmall), true},
                               {"d", Type::date(), true}},
                              {{"id"}}});
  const int64_t first = relation::kMinStoredDate;
  const int64_t last = relation::kMaxStoredDate;
  const int64_t leap = *relation::day_number(2000, 2, 29);
  const int64_t new_year = *relation::day_number(1999, 12, 31);
  add(table, {1, -kBig, -kHalf, -kSmall, first});
  add(table, {2, kBig - 1, kHalf - 1, kSmall, last});
  add(table, {3, -kBig, -kHalf, -kSmall, first});
  add(table, {4, kBig - 1, kHalf - 1, kSmall, last});
  add(table, {5, -kBig + 1, -kHalf + 1, -kSmall + 1, first + 1});
  add(table, {6, kBig - 2, kHalf - 2, kSmall - 1, last - 1});
  add(table, {7, 0, 0, 0, leap});
  add(table, {8, -1, -1, -1, leap + 1});
  add(table, {9, 1, 1, 1, new_year});
  add(table, {10, {}, {}, {}, {}});
  add(table, {11, kBig - 1, {}, kSmall, new_year + 1});
  return {table};
}

std::vector<std::string> edge_queries() {
  return {
      "SELECT MIN(big) AS a, MAX(big) AS b, COUNT(big) AS n, COUNT(DISTINCT big) AS m FROM edge",
      "SELECT COUNT(*) AS n FROM edge WHERE big = -999999999999999999",
      "SELECT SUM(half) * SUM(half) AS a, -SUM(half) * SUM(half) * SUM(half) AS b FROM edge",  // numeric
                                                                                               // after
                                                                                               // opening
      "SELECT COUNT(*) AS n FROM edge WHERE big > 999999999999999999 OR big <= -999999999999999999",
      "SELECT COUNT(*) AS n FROM edge WHERE big NOT BETWEEN -999999999999999999 AND 999999999999999999",
      "SELECT COUNT(*) AS n FROM edge WHERE big >= half * half",
      "SELECT COUNT(*) AS n FROM edge WHERE big BETWEEN half * (1 - half) AND half * half",
      "SELECT COUNT(*) AS n FROM edge WHERE big < half",
      "SELECT COUNT(*) AS n FROM edge WHERE big <> id AND big IS DISTINCT FROM half",
      "SELECT MIN(LEAST(big, half)) AS a, MAX(GREATEST(big, small)) AS b FROM edge",
      "SELECT MAX(COALESCE(big, id)) AS a, MIN(NULLIF(big, half * half)) AS b FROM edge",
      "SELECT MAX(CASE WHEN id > 5 THEN big ELSE small END) AS a FROM edge",
      "SELECT big > 0 AS up, COUNT(*) AS n, MIN(big) AS lo, MAX(big) AS hi FROM edge GROUP BY up",
      "SELECT x.n AS times, COUNT(*) AS groups FROM (SELECT big, LEAST(COUNT(*), 4) AS n FROM edge GROUP BY "
      "big) x GROUP BY times",
      "SELECT COUNT(*) AS n, MIN(e.big) AS lo FROM edge e JOIN (SELECT DISTINCT big FROM edge) x ON x.big = "
      "e.big",
      "SELECT COUNT(*) AS n FROM edge e WHERE EXISTS (SELECT 1 FROM edge o WHERE o.big = e.half)",
      "SELECT COUNT(*) AS n, MAX(u.v) AS hi FROM (SELECT big AS v FROM edge UNION SELECT half FROM edge) u",
      // products and sums that just fit
      "SELECT MIN(half * half) AS a, MAX(half * half) AS b, MIN(half * (half - 1)) AS c FROM edge",
      "SELECT SUM(half) AS s, SUM(small * small) AS q, SUM(-small) AS m FROM edge",
      "SELECT MIN(half * 1073741824 + half) AS a, MAX(half * 1073741824 + half) AS b FROM edge",
      "SELECT SUM(half) - SUM(small * small) AS s, COUNT(*) - SUM(half) AS t FROM edge WHERE half < 0",
      "SELECT MIN(half - half) AS a, MAX(half + half) AS b, MIN(0 - half) AS c FROM edge",
      // dates at both ends, in the first and the last year
      "SELECT MIN(d) AS a, MAX(d) AS b, MAX(d - DATE '1900-01-01') AS n, MIN(DATE '1900-01-01' - d) AS m "
      "FROM "
      "edge",
      "SELECT MIN(CAST(CAST(d - INTERVAL '1000 years' AS date) - INTERVAL '899 years' AS date)) AS a FROM "
      "edge",
      "SELECT EXTRACT(year FROM d - 693595) AS y, COUNT(*) AS n FROM edge GROUP BY y",
      "SELECT EXTRACT(month FROM d + INTERVAL '1 month') AS m, COUNT(*) AS n FROM edge GROUP BY m",
      "SELECT MIN(d - 693595) AS a, MAX(d + 2892928) AS b FROM edge",
      "SELECT COUNT(*) AS n FROM edge WHERE d + INTERVAL '1 year' <= DATE '2001-02-28' AND d > DATE "
      "'1999-12-31'",
      "SELECT COUNT(*) AS n FROM edge WHERE d < DATE '1900-01-02' OR d >= DATE '2079-06-06'",
      "SELECT COUNT(*) AS n FROM edge WHERE d > DATE '0001-01-01' AND d < DATE '9999-12-31'",
  };
}

std::vector<std::pair<std::string, std::string>> beyond_the_edge() {
  const auto with = [](const std::string& figure) { return "SELECT " + figure + " AS x FROM edge"; };
  return {
      {with("SUM(big)"), "wide"},
      {with("MAX(big + 1)"), "wide"},
      {with("MIN(-big)"), "wide"},
      {with("MIN(big - half)"), "wide"},
      {with("MAX(big * 2)"), "wide"},
      {with("SUM(half * half)"), "wide"},
      {with("MAX(half * half * half)"), "wide"},
      {with("MAX(CASE WHEN id = 1 THEN 0 ELSE big + big END)"), "wide"},
      {"SELECT COUNT(*) AS n FROM edge WHERE big + big > 0", "wide"},
      {with("MIN(CAST(d - INTERVAL '1000 years' AS date) - INTERVAL '900 years')"), "date_range"},
      {with("MIN(d - INTERVAL '1001 years')"), "interval"},
      {with("MAX(d + 2892929)"), "date_range"},
      {with("MIN(d - 693596)"), "date_range"},
      {"SELECT COUNT(*) AS n FROM edge WHERE d + half > DATE '2000-01-01'", "date_range"},
  };
}

}  // namespace sluis::differential
