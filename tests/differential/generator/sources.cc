#include "sources.h"

#include "tables.h"

namespace sluis::differential {
namespace {

using relation::Kind;

void offer(Source& source, const std::string& table, const std::string& alias) {
  for (const TableShape& shape : fixed_shapes())
    if (shape.name == table)
      for (const ColumnShape& column : shape.columns)
        source.columns.push_back({alias + "." + column.name, column.kind});
}

Source single(Random& random) {
  const std::string table = random.pick(fixed_shapes()).name;
  Source out{"", table, "", {}};
  offer(out, table, table);
  return out;
}

Source many_to_one(Random& random, bool left) {
  const std::string many = random.chance(50) ? "care" : "debt";
  Source out;
  const std::string extra =
      random.chance(30)
          ? " AND " + std::string(random.chance(50) ? "p.age > 5" : "m.start >= DATE '2022-02-01'")
      : random.chance(20) ? " AND m.start > p.born"
                          : "";
  out.from = many + " m " + (left ? "LEFT JOIN" : "JOIN") + " person p ON p.id = m.person" + extra;
  offer(out, many, "m");
  offer(out, "person", "p");
  return out;
}

// person LEFT JOIN (one row per person of something).
Source grouped_side(Random& random) {
  Source out;
  const bool left = random.chance(60);
  const std::string inner =
      "(SELECT person, COUNT(*) AS n, MIN(start) AS first_start, MAX(cost) AS dearest, SUM(cost) AS total "
      "FROM care " +
      std::string(random.chance(40) ? "WHERE person IS NOT NULL " : "") + "GROUP BY person" +
      (random.chance(25) ? " HAVING COUNT(*) > 1" : "") + ")";
  out.from = std::string("person p ") + (left ? "LEFT JOIN " : "JOIN ") + inner + " c ON c.person = p.id";
  if (random.chance(30)) out.from += " AND c.n > 1";
  offer(out, "person", "p");
  for (const char* name : {"c.n", "c.dearest", "c.total"}) out.columns.push_back({name, Kind::kInteger});
  out.columns.push_back({"c.first_start", Kind::kDate});
  return out;
}

Source three_tables(Random& random) {
  Source out;
  if (random.chance(50)) {
    out.from = "care m, person p, place q";
    out.where = "m.person = p.id AND p.town = q.town";
  } else {
    out.from = "care m JOIN person p ON m.person = p.id LEFT JOIN place q ON q.town = p.town";
  }
  offer(out, "care", "m");
  offer(out, "person", "p");
  offer(out, "place", "q");
  return out;
}

Source right_join() {
  Source out;
  out.from = "person p RIGHT JOIN debt m ON p.id = m.person";
  offer(out, "debt", "m");
  offer(out, "person", "p");
  return out;
}

Source half_join(Random& random) {
  Source out = single(random);
  if (random.chance(70)) {
    out = {"", "person p", "", {}};
    offer(out, "person", "p");
  }
  const std::string key = out.from == "person p" ? "p.id" : "";
  static const std::vector<std::string> kTests = {
      "EXISTS (SELECT 1 FROM care x WHERE x.person = p.id)",
      "NOT EXISTS (SELECT 1 FROM care x WHERE x.person = p.id AND x.cost > 10)",
      "p.id IN (SELECT person FROM debt)",
      "p.id IN (SELECT x.person FROM debt x WHERE x.closed)",
      "p.id NOT IN (SELECT person FROM debt WHERE person IS NOT NULL)",
      "EXISTS (SELECT 1 FROM care x WHERE x.person = p.id AND p.age > 8)",
      "NOT EXISTS (SELECT 1 FROM debt x WHERE x.person = p.id AND p.active)",
      "p.town IN (SELECT town FROM place WHERE size > 2)",
      "p.id IN (SELECT person FROM care GROUP BY person HAVING COUNT(*) > 1)",
      "EXISTS (SELECT * FROM care c, person o WHERE c.person = o.id AND o.town = p.town)",
  };
  if (!key.empty()) out.where = random.pick(kTests);
  if (!key.empty() && random.chance(30)) out.where += " AND " + random.pick(kTests);
  return out;
}

Source stacked(Random& random) {
  Source out;
  const std::string all = random.chance(50) ? "UNION ALL" : "UNION";
  out.from = "(SELECT person, start, cost AS v, kind AS word FROM care " + all +
             " SELECT person, start, amount, CASE WHEN closed THEN 'dicht' ELSE 'aap' END FROM debt) u";
  out.columns = {{"u.person", Kind::kInteger},
                 {"u.start", Kind::kDate},
                 {"u.v", Kind::kInteger},
                 {"u.word", Kind::kCategory}};
  return out;
}

Source nested(Random& random) {
  Source out;
  out.from = random.chance(50) ? "(SELECT town, age, COUNT(DISTINCT active) AS n, COUNT(*) AS m FROM "
                                 "person GROUP BY town, age) s"
                               : "(SELECT DISTINCT town, age, age + 1 AS n, CASE WHEN age < 9 THEN 0 ELSE "
                                 "1 END AS m FROM person) s";
  out.columns = {{"s.town", Kind::kCategory},
                 {"s.age", Kind::kInteger},
                 {"s.n", Kind::kInteger},
                 {"s.m", Kind::kInteger}};
  return out;
}

}  // namespace

Source fixed_source(Random& random) {
  switch (random.below(10)) {
    case 0:
    case 1:
      return single(random);
    case 2:
      return many_to_one(random, false);
    case 3:
      return many_to_one(random, true);
    case 4:
      return grouped_side(random);
    case 5:
      return three_tables(random);
    case 6:
      return right_join();
    case 7:
      return half_join(random);
    case 8:
      return stacked(random);
    default:
      return nested(random);
  }
}

}  // namespace sluis::differential
