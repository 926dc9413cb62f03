#include "engine_support.h"

namespace sluis::differential {
namespace {

void add_windows(std::vector<std::string>& out) {
  const char* const kNumbers =
      "SELECT x.rn, COUNT(*) AS n, SUM(x.cost) AS s, MIN(x.day) AS d FROM (SELECT person, cost, day, "
      "LEAST(row_number() OVER (PARTITION BY person ORDER BY day, cost, paid), 9) AS rn FROM visit) x GROUP "
      "BY "
      "x.rn";
  out.emplace_back(kNumbers);
  for (const char* order :
       {"day", "day DESC", "cost NULLS FIRST", "cost DESC NULLS LAST, paid", "paid, cost DESC, day"}) {
    const std::string window = std::string(" OVER (PARTITION BY person ORDER BY ") + order;
    out.push_back("SELECT LEAST(x.k, 6) AS k, LEAST(x.e, 6) AS e, COUNT(*) AS n FROM (SELECT rank()" +
                  window + ") AS k, dense_rank()" + window + ") AS e FROM visit) x GROUP BY 1, 2");
    out.push_back(
        "SELECT SUM(x.a) AS a, SUM(x.b) AS b, MIN(x.c) AS c, MAX(x.d) AS d, SUM(x.e) AS e, "
        "COUNT(x.a) AS n FROM (SELECT SUM(cost)" +
        window + ") AS a, COUNT(cost)" + window + ") AS b, MIN(day)" + window + ") AS c, MAX(cost)" + window +
        ") AS d, COUNT(*)" + window + ") AS e FROM visit) x");
  }
  // One full order: what a row's neighbours and its place are is determined but for equal rows.
  const std::string full = " OVER (PARTITION BY person ORDER BY day, cost DESC, paid";
  out.push_back(
      "SELECT SUM(x.cost - x.p) AS s, COUNT(x.p) AS n, COUNT(x.q) AS m, MAX(x.day - x.e) AS d FROM "
      "(SELECT cost, day, lag(cost)" +
      full + ") AS p, lead(cost, 2)" + full + ") AS q, lag(day, 3)" + full + ") AS e FROM visit) x");
  out.push_back(
      "SELECT COUNT(*) FILTER (WHERE x.day - x.before <= 30) AS soon, COUNT(x.before) AS n FROM "
      "(SELECT day, lag(day)" +
      full + ") AS before FROM visit WHERE paid) x");
  out.push_back(
      "SELECT SUM(x.f) AS f, COUNT(x.f) AS n, SUM(x.a) AS a, MIN(x.b) AS b FROM (SELECT "
      "first_value(cost)" +
      full + ") AS f, SUM(cost)" + full + " ROWS UNBOUNDED PRECEDING) AS a, MIN(cost)" + full +
      " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS b FROM visit) x");
  out.push_back(
      "SELECT p.town, COUNT(*) AS n, SUM(f.cost) AS s FROM person p JOIN (SELECT person, cost, "
      "row_number()" +
      full + ") AS rn FROM visit) f ON f.person = p.id AND f.rn = 1 GROUP BY p.town");
  out.push_back(
      "SELECT p.town, COUNT(f.rn) AS n, MAX(f.day) AS d FROM person p LEFT JOIN (SELECT person, day, "
      "row_number()" +
      full + ") AS rn FROM visit) f ON f.person = p.id AND f.rn = 2 GROUP BY p.town");
  // whole partitions, one partition, FILTER, computed keys, windows of windows
  out.emplace_back(
      "SELECT COUNT(*) FILTER (WHERE x.cost = x.top) AS n, SUM(x.n) AS s, SUM(x.all_of_them) AS t FROM "
      "(SELECT cost, MAX(cost) OVER (PARTITION BY person) AS top, COUNT(*) OVER (PARTITION BY person, "
      "paid) AS n, COUNT(*) OVER () AS all_of_them FROM visit) x");
  out.emplace_back(
      "SELECT SUM(x.a) AS a, SUM(x.b) AS b, bool_and(x.c) AS c FROM (SELECT COUNT(*) FILTER (WHERE cost > "
      "0) OVER (PARTITION BY paid ORDER BY day) AS a, SUM(cost) FILTER (WHERE paid) OVER (ORDER BY day) AS "
      "b, bool_or(paid) OVER (PARTITION BY cost ORDER BY day DESC RANGE BETWEEN UNBOUNDED PRECEDING AND "
      "UNBOUNDED FOLLOWING) AS c FROM visit) x");
  out.emplace_back(
      "SELECT x.m, COUNT(*) AS n FROM (SELECT EXTRACT(month FROM day) AS m, rank() OVER (PARTITION BY "
      "EXTRACT(month FROM day), cost > 0 ORDER BY cost * cost DESC) AS k FROM visit) x WHERE x.k = 1 GROUP "
      "BY x.m");
  out.emplace_back(
      "SELECT COUNT(*) AS n, SUM(y.s) AS s FROM (SELECT x.person, SUM(x.k) OVER (PARTITION BY x.person ORDER "
      "BY x.k) AS s, x.k FROM (SELECT person, rank() OVER (PARTITION BY paid ORDER BY cost) AS k FROM visit) "
      "x) y WHERE y.s > y.k");
  out.emplace_back(
      "SELECT w.town, COUNT(*) AS n FROM (SELECT p.town, rank() OVER (PARTITION BY p.town ORDER BY v.cost "
      "DESC NULLS LAST) AS k FROM visit v JOIN person p ON p.id = v.person) w WHERE w.k <= 3 GROUP BY "
      "w.town");
}

// Several rows per key, the number bounded by row_number() or by UNION ALL of keyed sides.
void add_bounded_joins(std::vector<std::string>& out) {
  const auto first = [](int rows) {
    return "(SELECT person, cost, paid, row_number() OVER (PARTITION BY person ORDER BY day, cost, paid) AS "
           "rn FROM "
           "visit) f ON f.rn <= " +
           std::to_string(rows);
  };
  for (const char* kind : {"JOIN", "LEFT JOIN"})
    for (const int rows : {2, 3, 5})
      out.push_back(
          std::string("SELECT v.paid, COUNT(*) AS n, SUM(f.cost) AS s, COUNT(f.rn) AS m, SUM(f.rn) AS r FROM "
                      "visit v ") +
          kind + " " + first(rows) + " AND f.person = v.person GROUP BY v.paid");
  out.push_back("SELECT COUNT(*) AS n, SUM(v.cost - f.cost) AS s FROM visit v JOIN " + first(4) +
                " AND f.person = v.person AND f.paid = v.paid AND v.cost > f.cost");
  out.push_back("SELECT p.town, COUNT(*) AS n, COUNT(DISTINCT f.cost) AS c FROM person p LEFT JOIN " +
                first(3) + " AND f.person = p.id AND p.age > 4 AND f.cost > 0 GROUP BY p.town");
  out.emplace_back(
      "SELECT COUNT(*) AS n, SUM(u.age) AS s FROM visit v JOIN (SELECT id AS k, age FROM person UNION ALL "
      "SELECT id + 1, 100 FROM person WHERE active) u ON u.k = v.person");
  out.push_back(
      "SELECT COUNT(*) AS n, MAX(g.cost) AS c FROM (SELECT p.town, f.cost, p.id FROM person p JOIN " +
      first(2) + " AND f.person = p.id) g JOIN visit v ON v.person = g.id");
  out.emplace_back(
      "SELECT COUNT(*) AS n FROM place a, (SELECT town, rank() OVER (PARTITION BY town ORDER BY age) AS k, "
      "row_number() OVER (PARTITION BY town ORDER BY id) AS rn FROM person) b WHERE a.town = b.town AND "
      "b.rn BETWEEN 2 AND 3");
}

void add_joins(std::vector<std::string>& out) {
  // several keys: inner, left, semi, anti
  const char* const kPairs =
      "(SELECT person, paid, COUNT(*) AS n, MAX(cost) AS top FROM visit GROUP BY person, paid)";
  for (const char* kind : {"JOIN", "LEFT JOIN"})
    out.push_back(std::string("SELECT COUNT(*) AS n, SUM(x.n) AS s, COUNT(x.top) AS t FROM visit v ") + kind +
                  " " + kPairs + " x ON x.person = v.person AND x.paid = v.paid");
  out.push_back(
      std::string("SELECT COUNT(*) AS n, SUM(x.n) AS s FROM visit v LEFT JOIN ") + kPairs +
      " x ON x.person = v.person AND x.paid = v.paid AND v.cost < x.top AND x.n > 1 AND v.day IS NOT NULL");
  for (const char* kind : {"EXISTS", "NOT EXISTS"}) {
    out.push_back(std::string("SELECT p.town, COUNT(*) AS n FROM person p WHERE ") + kind +
                  " (SELECT 1 FROM visit v WHERE v.person = p.id AND v.paid = p.active) GROUP BY p.town");
    out.push_back(
        std::string("SELECT COUNT(*) AS n FROM visit v WHERE ") + kind +
        " (SELECT 1 FROM person p WHERE p.id = v.person AND p.age = v.cost AND p.active AND v.paid)");
    out.push_back(
        std::string("SELECT COUNT(*) AS n FROM person p WHERE ") + kind +
        " (SELECT 1 FROM visit v JOIN person q ON q.id = v.person WHERE q.town = p.town AND q.age = p.age "
        "AND v.paid)");
  }
  out.emplace_back(
      "SELECT COUNT(*) AS n FROM (SELECT person, day FROM visit UNION SELECT id, born FROM person UNION "
      "SELECT id, born + 1 FROM person WHERE active) u WHERE u.day IS NOT NULL");
  out.emplace_back(
      "SELECT q.size, COUNT(*) AS n, COUNT(p.id) AS m FROM person p RIGHT JOIN place q ON q.town = p.town "
      "AND p.id = q.size GROUP BY q.size");
}

void add_quantiles(std::vector<std::string>& out) {
  const auto disc = [](const char* fraction, const char* order) {
    return std::string("percentile_disc(") + fraction + ") WITHIN GROUP (ORDER BY " + order + ")";
  };
  std::string all = "SELECT COUNT(*) AS n";
  for (const char* fraction : {"0", "0.05", "0.1", "0.25", "0.3333", "0.5", "0.75", "0.9", "0.95", "1"})
    all += ", " + disc(fraction, "cost") + " AS q" + std::to_string(all.size());
  out.push_back(all + " FROM visit");
  out.push_back(all + " FROM visit GROUP BY paid");
  out.push_back(all + " FROM visit WHERE cost > 89 AND paid");
  out.push_back("SELECT town, active, " + disc("0.5", "age") + " AS a, " + disc("0.25", "born DESC") +
                " AS b, " + disc("0.5", "active") + " AS c, " + disc("0.8", "town DESC") +
                " AS d, MAX(age) AS m FROM person GROUP BY town, active");
  out.push_back("SELECT paid, " + disc("0.5", "cost * 2 + 1") + " FILTER (WHERE cost > 0) AS a, 2 * " +
                disc("0.5", "cost") + " AS b FROM visit GROUP BY paid HAVING " + disc("0.5", "cost") +
                " IS NOT NULL ORDER BY b, paid");
  out.push_back("SELECT COUNT(*) AS n, SUM(x.m) AS s, MAX(x.d) AS d FROM (SELECT person, " +
                disc("0.5", "cost") + " AS m, " + disc("0.75", "day") +
                " AS d FROM visit GROUP BY person HAVING COUNT(*) > 1) x");
}

}  // namespace

std::vector<std::string> relational_queries_by_hand() {
  std::vector<std::string> out;
  add_windows(out);
  add_joins(out);
  add_bounded_joins(out);
  add_quantiles(out);
  return out;
}

bool is_ordered(const std::string& sql) {
  int depth = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
    if (depth == 0 && sql.compare(i, 8, "ORDER BY") == 0) return true;
  }
  return false;
}

}  // namespace sluis::differential
