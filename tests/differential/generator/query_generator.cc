#include "query_generator.h"

#include "expressions.h"
#include "random.h"
#include "relations.h"
#include "sources.h"
#include "tables.h"

namespace sluis::differential {
namespace {

std::string list(const std::vector<std::string>& parts) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : ", ") + parts[i];
  return out;
}

// SELECT [DISTINCT] headings, figures FROM source, and what may follow.
class Select {
 public:
  Select(Random& random, const Source& source) : random_(random), source_(source), expressions_(random) {
    expressions_.over(source.columns);
  }

  GeneratedQuery query() {
    const bool distinct = add_headings() > 0 && random_.chance(12);
    for (size_t i = distinct ? 0 : 1 + random_.below(4); i > 0; --i)
      add(expressions_.figure(), std::string("v").append(std::to_string(i)));
    GeneratedQuery out;
    out.sql =
        source_.with + "SELECT " + (distinct ? "DISTINCT " : "") + list(items_) + " FROM " + source_.from;
    std::string where = source_.where;
    if (random_.chance(35)) where += (where.empty() ? "" : " AND ") + ("(" + expressions_.condition(2) + ")");
    if (!where.empty()) out.sql += " WHERE " + where;
    if (!keys_.empty() && !distinct) out.sql += " GROUP BY " + list(keys_);
    if (!distinct && random_.chance(20)) out.sql += " HAVING " + expressions_.having();
    if (random_.chance(30)) add_order(out);
    return out;
  }

 private:
  void add(const std::string& text, const std::string& name) {
    items_.push_back(text + " AS " + name);
    names_.push_back(name);
  }

  size_t add_headings() {
    const size_t headings = random_.pick(std::vector<size_t>{0, 1, 1, 2, 2});
    for (size_t i = 0; i < headings; ++i) {
      const std::string name = std::string("h").append(std::to_string(i + 1));
      const std::string heading = expressions_.heading();
      add(heading, name);
      keys_.push_back(random_.chance(50) ? name : random_.chance(50) ? std::to_string(i + 1) : heading);
    }
    return headings;
  }

  // By all columns: no ties are left.
  void add_order(GeneratedQuery& out) {
    out.ordered = true;
    std::vector<std::string> order;
    for (const std::string& name : names_) order.push_back(name + (random_.chance(40) ? " DESC" : ""));
    out.sql += " ORDER BY " + list(order);
    if (random_.chance(50)) out.sql += " LIMIT " + std::to_string(random_.below(6));
  }

  Random& random_;
  const Source& source_;
  Expressions expressions_;
  std::vector<std::string> items_, keys_, names_;
};

}  // namespace

std::vector<relation::TableSchema> GeneratedCase::schemas() const {
  std::vector<relation::TableSchema> out;
  for (const relation::Table& table : tables) out.push_back(table.schema);
  return out;
}

std::map<std::string, uint64_t> GeneratedCase::rows() const {
  std::map<std::string, uint64_t> out;
  for (const relation::Table& table : tables) out[table.schema.name] = table.rows;
  return out;
}

GeneratedCase generate_case(uint64_t seed, size_t queries) {
  Random random(seed);
  GeneratedCase out;
  out.seed = seed;
  const bool fixed = seed % 2 == 0;
  const std::vector<TableShape> shapes = fixed ? fixed_shapes() : random_shapes(random);
  for (const TableShape& shape : shapes) out.tables.push_back(make_table(shape, random));
  Relations relations(random, shapes);
  for (size_t i = 0; i < queries; ++i) {
    const Source source = fixed ? fixed_source(random) : relations.source();
    out.queries.push_back(Select(random, source).query());
  }
  return out;
}

}  // namespace sluis::differential
