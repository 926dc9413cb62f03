// FROM and WHERE: tables, joins, conditions.
//
// While the items of a FROM clause are being joined, an expression names columns by *id*: every name in scope
// has one, and it stays the same when a join moves the column. Just before a node is made, ids become
// positions in its input.
#include <algorithm>

#include "sql/bind_query.h"

namespace sluis::sql {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

// Position of each id in the relation's node; -1 where it has none.
std::map<int, int> places_of(const Relation& relation) {
  std::map<int, int> places;
  for (const ScopeColumn& name : relation.names) places[name.id] = name.column;
  return places;
}

// An expression over ids as one over the relation's columns.
Expr placed(const Expr& expr, const Relation& relation) {
  const std::map<int, int> places = places_of(relation);
  return replace_columns(expr, [&](const Expr& column) {
    const int place = places.at(column.column);
    Expr moved = column_expr(place, relation.node->columns[at(place)]);
    return moved;
  });
}

bool reads_only(const Expr& expr, const std::map<int, int>& ids) {
  bool only = true;
  each_column(expr, [&](int id) { only = only && ids.contains(id); });
  return only;
}

// A scope in which columns are ids. `outer` names count only where the others have none.
Scope id_scope(const std::vector<const Relation*>& relations, const Relation* outer, int ids) {
  Scope scope;
  scope.columns.resize(at(ids));
  const auto add = [&](const Relation& relation, int level) {
    for (ScopeColumn name : relation.names) {
      scope.columns[at(name.id)] = relation.node->columns[at(name.column)];
      name.column = name.id;
      name.level = level;
      scope.names.push_back(std::move(name));
    }
  };
  for (const Relation* relation : relations) add(*relation, 0);
  if (outer != nullptr) add(*outer, 1);
  return scope;
}

// Whose rows are multiplied, for the refusal.
std::string table_of(const Relation& relation) {
  return relation.names.empty() ? "?" : relation.names[0].table;
}

bool is_subquery_condition(const AstExpr& condition) {
  const AstExpr* inner = condition.kind == AstKind::kNot ? &condition.args[0] : &condition;
  return inner->kind == AstKind::kExists || inner->kind == AstKind::kInQuery;
}

Status check_aliases(const std::vector<Relation>& relations, Place at) {
  std::set<std::string> seen;
  for (const Relation& relation : relations) {
    std::set<std::string> own;
    for (const ScopeColumn& name : relation.names) own.insert(name.table);
    for (const std::string& alias : own)
      if (!seen.insert(alias).second) return refusal("alias_twice", at, {alias});
  }
  return {};
}

}  // namespace

void classify(Expr condition, const Relation& left, const Relation& right, Conditions& out) {
  const std::map<int, int> left_ids = places_of(left);
  const std::map<int, int> right_ids = places_of(right);
  const auto in_left = [&](const Expr& expr) { return reads_only(expr, left_ids); };
  const auto in_right = [&](const Expr& expr) { return reads_only(expr, right_ids); };
  const bool equality = condition.op == Op::kEqual;
  const auto constant = [](const Expr& expr) {
    bool any = false;
    each_column(expr, [&](int) { any = true; });
    return !any;
  };
  if (equality && !constant(condition.args[0]) && !constant(condition.args[1])) {
    Expr& a = condition.args[0];
    Expr& b = condition.args[1];
    if (in_left(a) && in_right(b)) return void(out.keys.emplace_back(std::move(a), std::move(b)));
    if (in_right(a) && in_left(b)) return void(out.keys.emplace_back(std::move(b), std::move(a)));
  }
  if (in_left(condition)) {
    out.left.push_back(std::move(condition));
  } else if (in_right(condition)) {
    out.right.push_back(std::move(condition));
  } else {
    out.mixed.push_back(std::move(condition));
  }
}

std::vector<const AstExpr*> ast_conjuncts(const AstExpr& condition) {
  if (condition.kind != AstKind::kAnd) return {&condition};
  std::vector<const AstExpr*> out;
  for (const AstExpr& arg : condition.args)
    for (const AstExpr* one : ast_conjuncts(arg)) out.push_back(one);
  return out;
}

QueryBinder::QueryBinder(const Catalogue& catalogue, std::string step)
    : catalogue_(catalogue), step_(std::move(step)) {}

// ---- items

Relation QueryBinder::named(NodePtr node, const std::string& alias) {
  Relation out;
  for (size_t i = 0; i < node->columns.size(); ++i)
    out.names.push_back({alias, node->columns[i].name, static_cast<int>(i), next_id_++, 0});
  out.node = std::move(node);
  return out;
}

