#include "query_generator.h"

#include <algorithm>
#include <random>
#include <set>

#include "relation/date.h"

namespace sluis::differential {
namespace {

using relation::Kind;
using relation::Table;
using relation::TableSchema;
using relation::Type;

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // 0 .. n-1.
  size_t below(size_t n) { return static_cast<size_t>(engine_() % n); }
  int64_t between(int64_t lo, int64_t hi) {
    return lo + static_cast<int64_t>(below(static_cast<size_t>(hi - lo + 1)));
  }
  bool chance(int percent) { return below(100) < static_cast<size_t>(percent); }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// ---- tables

struct ColumnShape {
  std::string name;
  Kind kind;
  int64_t lo, hi;  // of the values; categories: of the words used
  bool key = false;
};

struct TableShape {
  std::string name;
  std::vector<ColumnShape> columns;
  bool unique = false;  // the first column has no duplicates and no NULL
};

const std::vector<std::string> kWords = {"", "Zeist", "aap", "noot", "mies", "één", "it's", "b\\c"};

const std::vector<TableShape>& shapes() {
  const int64_t day = *relation::day_number(2022, 1, 1);
  static const std::vector<TableShape> kShapes = {
      {"person",
       {{"id", Kind::kInteger, 1, 40, true},
        {"town", Kind::kCategory, 0, 3},
        {"age", Kind::kInteger, 0, 17},
        {"born", Kind::kDate, day - 900, day},
        {"active", Kind::kBoolean, 0, 1}},
       true},
      {"care",
       {{"person", Kind::kInteger, 1, 45, true},
        {"kind", Kind::kCategory, 2, 5},
        {"cost", Kind::kInteger, -30, 90},
        {"start", Kind::kDate, day, day + 400},
        {"finish", Kind::kDate, day, day + 500}},
       false},
      {"debt",
       {{"person", Kind::kInteger, 1, 45, true},
        {"amount", Kind::kInteger, 0, 1000},
        {"start", Kind::kDate, day - 60, day + 60},
        {"closed", Kind::kBoolean, 0, 1}},
       false},
      {"place", {{"town", Kind::kCategory, 0, 4, true}, {"size", Kind::kInteger, 1, 5}}, true},
  };
  return kShapes;
}

// Bounds as narrow as the values, as a rehearsal reads them from files.
void narrow(Table& table, size_t c) {
  Type& type = table.schema.columns[c].type;
  relation::Column& column = table.columns[c];
  bool any = false;
  bool null = false;
  int64_t lo = type.lo, hi = type.lo;  // of no values: one that could have been
  for (size_t r = 0; r < column.values.size(); ++r) {
    null = null || column.null[r] != 0;
    if (column.null[r] != 0) continue;
    lo = any ? std::min(lo, column.values[r]) : column.values[r];
    hi = any ? std::max(hi, column.values[r]) : column.values[r];
    any = true;
  }
  table.schema.columns[c].nullable = null;
  if (type.kind == Kind::kInteger || type.kind == Kind::kDate) type = {type.kind, lo, hi, {}};
}

Table make_table(const TableShape& shape, Random& random) {
  static const std::vector<size_t> kSizes = {0, 1, 2, 12, 20, 35, 35, 35, 35, 35};
  TableSchema schema;
  schema.name = shape.name;
  for (const ColumnShape& column : shape.columns) {
    Type type{column.kind, column.lo, column.hi, {}};
    if (column.kind == Kind::kBoolean) type = Type::boolean();
    if (column.kind == Kind::kCategory)
      type = Type::category({kWords.begin() + column.lo, kWords.begin() + column.hi + 1});
    schema.columns.push_back({column.name, type, true});
  }
  if (shape.unique) schema.unique_keys.push_back({shape.columns[0].name});
  Table table = Table::empty(std::move(schema));
  const size_t wanted = random.pick(kSizes);
  const int nulls = random.pick(std::vector<int>{0, 10, 10, 10, 50, 100});
  const bool alike = random.chance(10);
  std::set<int64_t> used;
  for (size_t r = 0; r < wanted; ++r) {
    std::vector<int64_t> values;
    for (const relation::ColumnSchema& column : table.schema.columns)
      values.push_back(alike ? column.type.lo : random.between(column.type.lo, column.type.hi));
    if (shape.unique && !used.insert(values[0]).second) continue;
    for (size_t c = 0; c < values.size(); ++c) {
      const bool never = shape.unique && c == 0;
      if (!never && random.chance(nulls == 100 ? (c % 2 == 0 ? 100 : 0) : nulls)) {
        table.columns[c].push_null();
      } else {
        table.columns[c].push(values[c]);
      }
    }
    ++table.rows;
  }
  for (size_t c = 0; c < table.columns.size(); ++c) narrow(table, c);
  return table;
}

// ---- queries

struct Column {
  std::string text;  // as SQL names it
  Kind kind;
};

// A FROM clause and the columns that it offers.
struct Source {
  std::string from;
  std::string where;  // of the shape itself: comma joins, EXISTS
  std::vector<Column> columns;
};

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  GeneratedQuery query() {
    source_ = pick_source();
    GeneratedQuery out;
    std::vector<std::string> items, keys, names;
    const size_t headings = random_.pick(std::vector<size_t>{0, 1, 1, 2, 2});
    for (size_t i = 0; i < headings; ++i) {
      const std::string name = std::string("h").append(std::to_string(i + 1));
      const std::string heading = heading_expr();
      items.push_back(heading + " AS " + name);
      keys.push_back(random_.chance(50) ? name : random_.chance(50) ? std::to_string(i + 1) : heading);
      names.push_back(name);
    }
    const bool distinct = headings > 0 && random_.chance(12);
    const size_t figures = distinct ? 0 : 1 + random_.below(4);
    counted_.clear();
    for (size_t i = 0; i < figures; ++i) {
      const std::string name = std::string("v").append(std::to_string(i + 1));
      items.push_back(figure() + " AS " + name);
      names.push_back(name);
    }
    out.sql = std::string("SELECT ") + (distinct ? "DISTINCT " : "") + list(items) + " FROM " + source_.from;
    std::string where = source_.where;
    if (random_.chance(60)) where += (where.empty() ? "" : " AND ") + ("(" + condition(2) + ")");
    if (!where.empty()) out.sql += " WHERE " + where;
    if (!keys.empty() && !distinct) out.sql += " GROUP BY " + list(keys);
    if (!distinct && random_.chance(20)) out.sql += " HAVING " + having();
    if (random_.chance(30)) {
      out.ordered = true;
      std::vector<std::string> order;
      for (const std::string& name : names) order.push_back(name + (random_.chance(40) ? " DESC" : ""));
      out.sql += " ORDER BY " + list(order);
      if (random_.chance(50)) out.sql += " LIMIT " + std::to_string(random_.below(6));
    }
    return out;
  }

