#include "engine_support.h"

namespace sluis::differential {

std::vector<std::string> queries_by_hand() {
  return {
      // figures without rows, NULLs in figures
      "SELECT COUNT(*) AS n FROM visit",
      "SELECT COUNT(*) AS n, COUNT(cost) AS c, SUM(cost) AS s, MIN(cost) AS lo, MAX(cost) AS hi FROM visit",
      "SELECT COUNT(*) AS n, SUM(cost) AS s, MIN(day) AS d, bool_and(paid) AS p FROM visit WHERE cost > 90",
      "SELECT COUNT(DISTINCT person) AS n, COUNT(DISTINCT person) - COUNT(*) AS m FROM visit",
      "SELECT SUM(age) AS s, COALESCE(SUM(age), -1) AS t FROM person WHERE active IS NULL",
      "SELECT MIN(town) AS a, MAX(town) AS b, COUNT(town) AS n FROM person WHERE town <> 'Be'",
      "SELECT bool_or(active) AS o, bool_and(active) AS a, COUNT(active) AS n FROM person WHERE age > 5",
      // headings: NULL is a group, empty groups do not occur
      "SELECT town, COUNT(*) AS n, COUNT(age) AS a, SUM(age) AS s FROM person GROUP BY town",
      "SELECT town, active, COUNT(*) AS n FROM person GROUP BY town, active",
      "SELECT active, age < 9 AS young, COUNT(*) AS n, MAX(born) AS b FROM person GROUP BY 1, 2",
      "SELECT town, COUNT(*) AS n FROM person WHERE town IN ('Aa', 'd''E') AND age IS NOT NULL GROUP BY town",
      "SELECT size, COUNT(*) AS n FROM place GROUP BY size",
      "SELECT CASE WHEN age < 6 THEN '0-5' WHEN age < 12 THEN '6-11' WHEN age < 18 THEN '12-17' END AS band, "
      "COUNT(*) AS n, MIN(born) AS b FROM person GROUP BY band",
      "SELECT DISTINCT town, active FROM person",
      "SELECT DISTINCT town FROM person WHERE NOT active",
      "SELECT town, COUNT(*) AS n FROM person GROUP BY town HAVING COUNT(*) > 2 AND SUM(age) IS NOT NULL",
      // three-valued conditions
      "SELECT COUNT(*) AS n FROM visit WHERE NOT (cost > 10 AND paid)",
      "SELECT COUNT(*) AS n FROM visit WHERE cost > 10 OR paid",
      "SELECT COUNT(*) AS n FROM visit WHERE (cost > 10 OR paid) IS NULL",
      "SELECT COUNT(*) AS n FROM visit WHERE paid IS NOT TRUE AND cost IS DISTINCT FROM 5",
      "SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE paid) AS a, COUNT(*) FILTER (WHERE NOT paid) AS b, "
      "COUNT(*) FILTER (WHERE paid IS NULL) AS c FROM visit",
      "SELECT COUNT(*) AS n FROM visit WHERE cost NOT IN (1, 2, 3) AND cost NOT BETWEEN -5 AND 5",
      "SELECT SUM(CASE WHEN paid THEN cost WHEN cost < 0 THEN -1 END) AS s, COUNT(NULLIF(cost, 0)) AS n FROM "
      "visit",
      // negative numbers, arithmetic, months at their ends
      "SELECT SUM(-cost) AS a, SUM(cost * cost) AS b, SUM(cost - 3 * age) AS c, MIN(LEAST(cost, age)) AS d, "
      "MAX(GREATEST(cost, -age)) AS e FROM visit v JOIN person p ON p.id = v.person",
      "SELECT COUNT(*) AS n, MIN(day) AS d FROM visit WHERE day + INTERVAL '1 month' > DATE '2023-09-30'",
      "SELECT COUNT(*) AS n FROM visit WHERE day - INTERVAL '6 months' <= DATE '2023-02-28'",
      "SELECT EXTRACT(year FROM day) AS y, EXTRACT(month FROM day) AS m, COUNT(*) AS n FROM visit GROUP BY "
      "1, 2",
      "SELECT MIN(day - DATE '2024-02-29') AS lo, MAX(day + 31) AS hi FROM visit",
      // joins: duplicates on the many side, NULL keys, keys without a match
      "SELECT p.town, COUNT(*) AS n, SUM(v.cost) AS s FROM visit v JOIN person p ON p.id = v.person GROUP BY "
      "p.town",
      "SELECT p.town, COUNT(*) AS n, COUNT(p.id) AS m, SUM(p.age) AS s FROM visit v LEFT JOIN person p ON "
      "p.id = v.person GROUP BY p.town",
      "SELECT COUNT(*) AS n, COUNT(p.id) AS m FROM visit v LEFT JOIN person p ON p.id = v.person AND p.age > "
      "8 AND v.paid",
      "SELECT COUNT(*) AS n FROM visit v LEFT JOIN person p ON p.id = v.person WHERE p.id IS NULL",
      "SELECT q.size, COUNT(*) AS n FROM person p LEFT JOIN place q ON q.town = p.town GROUP BY q.size",
      "SELECT q.size, COUNT(*) AS n, MAX(v.day) AS d FROM visit v JOIN person p ON p.id = v.person JOIN "
      "place q ON q.town = p.town GROUP BY q.size",
      "SELECT COUNT(*) AS n, SUM(x.n) AS s, MIN(x.d) AS d FROM person p LEFT JOIN (SELECT person, COUNT(*) "
      "AS n, MIN(day) AS d FROM visit GROUP BY person) x ON x.person = p.id",
      "SELECT x.n AS visits, COUNT(*) AS persons FROM (SELECT person, LEAST(COUNT(*), 4) AS n FROM visit "
      "GROUP BY person) x GROUP BY x.n",
      "SELECT COUNT(*) AS n FROM (SELECT person, day FROM visit GROUP BY person, day HAVING COUNT(*) > 1) x "
      "JOIN person p ON p.id = x.person",
      // several keys; keys with other values on either side, one column against two
      "SELECT COUNT(*) AS n, SUM(v.cost) AS s FROM visit v JOIN (SELECT person, day, COUNT(*) AS m FROM "
      "visit "
      "GROUP BY person, day) x ON x.person = v.person AND x.day = v.day WHERE x.m < 9",
      "SELECT COUNT(*) AS n FROM (SELECT CASE WHEN active THEN 'Aa' ELSE 'x' END AS w FROM person) u JOIN "
      "(SELECT DISTINCT town AS a, CASE WHEN age < 5 THEN 'Aa' ELSE 'q' END AS b FROM person) r ON u.w = r.a "
      "AND u.w = r.b",
      "SELECT p.active, COUNT(*) AS n, COUNT(r.b) AS m FROM person p LEFT JOIN (SELECT DISTINCT town AS a, "
      "active AS b FROM person) r ON p.town = r.a AND p.active = r.b GROUP BY p.active",
      // WITH, read twice
      "WITH c AS (SELECT person, COUNT(*) AS n, SUM(cost) AS s FROM visit GROUP BY person) SELECT COUNT(*) "
      "AS "
      "n, SUM(a.n - b.n) AS d FROM c a JOIN c b ON a.s = b.person",
      "WITH c AS (SELECT town, active FROM person), d AS (SELECT DISTINCT town FROM c WHERE active) SELECT "
      "c.active, COUNT(*) AS n FROM c JOIN d ON d.town = c.town GROUP BY c.active",
      // semi and anti joins
      "SELECT COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM visit v WHERE v.person = p.id AND "
      "v.paid)",
      "SELECT p.town, COUNT(*) AS n FROM person p WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v.person = "
      "p.id) GROUP BY p.town",
      "SELECT COUNT(*) AS n FROM person WHERE id IN (SELECT person FROM visit WHERE cost < 0)",
      "SELECT COUNT(*) AS n FROM person WHERE town IN (SELECT town FROM place WHERE size > 0) AND id NOT IN "
      "(SELECT person FROM visit WHERE person IS NOT NULL)",
      // UNION
      "SELECT u.k, COUNT(*) AS n, SUM(u.v) AS s FROM (SELECT paid AS k, cost AS v FROM visit UNION ALL "
      "SELECT active, age FROM person) u GROUP BY u.k",
      "SELECT COUNT(*) AS n, COUNT(u.v) AS m FROM (SELECT cost AS v FROM visit UNION SELECT age FROM person) "
      "u",
      "SELECT u.w, COUNT(DISTINCT u.v) AS n FROM (SELECT town AS w, age AS v FROM person UNION ALL SELECT "
      "'elders', cost FROM visit) u GROUP BY u.w",
      // printing: order, limit, headings that tie
      "SELECT town, COUNT(*) AS n FROM person GROUP BY town ORDER BY n DESC, town",
      "SELECT town, SUM(age) AS s FROM person GROUP BY town ORDER BY s, town DESC LIMIT 2",
      "SELECT active, MIN(age) AS a FROM person GROUP BY active ORDER BY active DESC LIMIT 1",
      "SELECT 2 * COUNT(*) + 1 AS odd, CASE WHEN COUNT(*) > 3 THEN 'many' ELSE 'few' END AS word FROM visit "
      "WHERE cost >= 0",
  };
}

}  // namespace sluis::differential
