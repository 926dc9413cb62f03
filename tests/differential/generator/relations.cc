#include "relations.h"

#include <algorithm>

namespace sluis::differential {

using relation::Kind;

namespace {

std::string list(const std::vector<std::string>& parts, const char* between = ", ") {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : between) + parts[i];
  return out;
}

std::string both(const std::string& a, const std::string& b) {
  return a.empty() ? b : b.empty() ? a : a + " AND " + b;
}

}  // namespace

std::string Relations::fresh(const char* prefix) { return prefix + std::to_string(++names_); }

std::string Relations::select(const std::vector<std::string>& items, const Relation& of, bool filter) {
  Expressions expressions(random_);
  expressions.over(of.columns);
  const std::string where = both(of.where, filter ? "(" + expressions.condition(1) + ")" : "");
  return "SELECT " + list(items) + " FROM " + of.from + (where.empty() ? "" : " WHERE " + where);
}

Relations::Relation Relations::base() {
  Relation out;
  const std::string name = fresh("r");
  if (!common_columns_.empty() && random_.chance(40)) {
    out = random_.pick(common_columns_);
    for (Column& column : out.columns) column.text = name + "." + column.text;
    out.from += " " + name;
    return out;
  }
  const TableShape& shape = random_.pick(shapes_);
  out.from = shape.name + " " + name;
  for (const ColumnShape& column : shape.columns)
    out.columns.push_back({name + "." + column.name, column.kind});
  out.unique.emplace_back();
  for (size_t c = 0; c < shape.unique; ++c) out.unique[0].push_back(c);
  if (shape.unique == 0) out.unique.clear();
  return out;
}

// Some columns as they are, and expressions.
Relations::Relation Relations::projected(int depth) {
  const Relation inner = relation(depth - 1);
  Expressions expressions(random_);
  expressions.over(inner.columns);
  Relation out;
  const std::string name = fresh("r");
  std::vector<std::string> items;
  std::vector<size_t> place(inner.columns.size(), SIZE_MAX);
  const auto add = [&](const std::string& text, Kind kind) {
    const std::string column = fresh("c");
    items.push_back(text + " AS " + column);
    out.columns.push_back({name + "." + column, kind});
  };
  for (size_t c = 0; c < inner.columns.size(); ++c) {
    if (random_.chance(20) && inner.columns.size() > 1) continue;
    place[c] = items.size();
    add(inner.columns[c].text, inner.columns[c].kind);
  }
  for (size_t more = random_.below(3) + (items.empty() ? 1 : 0); more > 0; --more) {
    const Kind kind =
        random_.pick(std::vector<Kind>{Kind::kInteger, Kind::kDate, Kind::kBoolean, Kind::kCategory});
    add(expressions.of_kind(kind, 1), kind);
  }
  out.from = "(" + select(items, inner, random_.chance(20)) + ") " + name;
  for (const std::vector<size_t>& key : inner.unique) {
    std::vector<size_t> kept;
    for (const size_t c : key)
      if (place[c] != SIZE_MAX) kept.push_back(place[c]);
    if (kept.size() == key.size()) out.unique.push_back(kept);
  }
  return out;
}

// One row per value of one to three columns, of any kind and with any number of values.
Relations::Relation Relations::grouped(int depth) {
  const Relation inner = relation(depth - 1);
  Expressions expressions(random_);
  expressions.over(inner.columns);
  Relation out;
  const std::string name = fresh("r");
  std::vector<std::string> items, keys;
  std::vector<size_t> order(inner.columns.size());
  for (size_t c = 0; c < order.size(); ++c) std::swap(order[c] = c, order[random_.below(c + 1)]);
  out.unique.emplace_back();
  for (size_t k = 0; k < std::min<size_t>(order.size(), 1 + random_.below(3)); ++k) {
    const Column& column = inner.columns[order[k]];
    const std::string as = fresh("c");
    items.push_back(column.text + " AS " + as);
    keys.push_back(random_.chance(50) ? column.text : random_.chance(50) ? as : std::to_string(items.size()));
    out.unique[0].push_back(out.columns.size());
    out.columns.push_back({name + "." + as, column.kind});
  }
  for (size_t more = random_.below(4); more > 0; --more) {
    const std::string as = fresh("c");
    const Kind kind = random_.pick(
        std::vector<Kind>{Kind::kInteger, Kind::kInteger, Kind::kDate, Kind::kBoolean, Kind::kCategory});
    items.push_back(expressions.call_of(kind) + " AS " + as);
    out.columns.push_back({name + "." + as, kind});
  }
  out.from = "(" + select(items, inner, random_.chance(15)) + " GROUP BY " + list(keys) +
             (random_.chance(25) ? " HAVING " + expressions.having() : "") + ") " + name;
  return out;
}