 private:
  static std::string list(const std::vector<std::string>& parts) {
    std::string out;
    for (size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : ", ") + parts[i];
    return out;
  }

  // ---- FROM

  static void offer(Source& source, const std::string& table, const std::string& alias) {
    for (const TableShape& shape : shapes())
      if (shape.name == table)
        for (const ColumnShape& column : shape.columns)
          source.columns.push_back({alias + "." + column.name, column.kind});
  }

  Source single() {
    const std::string table = random_.pick(shapes()).name;
    Source out{table, "", {}};
    offer(out, table, table);
    return out;
  }

  Source many_to_one(bool left) {
    const std::string many = random_.chance(50) ? "care" : "debt";
    Source out;
    const std::string extra =
        random_.chance(30)
            ? " AND " + std::string(random_.chance(50) ? "p.age > 5" : "m.start >= DATE '2022-02-01'")
        : random_.chance(20) ? " AND m.start > p.born"
                             : "";
    out.from = many + " m " + (left ? "LEFT JOIN" : "JOIN") + " person p ON p.id = m.person" + extra;
    offer(out, many, "m");
    offer(out, "person", "p");
    return out;
  }

  // person LEFT JOIN (one row per person of something).
  Source grouped_side() {
    Source out;
    const bool left = random_.chance(60);
    const std::string inner =
        "(SELECT person, COUNT(*) AS n, MIN(start) AS first_start, MAX(cost) AS dearest, SUM(cost) AS total "
        "FROM care " +
        std::string(random_.chance(40) ? "WHERE person IS NOT NULL " : "") + "GROUP BY person" +
        (random_.chance(25) ? " HAVING COUNT(*) > 1" : "") + ")";
    out.from = std::string("person p ") + (left ? "LEFT JOIN " : "JOIN ") + inner + " c ON c.person = p.id";
    if (random_.chance(30)) out.from += " AND c.n > 1";
    offer(out, "person", "p");
    for (const char* name : {"c.n", "c.dearest", "c.total"}) out.columns.push_back({name, Kind::kInteger});
    out.columns.push_back({"c.first_start", Kind::kDate});
    return out;
  }