Result<Relation> QueryBinder::bind_table(const AstFrom& item) {
  for (size_t level = with_.size(); level-- > 0;) {
    const auto found = with_[level].find(item.name);
    if (found != with_[level].end()) return named(found->second, item.alias);
  }
  const auto view = catalogue_.views.find(item.name);
  if (view != catalogue_.views.end()) return named(view->second, item.alias);
  if (catalogue_.broken.contains(item.name)) return refusal("broken_view", item.at, {item.name});
  const auto table = catalogue_.tables.find(item.name);
  if (table == catalogue_.tables.end()) return refusal("no_table", item.at, {item.name});
  const auto rows = catalogue_.rows.find(item.name);
  if (rows != catalogue_.rows.end() && rows->second > kMaxRows)
    return refusal("rows_bound", item.at, {item.name});
  std::vector<int> all(table->second.columns.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  const uint64_t bound = rows == catalogue_.rows.end() ? kMaxRows : rows->second;  // unknown: the widest
  NodePtr scan = make_scan(table->second, std::move(all), bound, info(item.name, item.at));
  SLUIS_TRY(spend(*scan, item.at));
  return named(std::move(scan), item.alias);
}

Result<Relation> QueryBinder::bind_item(const AstFrom& item) {
  if (item.kind == AstFrom::Kind::kTable) return bind_table(item);
  if (item.kind == AstFrom::Kind::kJoin) return bind_join(item);
  SLUIS_ASSIGN(NodePtr node, bind_select(item.query[0]));
  return named(std::move(node), item.alias);
}

Result<Relation> QueryBinder::bind_join(const AstFrom& item) {
  if (item.join == AstJoin::kCross) return refusal("cross_join", item.at);
  const bool swap = item.join == AstJoin::kRight;
  SLUIS_ASSIGN(Relation first, bind_item(item.sides[0]));
  SLUIS_ASSIGN(Relation second, bind_item(item.sides[1]));
  std::vector<Relation> both = {first, second};
  SLUIS_TRY(check_aliases(both, item.at));
  Relation& left = swap ? second : first;
  Relation& right = swap ? first : second;
  const Scope scope = id_scope({&first, &second}, nullptr, next_id_);
  const ExprBinder binder(scope, catalogue_.closed);
  Conditions conditions;
  for (const AstExpr* conjunct : ast_conjuncts(item.on[0])) {
    SLUIS_ASSIGN(Expr condition, binder.bind_condition(*conjunct, "ON"));
    SLUIS_TRY(spend(condition, conjunct->at));
    for (Expr& one : conjuncts_of(condition)) classify(std::move(one), left, right, conditions);
  }
  const JoinKind kind = item.join == AstJoin::kInner ? JoinKind::kInner : JoinKind::kLeft;
  SLUIS_ASSIGN(Relation joined, join(kind, left, right, std::move(conditions), item.at));
  // Names in the order of FROM, for *.
  std::sort(joined.names.begin(), joined.names.end(),
            [](const ScopeColumn& a, const ScopeColumn& b) { return a.id < b.id; });
  return joined;
}

// ---- conditions

Relation QueryBinder::filtered(Relation relation, const std::vector<Expr>& conditions,
                               const std::string& what, Place at) {
  if (conditions.empty()) return relation;
  std::vector<Expr> moved;
  for (const Expr& condition : conditions) moved.push_back(placed(condition, relation));
  relation.node = make_filter(relation.node, conjunction(std::move(moved)), info(what, at));
  return relation;
}

std::vector<int> QueryBinder::key_columns(Relation& relation, std::vector<Expr> exprs, Place place) {
  std::vector<Expr> all;
  std::vector<std::string> names;
  for (size_t i = 0; i < relation.node->columns.size(); ++i) {
    all.push_back(column_expr(static_cast<int>(i), relation.node->columns[i]));
    names.push_back(relation.node->columns[i].name);
  }
  std::vector<int> keys;
  const size_t before = all.size();
  for (const Expr& expr : exprs) {
    Expr moved = placed(expr, relation);
    if (moved.op == Op::kColumn) {
      keys.push_back(moved.column);
      continue;
    }
    keys.push_back(static_cast<int>(all.size()));
    all.push_back(std::move(moved));
    names.push_back("key" + std::to_string(keys.size()));
  }
  if (all.size() > before)
    relation.node = make_project(relation.node, std::move(all), names, info("key", place));
  return keys;
}

// ---- joins

Result<Relation> QueryBinder::join(JoinKind kind, Relation left, Relation right, Conditions conditions,
                                   Place place) {
  if (conditions.keys.empty()) return refusal("no_equality", place, {table_of(left), table_of(right)});
  right = filtered(std::move(right), conditions.right, "ON", place);
  if (kind == JoinKind::kLeft)
    return left_join(std::move(left), std::move(right), std::move(conditions), place);
  left = filtered(std::move(left), conditions.left, "ON", place);
  return inner_join(std::move(left), std::move(right), std::move(conditions), place);
}

namespace {

struct Keys {
  std::vector<Expr> left, right;
};

Keys split(const Conditions& conditions) {
  Keys keys;
  for (const auto& [left, right] : conditions.keys) {
    keys.left.push_back(left);
    keys.right.push_back(right);
  }
  return keys;
}

Status check_bound(uint64_t rows, const Relation& right, Place place) {
  if (rows <= kMaxRowsPerKey) return {};
  return refusal("at_most", place, {table_of(right), std::to_string(rows), std::to_string(kMaxRowsPerKey)});
}

// A key that matches nothing where the conditions do not hold: CASE WHEN conditions THEN key END.
Expr guarded(const Expr& key, const std::vector<Expr>& conditions) {
  if (conditions.empty()) return key;
  Expr out;
  out.op = Op::kCase;
  out.type = key.type;
  out.nullable = true;
  out.args = {conjunction(conditions), key, null_expr(key.type)};
  return out;
}

}  // namespace

Status QueryBinder::spend_join(const Node& join, Place place) const {
  if (join.max_rows > kMaxRows) return refusal("rows_bound", place, {"JOIN"});
  for (uint64_t i = 0; i < join.at_most; ++i) SLUIS_TRY(spend(join, place));
  return {};
}

Result<Relation> QueryBinder::inner_join(Relation left, Relation right, Conditions conditions, Place place) {
  Keys keys = split(conditions);
  std::vector<int> left_keys = key_columns(left, keys.left, place);
  std::vector<int> right_keys = key_columns(right, keys.right, place);
  // The side with few rows per key stands on the right: one if there is such a side, else the fewer rows in
  // all.
  const uint64_t left_rows = rows_per_key(*left.node, left_keys);
  const uint64_t right_rows = rows_per_key(*right.node, right_keys);
  const bool swap = right_rows != 1 && (left_rows == 1 || times(left_rows, right.node->max_rows) <
                                                              times(right_rows, left.node->max_rows));
  if (swap) {
    std::swap(left, right);
    std::swap(left_keys, right_keys);
  }
  Relation out;
  out.names = left.names;
  JoinParts parts{JoinKind::kInner, left_keys, right_keys, {}, swap ? left_rows : right_rows};
  if (parts.at_most == kNoBound) return refusal("not_unique", place, {table_of(right), table_of(left)});
  SLUIS_TRY(check_bound(parts.at_most, right, place));
  std::map<int, int> carried;  // column of the right side -> of the result
  // A right key equals the left one, so the result need not carry it.
  for (size_t k = 0; k < left_keys.size(); ++k)
    if (left.node->columns[at(left_keys[k])].type == right.node->columns[at(right_keys[k])].type)
      carried.emplace(right_keys[k], left_keys[k]);
  for (ScopeColumn name : right.names) {
    const int next = static_cast<int>(left.node->columns.size() + parts.right_payload.size());
    const auto [found, added] = carried.emplace(name.column, next);
    if (added) parts.right_payload.push_back(name.column);
    name.column = found->second;
    out.names.push_back(std::move(name));
  }
  out.node = make_join(left.node, right.node, std::move(parts), info("JOIN " + table_of(right), place));
  SLUIS_TRY(spend_join(*out.node, place));
  return filtered(std::move(out), conditions.mixed, "ON", place);
}

Result<Relation> QueryBinder::left_join(Relation left, Relation right, Conditions conditions, Place place) {
  Keys keys = split(conditions);
  keys.left[0] = guarded(keys.left[0], conditions.left);
  JoinParts parts{JoinKind::kLeft, {}, {}, {}};
  parts.left_keys = key_columns(left, keys.left, place);
  parts.right_keys = key_columns(right, keys.right, place);
  parts.at_most = rows_per_key(*right.node, parts.right_keys);
  // A condition on both sides can drop some of a row's matches and not others.
  if (parts.at_most == kNoBound || (parts.at_most > 1 && !conditions.mixed.empty()))
    return refusal("not_unique_left", place, {table_of(right), table_of(left)});
  SLUIS_TRY(check_bound(parts.at_most, right, place));
  Relation out;
  out.names = left.names;
  const int width = static_cast<int>(left.node->columns.size());
  for (ScopeColumn name : right.names) {
    parts.right_payload.push_back(name.column);
    name.column = width + static_cast<int>(parts.right_payload.size()) - 1;
    out.names.push_back(std::move(name));
  }
  out.node = make_join(left.node, right.node, std::move(parts), info("LEFT JOIN " + table_of(right), place));
  SLUIS_TRY(spend_join(*out.node, place));
  if (conditions.mixed.empty()) return out;
  // The one matching row counts only where the other conditions hold too.
  std::vector<Expr> mixed;
  for (const Expr& condition : conditions.mixed) mixed.push_back(placed(condition, out));
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < out.node->columns.size(); ++i) {
    Expr column = column_expr(static_cast<int>(i), out.node->columns[i]);
    exprs.push_back(static_cast<int>(i) < width ? std::move(column) : guarded(column, mixed));
    names.push_back(out.node->columns[i].name);
  }
  out.node = make_project(out.node, std::move(exprs), names, info("ON", place));
  return out;
}