Relations::Relation Relations::distinct(int depth) {
  const Relation inner = relation(depth - 1);
  Relation out;
  const std::string name = fresh("r");
  std::vector<std::string> items;
  out.unique.emplace_back();
  for (size_t c = 0; c < inner.columns.size() && items.size() < 4; ++c) {
    if (random_.chance(40) && c + 1 < inner.columns.size()) continue;
    const std::string as = fresh("c");
    items.push_back(inner.columns[c].text + " AS " + as);
    out.unique[0].push_back(out.columns.size());
    out.columns.push_back({name + "." + as, inner.columns[c].kind});
  }
  std::string text = select(items, inner, random_.chance(15));
  text.insert(std::string("SELECT ").size(), "DISTINCT ");
  out.from = "(" + text + ") " + name;
  return out;
}

Relations::Relation Relations::stacked(int depth) {
  const Relation a = relation(depth - 1);
  const Relation b = relation(depth - 1);
  Relation out;
  const std::string name = fresh("r");
  Expressions from_b(random_);
  from_b.over(b.columns);
  std::vector<std::string> above, below;
  for (size_t c = 0; c < std::min<size_t>(a.columns.size(), 4); ++c) {
    const Column& column = a.columns[c];
    const std::string as = fresh("c");
    above.push_back(column.text + " AS " + as);
    below.push_back(from_b.of_kind(column.kind, 0));
    out.columns.push_back({name + "." + as, column.kind});
  }
  const bool all = random_.chance(60);
  out.from = "(" + select(above, a, random_.chance(15)) + (all ? " UNION ALL " : " UNION ") +
             select(below, b, random_.chance(15)) + ") " + name;
  if (all) return out;
  out.unique.emplace_back();
  for (size_t c = 0; c < out.columns.size(); ++c) out.unique[0].push_back(c);
  return out;
}

// For each column of a key of `one`, one of `many` of the same kind; nothing if there is none.
std::optional<Relations::Link> Relations::link(const Relation& many, const Relation& one) {
  std::vector<std::pair<std::vector<size_t>, std::string>> keys = one.firsts;
  for (const std::vector<size_t>& key : one.unique) keys.emplace_back(key, "");
  if (keys.empty()) return std::nullopt;
  const auto& [key, condition] = random_.pick(keys);
  Link out{{}, condition};
  for (const size_t c : key) {
    std::vector<std::string> fit;
    for (const Column& column : many.columns)
      if (column.kind == one.columns[c].kind) fit.push_back(column.text);
    if (fit.empty()) return std::nullopt;
    out.pairs.emplace_back(random_.pick(fit), one.columns[c].text);
  }
  return out;
}

std::string Relations::total_order(const Relation& of) {
  std::vector<std::string> order;
  for (const Column& column : of.columns) {
    const char* way = random_.chance(60) ? "" : random_.chance(50) ? " DESC" : " NULLS FIRST";
    order.insert(order.begin() + static_cast<ptrdiff_t>(random_.below(order.size() + 1)), column.text + way);
  }
  return " ORDER BY " + list(order);
}

std::string Relations::window_call(const Relation& of, Kind kind, const std::string& partition) {
  Expressions expressions(random_);
  expressions.over(of.columns);
  std::string value = expressions.of_kind(kind, 0);
  if (value[0] == '\'') value = "CAST(" + value + " AS text)";  // PostgreSQL: a plain text has no type here
  switch (random_.below(7)) {
    case 0:
      return "lag(" + value + (random_.chance(30) ? ", 2" : "") + ") OVER (" + partition + total_order(of) +
             ")";
    case 1:
      return "lead(" + value + ") OVER (" + partition + total_order(of) + ")";
    case 2:
      return "first_value(" + value + ") OVER (" + partition + total_order(of) + ")";
    case 3:
      if (kind != Kind::kInteger) break;
      return std::string(random_.chance(50) ? "rank()" : "dense_rank()") + " OVER (" + partition +
             " ORDER BY " + random_.pick(of.columns).text + ")";
    case 4:
      return expressions.window_aggregate(kind) + " OVER (" + partition + ")";
    case 5:
      return expressions.window_aggregate(kind) + " OVER (" + partition + " ORDER BY " +
             random_.pick(of.columns).text + ")";
    default:
      break;
  }
  return expressions.window_aggregate(kind) + " OVER (" + partition + total_order(of) +
         " ROWS UNBOUNDED PRECEDING)";
}

