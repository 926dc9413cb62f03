#include "value_queries.h"

#include <random>

#include "relation/date.h"

namespace sluis::differential {
namespace {

using relation::Type;

int64_t day(const char* text) { return *relation::parse_iso_date(text); }

int64_t pick(std::mt19937_64& random, const Type& type, const std::vector<int64_t>& special) {
  if (random() % 3 == 0) return special[random() % special.size()];
  return type.lo + static_cast<int64_t>(random() % static_cast<uint64_t>(type.hi - type.lo + 1));
}

void fill(relation::Table& table, std::mt19937_64& random, size_t rows,
          const std::vector<std::vector<int64_t>>& special) {
  table.rows = rows;
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const relation::ColumnSchema& column = table.schema.columns[c];
      if (column.nullable && random() % 6 == 0) {
        table.columns[c].push_null();
      } else if (special[c].empty()) {
        table.columns[c].push(static_cast<int64_t>(r));
      } else {
        table.columns[c].push(pick(random, column.type, special[c]));
      }
    }
}

}  // namespace

std::vector<relation::Table> value_tables(uint64_t seed, size_t rows) {
  std::mt19937_64 random(seed);
  const Type dates = Type::date(day("1936-02-29"), day("2031-03-01"));
  const std::vector<int64_t> days = {day("1936-02-29"), day("1996-02-29"), day("2000-02-28"),
                                     day("2000-02-29"), day("2000-03-01"), day("2011-02-28"),
                                     day("2012-02-29"), day("2023-12-31"), day("2024-01-01"),
                                     day("2024-02-29"), day("2031-03-01")};
  relation::Table pay = relation::Table::empty({"pay",
                                                {{"id", Type::integer(0, 1000), false},
                                                 {"kind", Type::category({"a", "b", "c"}), true},
                                                 {"amount", Type::decimal(-99'999, 250'050, 2), true},
                                                 {"rate", Type::decimal(-12'500, 20'000, 4), false},
                                                 {"share", Type::decimal(0, 10, 1), true},
                                                 {"n", Type::integer(-30, 70), true},
                                                 {"m", Type::integer(-2, 9), false}},
                                                {{"id"}}});
  fill(pay, random, rows,
       {{},
        {0, 1},
        {-99'999, 250'050, 0, 50, -50, 150, -150, 1'005, -1'005, 4'995},
        {-12'500, 5'000, 15'000, 0, 50, -50, 1},
        {0, 5, 10},
        {-30, 0, 70, 7, -7},
        {0, 1, -1}});
  relation::Table life = relation::Table::empty(
      {"life",
       {{"id", Type::integer(0, 1000), false}, {"born", dates, true}, {"seen", dates, false}},
       {{"id"}}});
  fill(life, random, rows, {{}, days, days});
  return {pay, life};
}

std::vector<std::string> value_queries() {
  return {
      // decimals: printing, scales, comparison with other scales
      "SELECT SUM(amount) AS s, MIN(amount) AS lo, MAX(amount) AS hi, COUNT(amount) AS n FROM pay",
      "SELECT kind, SUM(amount) AS s, SUM(rate) AS r, MIN(share) AS q FROM pay GROUP BY kind",
      "SELECT share, COUNT(*) AS n FROM pay GROUP BY share",
      "SELECT share, COUNT(*) AS n FROM pay GROUP BY share ORDER BY share DESC LIMIT 3",
      "SELECT SUM(amount + rate) AS a, SUM(amount - 2) AS b, SUM(3 - rate) AS c, SUM(-amount) AS d FROM pay",
      "SELECT SUM(amount * rate) AS a, MIN(amount * share) AS b, MAX(n * rate) AS c, MAX(rate * rate) AS d "
      "FROM pay",
      "SELECT SUM(amount * 0.5) AS a, SUM(n * 1.25) AS b, SUM(12.340 * m) AS c, MAX(.5 * n) AS d FROM pay",
      "SELECT COUNT(*) AS n FROM pay WHERE amount > 10.05",
      "SELECT COUNT(*) AS n FROM pay WHERE amount > 10.0499 AND NOT amount >= 1000.12345",
      "SELECT COUNT(*) AS n FROM pay WHERE amount = 0.500 OR amount = 0.501 OR amount <> 1.5001",
      "SELECT COUNT(*) AS n FROM pay WHERE NOT (amount = 0.501) AND rate < -0.00005",
      "SELECT COUNT(*) AS n FROM pay WHERE n > 6.5 AND n <= 7.00001 AND m <> 0.5",
      "SELECT COUNT(*) AS n FROM pay WHERE amount > n AND rate < amount",
      "SELECT COUNT(*) AS n FROM pay WHERE amount < -10000000000000.5 OR amount > 100000000000000.25",
      "SELECT COUNT(*) AS n FROM pay WHERE amount BETWEEN -0.5 AND 15 AND share IN (0.5, 1, 0.1, 0.55)",
      "SELECT COUNT(*) AS n FROM pay WHERE rate NOT BETWEEN -0.005 AND 1.5 OR amount NOT IN (0, 0.5, 1.50)",
      "SELECT COUNT(*) AS n FROM pay WHERE amount = '10.05' OR rate IS NOT DISTINCT FROM 0.5",
      "SELECT COUNT(*) AS n FROM pay a JOIN pay b ON b.id = a.amount",
      "SELECT COUNT(*) AS n FROM pay a WHERE EXISTS (SELECT 1 FROM pay b WHERE b.share = a.rate)",
      // CASE and its like, with one number of decimals
      "SELECT SUM(CASE WHEN kind = 'a' THEN amount ELSE 0.00 END) AS s FROM pay",
      "SELECT SUM(COALESCE(amount, rate::numeric(18,2), 0.00)) AS s, MAX(COALESCE(share, 0.0)) AS t FROM pay",
      "SELECT MIN(LEAST(amount, 1.25)) AS a, MAX(GREATEST(rate, 0.1234)) AS b, COUNT(NULLIF(amount, 0)) AS c "
      "FROM pay",
      "SELECT CAST(CASE WHEN m > 0 THEN amount ELSE rate END AS decimal(18,3)) > 1 AS x, COUNT(*) AS n FROM "
      "pay GROUP BY x",
      "SELECT COUNT(*) AS n FROM pay WHERE COALESCE(amount, 0) >= 0 AND CASE WHEN m = 0 THEN share ELSE rate "
      "END > 0.05",
      "SELECT u.v > 0 AS x, COUNT(*) AS n, SUM(u.v) AS s FROM (SELECT amount AS v FROM pay UNION ALL SELECT "
      "CAST(n AS numeric(10,2)) FROM pay) u GROUP BY x",
      "SELECT x.s > 10.5 AS big, COUNT(*) AS n, SUM(x.s) AS t FROM (SELECT kind, SUM(amount) AS s FROM pay "
      "GROUP BY kind "
      "HAVING SUM(amount) > -5000.005) x GROUP BY big",
      // rounding half away from zero, both ways between kinds
      "SELECT SUM(CAST(amount AS integer)) AS a, SUM(CAST(rate AS bigint)) AS b, SUM(ROUND(amount)) AS c "
      "FROM pay",
      "SELECT SUM(CAST(amount AS decimal(18,1))) AS a, SUM(ROUND(rate, 2)) AS b, SUM(ROUND(rate, 3)) AS c, "
      "MIN(ROUND(rate, 0)) AS d FROM pay",
      "SELECT SUM(CAST(n AS decimal(9,2))) AS a, SUM(n::numeric * rate) AS b, MAX(ROUND(n, 1)) AS c, "
      "MAX(CAST(rate AS numeric)) AS d, SUM(CAST(amount * rate AS decimal(18,2))) AS e FROM pay",
      "SELECT CAST(rate AS integer) AS r, COUNT(*) AS n FROM pay GROUP BY r",
      "SELECT ROUND(share, 0) AS r, COUNT(*) AS n, SUM(amount) AS s FROM pay GROUP BY ROUND(share, 0)",
      "SELECT COUNT(*) AS n FROM pay WHERE DECIMAL '0.5' = rate OR CAST('12.345' AS decimal(10,2)) < amount",
      // whole numbers divided by a constant
      "SELECT SUM(n / 7) AS a, SUM(n % 7) AS b, SUM(n / -3) AS c, SUM(n % -3) AS d, SUM(-n / 2) AS e FROM "
      "pay",
      "SELECT n / 10 AS d, COUNT(*) AS c FROM pay GROUP BY n / 10",
      "SELECT n % 5 AS d, COUNT(*) AS c FROM pay GROUP BY d",
      "SELECT SUM(m / 1000) AS a, SUM(m % 1000) AS b, MIN(m / 1) AS c, MAX(m % 1) AS d FROM pay",
      "SELECT SUM(amount % 5) AS a, SUM(rate % 0.0007) AS b, SUM(n % 2.5) AS c FROM pay",
      "SELECT COUNT(*) AS c FROM pay WHERE (id * 3 - 500) / 16 = 4 OR id % 2 = 1 OR n / NULL > 1",
      "SELECT COUNT(*) AS c FROM life WHERE (seen - born) / 365 > 17",
      // figures after opening: division keeps PostgreSQL's digits
      "SELECT AVG(n) AS a, AVG(amount) AS b, AVG(rate) AS c, AVG(m + 1) AS d, AVG(share) AS e FROM pay",
      "SELECT kind, AVG(amount) AS a, AVG(n) FILTER (WHERE m > 3) AS b, COUNT(*) AS c FROM pay GROUP BY kind",
      "SELECT VARIANCE(n) AS a, VAR_SAMP(amount) AS b, VAR_POP(rate) AS c, VAR_POP(m) AS d FROM pay",
      "SELECT STDDEV(n) AS a, STDDEV_SAMP(amount) AS b, STDDEV_POP(rate) AS c, STDDEV_POP(share) AS d FROM "
      "pay",
      "SELECT kind, VARIANCE(m) AS a, STDDEV(m) AS b, STDDEV_POP(m) AS c FROM pay WHERE id < 7 GROUP BY kind",
      "SELECT VARIANCE(m) AS a, STDDEV_POP(m) AS b, AVG(m) AS c, STDDEV(n) AS d FROM pay WHERE id > 5000",
      "SELECT VARIANCE(m) AS a, VAR_POP(m) AS b, STDDEV(m) AS c, STDDEV_POP(m) AS d FROM pay WHERE id = 3",
      "SELECT STDDEV(m * 0 + 5) AS a, VAR_POP(m * 0.0) AS b, STDDEV(id) AS c FROM pay",
      "SELECT ROUND(AVG(amount), 2) AS a, ROUND(STDDEV(n), 6) AS b, ROUND(AVG(n)) AS c, ROUND(SUM(n), -2) AS "
      "d FROM pay",
      "SELECT SUM(n) / COUNT(*) AS a, SUM(n) / NULLIF(COUNT(n), 0) AS b, SUM(amount) / SUM(id + 1) AS c FROM "
      "pay",
      "SELECT COUNT(n) / 7 AS a, COUNT(n) % 7 AS b, COUNT(n) * 1.0 / 7 AS c, 100.0 * COUNT(n) / COUNT(*) AS "
      "d, 2 / 3.0 AS "
      "e FROM pay",
      "SELECT SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END) / COUNT(*) AS a, SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END) "
      "* 1000 / "
      "COUNT(*) AS b, SUM(CASE WHEN n > 0 THEN CAST(1 AS bigint) ELSE 0 END) / COUNT(*) AS c FROM pay",
      "SELECT SUM(x.f) / COUNT(*) AS a, SUM(x.g) / COUNT(*) AS b, SUM(x.s) / 3 AS c FROM (SELECT id, "
      "MAX(CASE WHEN n > 0 "
      "THEN 1 ELSE 0 END) AS f, COUNT(*) AS g, SUM(m) AS s FROM pay GROUP BY id) x",
      "SELECT kind, CASE WHEN COUNT(n) > 3 THEN SUM(n) / COUNT(n) END AS a, SUM(amount) % 7 AS b, -AVG(n) AS "
      "c FROM pay "
      "GROUP BY kind",
      "SELECT kind, AVG(n) AS a FROM pay GROUP BY kind HAVING AVG(n) > 10.25 OR STDDEV(n) < 1000 ORDER BY a "
      "DESC",
      "SELECT kind, COUNT(*) AS c FROM pay GROUP BY kind HAVING SUM(amount) / COUNT(*) > 0 ORDER BY 2, 1",
      "SELECT COALESCE(SUM(amount), 0) AS a, COALESCE(AVG(n), 0) AS b, GREATEST(AVG(n), 0.5) AS c, "
      "LEAST(COUNT(*), 2.5) "
      "AS d FROM pay WHERE id > 4000",
      "SELECT CAST(AVG(amount) AS integer) AS a, CAST(SUM(n) AS bigint) / COUNT(*) AS b, CAST(AVG(rate) AS "
      "decimal(10,3)) "
      "AS c, CAST(AVG(n) AS numeric) AS d FROM pay",
      "SELECT AVG(amount) BETWEEN -1000 AND 1000.5 AS a, AVG(n) = SUM(n) * 1.0 / COUNT(n) AS b, AVG(n) IS "
      "NULL AS c FROM "
      "pay",
      "SELECT n / 10 AS d, AVG(amount) AS a, n / 10 + 0.5 AS e FROM pay WHERE n IS NOT NULL GROUP BY n / 10",
      // ages and parts of dates
      "SELECT EXTRACT(year FROM age(DATE '2024-02-29', born)) AS a, COUNT(*) AS n FROM life GROUP BY a",
      "SELECT EXTRACT(year FROM age(DATE '2023-02-28', born)) AS a, COUNT(*) AS n FROM life GROUP BY a",
      "SELECT EXTRACT(year FROM age(seen, DATE '2000-02-29')) AS a, COUNT(*) AS n FROM life GROUP BY a",
      "SELECT EXTRACT(year FROM age(seen, born)) AS a, COUNT(*) AS n FROM life GROUP BY a",
      "SELECT SUM(EXTRACT(year FROM age(born, seen))) AS a, COUNT(*) FILTER (WHERE EXTRACT(year FROM "
      "age(seen, born)) >= "
      "18) AS b, AVG(EXTRACT(year FROM age(seen, born))) AS c FROM life",
      "SELECT EXTRACT(quarter FROM born) AS q, EXTRACT(dow FROM seen) AS d, EXTRACT(isodow FROM seen) AS i, "
      "COUNT(*) AS n "
      "FROM life GROUP BY q, d, i",
      "SELECT SUM(EXTRACT(year FROM born)) / COUNT(*) AS a, SUM(EXTRACT(month FROM seen)) AS b FROM life",
  };
}

std::vector<FailingQuery> failing_value_queries() {
  return {{"SELECT SUM(n) / (COUNT(*) - COUNT(*)) AS a FROM pay", "S1122.division_zero"},
          {"SELECT SUM(amount) / SUM(m - m) AS a FROM pay", "S1122.division_zero"},
          {"SELECT COUNT(*) % (COUNT(*) - COUNT(*)) AS a FROM pay", "S1122.division_zero"},
          {"SELECT CAST(SUM(id) * 100000000.0 AS integer) AS a FROM pay", "S1122.range"},
          {"SELECT SUM(n / 0) AS a FROM pay", "S1021.division_zero"},
          {"SELECT COUNT(*) / 0 AS a FROM pay", "S1021.division_zero"}};
}

}  // namespace sluis::differential