// ---- FROM a, b, c WHERE ...

// Joins the pool starting from one item: always next an item that a condition links to what is joined.
Result<Relation> QueryBinder::join_from(size_t first, const std::vector<Relation>& pool,
                                        std::vector<Expr>& conditions, Place place) {
  Relation joined = pool[first];
  std::vector<size_t> left;
  for (size_t i = 0; i < pool.size(); ++i)
    if (i != first) left.push_back(i);
  std::optional<Error> why;
  while (!left.empty()) {
    bool progress = false;
    for (size_t i = 0; i < left.size() && !progress; ++i) {
      const Relation& next = pool[left[i]];
      Conditions linking;
      std::vector<Expr> rest;
      std::map<int, int> both = places_of(joined);
      both.merge(places_of(next));
      for (const Expr& condition : conditions) {
        if (reads_only(condition, both)) {
          classify(condition, joined, next, linking);
        } else {
          rest.push_back(condition);
        }
      }
      if (linking.keys.empty()) continue;
      auto tried = join(JoinKind::kInner, joined, next, std::move(linking), place);
      if (!tried.ok()) {
        if (!why) why = std::move(tried).error();
        continue;
      }
      joined = std::move(*tried);
      conditions = std::move(rest);
      left.erase(left.begin() + static_cast<long>(i));
      progress = true;
    }
    if (!progress) return why ? *why : refusal("cross_join", place);
  }
  return joined;
}