// All columns, a row number, and what window functions say of each row.
Relations::Relation Relations::windowed(int depth) {
  const Relation inner = relation(depth - 1);
  Relation out;
  const std::string name = fresh("r");
  std::vector<std::string> items;
  const auto add = [&](const std::string& text, Kind kind) {
    const std::string as = fresh("c");
    items.push_back(text + " AS " + as);
    out.columns.push_back({name + "." + as, kind});
  };
  for (const Column& column : inner.columns) add(column.text, column.kind);
  out.unique = inner.unique;
  std::vector<size_t> by;
  std::vector<std::string> texts;
  for (size_t c = 0; c < inner.columns.size() && by.size() < 2; ++c)
    if (random_.chance(40)) by.push_back(c), texts.push_back(inner.columns[c].text);
  const std::string partition = by.empty() ? "" : "PARTITION BY " + list(texts);
  if (random_.chance(70)) {
    add("row_number() OVER (" + partition + total_order(inner) + ")", Kind::kInteger);
    if (!by.empty()) out.firsts.emplace_back(by, out.columns.back().text + " = 1");
    std::vector<size_t> key = by;
    key.push_back(out.columns.size() - 1);
    out.unique.push_back(key);
  }
  for (size_t more = random_.below(3); more > 0; --more) {
    const Kind kind = random_.pick(
        std::vector<Kind>{Kind::kInteger, Kind::kInteger, Kind::kDate, Kind::kBoolean, Kind::kCategory});
    add(window_call(inner, kind, partition), kind);
  }
  out.from = "(" + select(items, inner, random_.chance(20)) + ") " + name;
  return out;
}

Relations::Relation Relations::joined(int depth) {
  Relation many = relation(depth - 1);
  const Relation one = relation(depth - 2);
  const std::optional<Link> linked = link(many, one);
  // The right side of a join is one item of FROM; its own conditions would change a LEFT JOIN.
  if (!linked || one.joins || one.comma || !one.where.empty()) return many;
  std::vector<std::string> equal;
  for (const auto& [left, right] : linked->pairs)
    equal.push_back(random_.chance(50) ? left + " = " + right : right + " = " + left);
  Relation out = many;
  out.columns.insert(out.columns.end(), one.columns.begin(), one.columns.end());
  Expressions expressions(random_);
  expressions.over(out.columns);
  std::string on = both(list(equal, " AND "), linked->condition);
  if (random_.chance(25)) on += " AND (" + expressions.condition(1) + ")";
  // Names of a list cannot be used in the ON of what follows.
  const size_t form = many.comma ? 0 : random_.below(many.joins ? 3 : 4);
  if (form == 0) {
    out.from = many.from + ", " + one.from;
    out.where = both(many.where, on);
    out.comma = true;
    return out;
  }
  out.joins = true;
  out.from = form == 3 ? one.from + " RIGHT JOIN " + many.from
                       : many.from + (form == 1 ? " LEFT JOIN " : " JOIN ") + one.from;
  out.from += " ON " + on;
  return out;
}

// EXISTS, NOT EXISTS and IN on one or two columns.
Relations::Relation Relations::halved(int depth) {
  Relation out = relation(depth - 1);
  const Relation inner = relation(depth - 1);
  const Column& outer = random_.pick(out.columns);
  std::vector<const Column*> fit;
  for (const Column& column : inner.columns)
    if (column.kind == outer.kind) fit.push_back(&column);
  if (fit.empty()) return out;
  const std::string match = random_.pick(fit)->text;
  std::string test;
  if (random_.chance(40)) {
    test = outer.text + " IN (" + select({match}, inner, random_.chance(20)) + ")";
  } else {
    Relation tied = inner;
    tied.where = both(inner.where, match + " = " + outer.text);
    const Column& second = random_.pick(out.columns);
    for (const Column& column : inner.columns)
      if (column.kind == second.kind && random_.chance(20)) {
        tied.where += " AND " + column.text + " = " + second.text;
        break;
      }
    test = std::string(random_.chance(50) ? "NOT " : "") + "EXISTS (" +
           select({random_.chance(50) ? "1" : "*"}, tied, random_.chance(40)) + ")";
  }
  out.where = both(out.where, test);
  return out;
}

// A relation under a name of WITH, which later ones may read as well.
Relations::Relation Relations::common(int depth) {
  const Relation inner = relation(depth - 1);
  Relation named;
  named.from = fresh("w");
  std::vector<std::string> items;
  for (const Column& column : inner.columns) {
    const std::string as = fresh("c");
    items.push_back(column.text + " AS " + as);
    named.columns.push_back({as, column.kind});
  }
  named.unique = inner.unique;
  common_.push_back(named.from + " AS (" + select(items, inner, false) + ")");
  common_columns_.push_back(named);
  const std::string name = fresh("r");
  for (Column& column : named.columns) column.text = name + "." + column.text;
  named.from += " " + name;
  return named;
}

Relations::Relation Relations::relation(int depth) {
  if (depth <= 0) return base();
  switch (random_.below(13)) {
    case 10:
    case 11:
      return windowed(depth);
    case 0:
      return projected(depth);
    case 1:
    case 2:
      return grouped(depth);
    case 3:
      return distinct(depth);
    case 4:
      return stacked(depth);
    case 5:
    case 6:
    case 7:
      return joined(depth);
    case 8:
      return halved(depth);
    case 9:
      return common(depth);
    default:
      return base();
  }
}

Source Relations::source() {
  common_.clear();
  common_columns_.clear();
  const Relation top = relation(3);
  Source out;
  out.from = top.from;
  out.where = top.where;
  out.columns = top.columns;
  if (!common_.empty()) out.with = "WITH " + list(common_) + " ";
  return out;
}

}  // namespace sluis::differential
