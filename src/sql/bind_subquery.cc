// EXISTS, IN (SELECT ...) and their negations in WHERE: semi and anti joins.
#include "sql/bind_query.h"

namespace sluis::sql {
namespace {

// A subquery whose rows are those of its FROM and WHERE.
bool is_plain(const AstSelect& query) {
  if (!query.arms.empty() || !query.group_by.empty() || query.having || query.limit || !query.with.empty())
    return false;
  for (const AstItem& item : query.items)
    if (!item.star && has_aggregate(item.expr)) return false;
  return true;
}

// `id` columns of the two relations as one scope.
Scope ids_of(const Relation& relation, int ids) {
  Scope scope;
  scope.columns.resize(static_cast<size_t>(ids));
  for (ScopeColumn name : relation.names) {
    scope.columns[static_cast<size_t>(name.id)] = relation.node->columns[static_cast<size_t>(name.column)];
    name.column = name.id;
    scope.names.push_back(std::move(name));
  }
  return scope;
}

bool may_be_null(const Expr& expr, const Relation& relation) {
  if (!expr.nullable) return false;
  if (expr.op != Op::kColumn) return true;
  for (const ScopeColumn& name : relation.names)
    if (name.id == expr.column) return !never_null(*relation.node, name.column);
  return true;
}

}  // namespace

Result<Relation> QueryBinder::bind_exists(Relation outer, const AstExpr& condition) {
  const bool negated = condition.kind == AstKind::kNot;
  const AstExpr& test = negated ? condition.args[0] : condition;
  const AstSelect& query = test.query[0];
  const bool in = test.kind == AstKind::kInQuery;
  if (!is_plain(query) && !in) return refusal("subquery_shape", test.at);
  if (in && (query.arms.empty() ? query.items.size() != 1 : false)) return refusal("in_columns", test.at);

  std::vector<Expr> correlated;
  Relation inner;
  std::optional<Bound> item;
  if (is_plain(query)) {
    SLUIS_ASSIGN(inner, bind_source(query, &outer, correlated));
    if (in) {
      SLUIS_ASSIGN(const std::vector<AstItem> items, expand_stars(query.items, inner));
      if (items.size() != 1) return refusal("in_columns", test.at);
      const Scope scope = ids_of(inner, next_id_);
      SLUIS_ASSIGN(item, ExprBinder(scope, catalogue_.closed).bind(items[0].expr));
    }
  } else {
    SLUIS_ASSIGN(NodePtr node, bind_select(query));
    if (node->columns.size() != 1) return refusal("in_columns", test.at);
    inner = named(std::move(node), "");
    item = Bound{};
    item->expr = column_expr(inner.names[0].id, inner.node->columns[0]);
    item->at = test.at;
  }
  Conditions conditions;
  if (in) {
    const Scope scope = ids_of(outer, next_id_);
    SLUIS_ASSIGN(Bound value, ExprBinder(scope, catalogue_.closed).bind(test.args[0]));
    if (negated && (may_be_null(value.expr, outer) || may_be_null(item->expr, inner)))
      return refusal("not_in_null", test.at);
    SLUIS_ASSIGN(Bound equal,
                 bind_comparison("=", std::move(value), std::move(*item), test.at, catalogue_.closed));
    correlated.push_back(std::move(equal.expr));
  }
  for (Expr& one : correlated) classify(std::move(one), outer, inner, conditions);
  if (!conditions.mixed.empty()) return refusal("correlated", test.at);
  if (conditions.keys.empty()) return refusal("uncorrelated", test.at);
  return half_join(std::move(outer), std::move(inner), std::move(conditions), negated, test.at);
}

Result<Relation> QueryBinder::half_join(Relation outer, Relation inner, Conditions conditions, bool negated,
                                        Place at) {
  inner = filtered(std::move(inner), conditions.right, "WHERE", at);
  std::vector<Expr> left, right;
  for (auto& [a, b] : conditions.keys) {
    left.push_back(std::move(a));
    right.push_back(std::move(b));
  }
  if (!conditions.left.empty()) {  // holds for a row of the outer query or not: a key that matches nothing
    Expr guarded;
    guarded.op = Op::kCase;
    guarded.type = left[0].type;
    guarded.nullable = true;
    guarded.args = {conjunction(conditions.left), left[0], null_expr(left[0].type)};
    left[0] = std::move(guarded);
  }
  JoinParts parts{negated ? JoinKind::kAnti : JoinKind::kSemi, {}, {}, {}};
  parts.left_keys = key_columns(outer, std::move(left), at);
  parts.right_keys = key_columns(inner, std::move(right), at);
  const std::string name =
      inner.names.empty() || inner.names[0].table.empty() ? "subquery" : inner.names[0].table;
  if (!is_unique_on(*inner.node, parts.right_keys)) {
    inner.node = make_group_by(inner.node, parts.right_keys, {}, info("DISTINCT " + name, at));
    for (size_t i = 0; i < parts.right_keys.size(); ++i) parts.right_keys[i] = static_cast<int>(i);
  }
  outer.node = make_join(outer.node, inner.node, std::move(parts),
                         info((negated ? "ANTI JOIN " : "SEMI JOIN ") + name, at));
  SLUIS_TRY(spend(*outer.node, at));
  return outer;
}

}  // namespace sluis::sql