Result<Relation> QueryBinder::join_pool(std::vector<Relation> pool, std::vector<Expr>& conditions,
                                        Place place) {
  SLUIS_TRY(check_aliases(pool, place));
  std::optional<Error> first_error;
  for (size_t first = 0; first < pool.size(); ++first) {
    std::vector<Expr> left = conditions;
    auto joined = join_from(first, pool, left, place);
    if (joined.ok()) {
      conditions = std::move(left);
      std::sort(joined->names.begin(), joined->names.end(),
                [](const ScopeColumn& a, const ScopeColumn& b) { return a.id < b.id; });
      return joined;
    }
    if (!first_error) first_error = joined.error();
  }
  return *first_error;
}

Result<Relation> QueryBinder::bind_source(const AstSelect& select, const Relation* outer,
                                          std::vector<Expr>& correlated) {
  if (select.from.empty()) return refusal("no_from", select.at);
  std::vector<Relation> pool;
  for (const AstFrom& item : select.from) {
    SLUIS_ASSIGN(Relation relation, bind_item(item));
    pool.push_back(std::move(relation));
  }
  std::vector<const Relation*> all;
  for (const Relation& relation : pool) all.push_back(&relation);
  const Scope scope = id_scope(all, outer, next_id_);
  const ExprBinder binder(scope, catalogue_.closed);
  std::vector<Expr> conditions;
  std::vector<const AstExpr*> subqueries;
  std::map<int, int> outer_ids;
  if (outer != nullptr) outer_ids = places_of(*outer);
  Place where = select.at;
  for (const AstExpr* conjunct :
       select.where ? ast_conjuncts(*select.where) : std::vector<const AstExpr*>{}) {
    if (conditions.empty() && subqueries.empty()) where = conjunct->at;
    if (is_subquery_condition(*conjunct)) {
      subqueries.push_back(conjunct);
      continue;
    }
    SLUIS_ASSIGN(Expr condition, binder.bind_condition(*conjunct, "WHERE"));
    SLUIS_TRY(spend(condition, conjunct->at));
    bool is_outer = false;
    each_column(condition, [&](int id) { is_outer = is_outer || outer_ids.contains(id); });
    (is_outer ? correlated : conditions).push_back(std::move(condition));
  }
  SLUIS_ASSIGN(Relation relation, join_pool(std::move(pool), conditions, select.from[0].at));
  relation = filtered(std::move(relation), conditions, "WHERE", where);
  for (const AstExpr* subquery : subqueries) {
    SLUIS_ASSIGN(relation, bind_exists(std::move(relation), *subquery));
  }
  return relation;
}

Result<Relation> QueryBinder::bind_source(const AstSelect& select) {
  std::vector<Expr> none;
  return bind_source(select, nullptr, none);
}

}  // namespace sluis::sql