  Source three_tables() {
    Source out;
    if (random_.chance(50)) {
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

  Source half_join() {
    Source out = single();
    if (random_.chance(70)) {
      out = {"person p", "", {}};
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
    if (!key.empty()) out.where = random_.pick(kTests);
    if (!key.empty() && random_.chance(30)) out.where += " AND " + random_.pick(kTests);
    return out;
  }

  Source stacked() {
    Source out;
    const std::string all = random_.chance(50) ? "UNION ALL" : "UNION";
    out.from = "(SELECT person, start, cost AS v, kind AS word FROM care " + all +
               " SELECT person, start, amount, CASE WHEN closed THEN 'dicht' ELSE 'aap' END FROM debt) u";
    out.columns = {{"u.person", Kind::kInteger},
                   {"u.start", Kind::kDate},
                   {"u.v", Kind::kInteger},
                   {"u.word", Kind::kCategory}};
    return out;
  }

  Source nested() {
    Source out;
    out.from = random_.chance(50) ? "(SELECT town, age, COUNT(DISTINCT active) AS n, COUNT(*) AS m FROM "
                                    "person GROUP BY town, age) s"
                                  : "(SELECT DISTINCT town, age, age + 1 AS n, CASE WHEN age < 9 THEN 0 ELSE "
                                    "1 END AS m FROM person) s";
    out.columns = {{"s.town", Kind::kCategory},
                   {"s.age", Kind::kInteger},
                   {"s.n", Kind::kInteger},
                   {"s.m", Kind::kInteger}};
    return out;
  }

  Source pick_source() {
    switch (random_.below(10)) {
      case 0:
      case 1:
        return single();
      case 2:
        return many_to_one(false);
      case 3:
        return many_to_one(true);
      case 4:
        return grouped_side();
      case 5:
        return three_tables();
      case 6:
        return right_join();
      case 7:
        return half_join();
      case 8:
        return stacked();
      default:
        return nested();
    }
  }

  // ---- expressions

  std::string column(Kind kind) {
    std::vector<std::string> fit;
    for (const Column& one : source_.columns)
      if (one.kind == kind) fit.push_back(one.text);
    return fit.empty() ? "" : random_.pick(fit);
  }

  std::string integer(int depth) {
    const std::string name = column(Kind::kInteger);
    if (depth <= 0 || random_.chance(35)) {
      if (name.empty() || random_.chance(25)) return std::to_string(random_.between(0, 20));
      return name;
    }
    switch (random_.below(9)) {
      case 0:
        return "(" + integer(depth - 1) + " + " + integer(depth - 1) + ")";
      case 1:
        return "(" + integer(depth - 1) + " - " + integer(depth - 1) + ")";
      case 2:
        return "(" + integer(depth - 1) + " * " + integer(0) + ")";
      case 3:
        return "(- " + integer(depth - 1) + ")";
      case 4:
        return "COALESCE(" + integer(depth - 1) + ", " + integer(depth - 1) + ")";
      case 5:
        return "CASE WHEN " + condition(depth - 1) + " THEN " + integer(depth - 1) + " ELSE " +
               integer(depth - 1) + " END";
      case 6:
        return std::string(random_.chance(50) ? "GREATEST(" : "LEAST(") + integer(depth - 1) + ", " +
               integer(depth - 1) + ")";
      case 7:
        return "NULLIF(" + integer(depth - 1) + ", " + integer(0) + ")";
      default: {
        const std::string day = column(Kind::kDate);
        if (day.empty()) return integer(depth - 1);
        if (random_.chance(50))
          return std::string("EXTRACT(") + (random_.chance(50) ? "year" : "month") + " FROM " +
                 date(depth - 1) + ")";
        return "(" + day + " - " + plain_date(depth - 1) + ")";
      }
    }
  }

  // A date that is no timestamp.
  std::string plain_date(int depth) {
    const std::string name = column(Kind::kDate);
    if (name.empty() || random_.chance(30))
      return "DATE '2022-0" + std::to_string(random_.between(1, 9)) + "-15'";
    if (depth <= 0 || random_.chance(50)) return name;
    switch (random_.below(4)) {
      case 0:
        return "(" + name + " + " + std::to_string(random_.between(-40, 40)) + ")";
      case 1:
        return "COALESCE(" + name + ", " + plain_date(depth - 1) + ")";
      case 2:
        return "CAST(" + date(depth - 1) + " AS date)";
      default:
        return "CASE WHEN " + condition(depth - 1) + " THEN " + plain_date(depth - 1) + " END";
    }
  }

  std::string date(int depth) {
    if (depth <= 0 || random_.chance(50)) return plain_date(depth);
    static const std::vector<std::string> kShifts = {
        "+ INTERVAL '1 month'",         "- INTERVAL '13 months'",
        "+ INTERVAL '30 days'",         "+ make_interval(months => 2)",
        "- INTERVAL '1 year 2 months'", "+ make_interval(years => 1, days => 3)"};
    return "(" + plain_date(depth - 1) + " " + random_.pick(kShifts) + ")";
  }

  std::string word(int depth) {
    const std::string name = column(Kind::kCategory);
    if (!name.empty() && (depth <= 0 || random_.chance(50))) return name;
    if (name.empty() && depth <= 0) return "'noot'";
    return "CASE WHEN " + condition(depth - 1) + " THEN 'ja' WHEN " + condition(depth - 1) + " THEN " +
           (name.empty() ? "'nee'" : name) + (random_.chance(60) ? " ELSE 'zzz'" : "") + " END";
  }

  std::string truth(int depth) {
    const std::string name = column(Kind::kBoolean);
    return name.empty() || random_.chance(40) ? "(" + condition(depth) + ")" : name;
  }

  std::string compare() {
    static const std::vector<std::string> kOps = {"=", "<>", "<", "<=", ">", ">="};
    return " " + random_.pick(kOps) + " ";
  }

  std::string condition(int depth) {
    if (depth <= 0) return simple_condition(0);
    switch (random_.below(8)) {
      case 0:
        return "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
      case 1:
        return "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
      case 2:
        return "NOT (" + condition(depth - 1) + ")";
      case 3: {
        static const std::vector<std::string> kTests = {" IS TRUE",      " IS NOT TRUE", " IS FALSE",
                                                        " IS NOT FALSE", " IS NULL",     " IS NOT NULL"};
        return "((" + condition(depth - 1) + ")" + random_.pick(kTests) + ")";
      }
      default:
        return simple_condition(depth);
    }
  }

  std::string simple_condition(int depth) {
    switch (random_.below(10)) {
      case 0:
        return integer(depth) + compare() + integer(depth);
      case 1:
        return date(depth) + compare() + date(depth);
      case 2:
        return word(depth - 1) + compare() + "'" +
               random_.pick(std::vector<std::string>{"noot", "aap", "kees", "ja", ""}) + "'";
      case 3:
        return word(depth - 1) + compare() + word(depth - 1);
      case 4:
        return integer(depth - 1) + (random_.chance(50) ? " BETWEEN " : " NOT BETWEEN ") + "3 AND " +
               integer(0);
      case 5:
        return integer(depth - 1) + (random_.chance(50) ? " IN (" : " NOT IN (") + "1, 5, 7, " + integer(0) +
               ")";
      case 6:
        return word(depth - 1) + (random_.chance(50) ? " IN (" : " NOT IN (") + "'aap', 'kees', 'mies')";
      case 7: {
        const std::string name = random_.pick(source_.columns).text;
        return name + (random_.chance(50) ? " IS NULL" : " IS NOT NULL");
      }
      case 8:
        return "(" + integer(depth - 1) +
               (random_.chance(50) ? " IS DISTINCT FROM " : " IS NOT DISTINCT FROM ") + integer(depth - 1) +
               ")";
      default:
        return depth > 0 ? truth(depth - 1) : integer(0) + compare() + integer(0);
    }
  }

  // ---- SELECT

  // An expression with few values.
  std::string heading_expr() {
    switch (random_.below(6)) {
      case 0:
        return "EXTRACT(year FROM " + plain_date(1) + ")";
      case 1: {
        const std::string flag = column(Kind::kBoolean);
        if (!flag.empty()) return flag;
        return "CASE WHEN " + condition(1) + " THEN 1 ELSE 2 END";
      }
      case 2:
        return "LEAST(GREATEST(" + integer(1) + ", 0), 4)";
      case 3:
        return "CASE " + (column(Kind::kInteger).empty() ? "1" : column(Kind::kInteger)) +
               " WHEN 1 THEN 'een' WHEN 5 THEN 'vijf' ELSE 'rest' END";
      default:
        return word(1);
    }
  }

  std::string filter() { return random_.chance(25) ? " FILTER (WHERE " + condition(1) + ")" : ""; }

  std::string call() {
    switch (random_.below(9)) {
      case 0:
      case 1:
        return "COUNT(*)" + filter();
      case 2:
        return "COUNT(" + random_.pick(source_.columns).text + ")" + filter();
      case 3: {
        if (counted_.empty()) counted_ = random_.chance(70) ? random_.pick(source_.columns).text : integer(1);
        return "COUNT(DISTINCT " + counted_ + ")";
      }
      case 4:
        return "SUM(" + integer(1) + ")" + filter();
      case 5:
        return std::string(random_.chance(50) ? "MIN(" : "MAX(") + plain_date(1) + ")" + filter();
      case 6:
        return std::string(random_.chance(50) ? "MIN(" : "MAX(") + word(1) + ")" + filter();
      case 7:
        return std::string(random_.chance(50) ? "MIN(" : "MAX(") + integer(1) + ")" + filter();
      default:
        return std::string(random_.chance(50) ? "bool_and(" : "bool_or(") + truth(1) + ")" + filter();
    }
  }

  std::string number_call() { return random_.chance(50) ? "COUNT(*)" : "SUM(" + integer(1) + ")"; }

  std::string figure() {
    if (random_.chance(80)) return call();
    switch (random_.below(3)) {
      case 0:
        return "COALESCE(SUM(" + integer(1) + "), 0) - " + number_call();
      case 1:
        return "CASE WHEN " + number_call() + " > 3 THEN 'veel' ELSE 'weinig' END";
      default:
        return "2 * " + number_call() + " + 1";
    }
  }

  std::string having() { return number_call() + compare() + std::to_string(random_.between(0, 8)); }

  Random& random_;
  Source source_;
  std::string counted_;
};

}  // namespace

std::vector<TableSchema> GeneratedCase::schemas() const {
  std::vector<TableSchema> out;
  for (const Table& table : tables) out.push_back(table.schema);
  return out;
}

std::map<std::string, uint64_t> GeneratedCase::rows() const {
  std::map<std::string, uint64_t> out;
  for (const Table& table : tables) out[table.schema.name] = table.rows;
  return out;
}

GeneratedCase generate_case(uint64_t seed, size_t queries) {
  Random random(seed);
  GeneratedCase out;
  out.seed = seed;
  for (const TableShape& shape : shapes()) out.tables.push_back(make_table(shape, random));
  Generator generator(random);
  for (size_t i = 0; i < queries; ++i) out.queries.push_back(generator.query());
  return out;
}

}  // namespace sluis::differential
