#include "sql/bind_expr.h"

#include <algorithm>

namespace sluis::sql {

Result<size_t> find_name(const Scope& scope, const std::string& table, const std::string& name, Place at) {
  std::optional<size_t> found;
  bool table_known = table.empty();
  bool twice = false;
  for (size_t i = 0; i < scope.names.size(); ++i) {
    const ScopeColumn& one = scope.names[i];
    table_known = table_known || one.table == table;
    if (one.name != name || (!table.empty() && one.table != table)) continue;
    const int level = found ? scope.names[*found].level : one.level + 1;
    if (one.level > level) continue;
    twice = one.level == level;
    found = i;
  }
  if (twice) return refusal("ambiguous", at, {name});
  if (!table_known) return refusal("no_table_here", at, {table});
  if (!found) return refusal("no_column", at, {table.empty() ? name : table + "." + name});
  return *found;
}

bool has_aggregate(const AstExpr& expr) {
  return expr.kind == AstKind::kAggregate || std::any_of(expr.args.begin(), expr.args.end(), has_aggregate);
}

Result<Bound> ExprBinder::bind(const AstExpr& expr) const {
  if (hook_)
    if (auto special = hook_(expr)) {
      if (special->ok()) (**special).opened = opened_;
      return std::move(*special);
    }
  SLUIS_ASSIGN(Bound bound, bind_by_kind(expr));
  bound.opened = opened_;
  return bound;
}

Result<Expr> ExprBinder::bind_condition(const AstExpr& expr, const std::string& what) const {
  SLUIS_ASSIGN(Bound bound, bind(expr));
  SLUIS_ASSIGN(Bound condition, as_boolean(std::move(bound), what));
  return std::move(condition.expr);
}

Result<std::vector<Bound>> ExprBinder::bind_all(const std::vector<AstExpr>& args) const {
  std::vector<Bound> out;
  for (const AstExpr& arg : args) {
    SLUIS_ASSIGN(Bound bound, bind(arg));
    out.push_back(std::move(bound));
  }
  return out;
}

Result<Bound> ExprBinder::bind_column(const AstExpr& expr) const {
  SLUIS_ASSIGN(const size_t found, find_name(scope_, expr.qualifier, expr.name, expr.at));
  const int column = scope_.names[found].column;
  Bound out;
  out.expr = column_expr(column, scope_.columns[static_cast<size_t>(column)]);
  out.at = expr.at;
  return out;
}

Result<Bound> ExprBinder::bind_operator(const AstExpr& expr) const {
  if (expr.args.size() == 1) {
    SLUIS_ASSIGN(Bound operand, bind(expr.args[0]));
    if (expr.name == "+") return operand;
    return bind_negate(std::move(operand), expr.at);
  }
  const bool plus_minus = expr.name == "+" || expr.name == "-";
  const AstExpr& a = expr.args[0];
  const AstExpr& b = expr.args[1];
  if (plus_minus && (b.kind == AstKind::kInterval || (expr.name == "+" && a.kind == AstKind::kInterval))) {
    const bool first = b.kind != AstKind::kInterval;
    const AstExpr& interval = first ? a : b;
    const int64_t sign = expr.name == "-" ? -1 : 1;
    SLUIS_ASSIGN(Bound date, bind(first ? b : a));
    return bind_shift(std::move(date), sign * interval.number, sign * interval.days, expr.at);
  }
  SLUIS_ASSIGN(Bound left, bind(a));
  SLUIS_ASSIGN(Bound right, bind(b));
  if (expr.name == "/" || expr.name == "%")
    return bind_division(expr.name, std::move(left), std::move(right), expr.at);
  if (plus_minus || expr.name == "*")
    return bind_arithmetic(expr.name, std::move(left), std::move(right), expr.at);
  return bind_comparison(expr.name, std::move(left), std::move(right), expr.at, closed_);
}

Result<Bound> ExprBinder::bind_between(const AstExpr& expr) const {
  SLUIS_ASSIGN(std::vector<Bound> args, bind_all(expr.args));
  SLUIS_ASSIGN(Bound low, bind_comparison(">=", args[0], args[1], expr.at));
  SLUIS_ASSIGN(Bound high, bind_comparison("<=", args[0], args[2], expr.at));
  return bind_logical(Op::kAnd, {std::move(low), std::move(high)}, expr.at);
}

Result<Bound> ExprBinder::bind_in(const AstExpr& expr) const {
  SLUIS_ASSIGN(Bound value, bind(expr.args[0]));
  std::vector<Bound> equal;
  size_t size = 0;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    SLUIS_ASSIGN(Bound item, bind(expr.args[i]));
    SLUIS_ASSIGN(Bound one, bind_comparison("=", value, std::move(item), expr.at, closed_));
    size += expr_size(one.expr);
    if (size > kMaxExprNodes) return refusal("size", expr.at, {std::to_string(kMaxExprNodes)});
    equal.push_back(std::move(one));
  }
  return bind_logical(Op::kOr, std::move(equal), expr.at);
}

Result<Bound> ExprBinder::bind_simple_case(const AstExpr& expr) const {
  SLUIS_ASSIGN(std::vector<Bound> args, bind_all(expr.args));
  std::vector<Bound> arms;
  size_t size = 0;
  for (size_t i = 1; i < args.size(); ++i) {
    const bool condition = i % 2 == 1 && i + 1 < args.size();
    if (!condition) {
      arms.push_back(std::move(args[i]));
      continue;
    }
    SLUIS_ASSIGN(Bound equal, bind_comparison("=", args[0], std::move(args[i]), expr.at, closed_));
    size += expr_size(equal.expr);
    if (size > kMaxExprNodes) return refusal("size", expr.at, {std::to_string(kMaxExprNodes)});
    arms.push_back(std::move(equal));
  }
  return bind_case(std::move(arms), expr.at);
}

Result<Bound> ExprBinder::bind_by_kind(const AstExpr& expr) const {
  const Place at = expr.at;
  switch (expr.kind) {
    case AstKind::kColumn:
      return bind_column(expr);
    case AstKind::kInteger:
      return bind_integer(expr.number, at);
    case AstKind::kDecimal:
      return bind_decimal(expr.number, expr.scale, at);
    case AstKind::kText:
      return bind_literal(expr.text, at);
    case AstKind::kBoolean:
      return bind_boolean(expr.number != 0, at);
    case AstKind::kNull:
      return bind_null(at);
    case AstKind::kOperator:
      return bind_operator(expr);
    case AstKind::kBetween:
      return bind_between(expr);
    case AstKind::kIn:
      return bind_in(expr);
    case AstKind::kSimpleCase:
      return bind_simple_case(expr);
    case AstKind::kAggregate:
      return refusal("aggregate_here", at, {expr.name});
    case AstKind::kWindow:
      return refusal("window_here", at, {expr.name});
    case AstKind::kInterval:
      return refusal("interval_use", at);
    case AstKind::kExists:
    case AstKind::kInQuery:
      return refusal("subquery_here", at);
    case AstKind::kAge:
      return refusal("age", at);
    default:
      return bind_with_args(expr);
  }
}

Result<Bound> ExprBinder::bind_with_args(const AstExpr& expr) const {
  const Place at = expr.at;
  const bool age = expr.kind == AstKind::kExtract && expr.args[0].kind == AstKind::kAge;
  SLUIS_ASSIGN(std::vector<Bound> args, bind_all(age ? expr.args[0].args : expr.args));
  switch (expr.kind) {
    case AstKind::kAnd:
      return bind_logical(Op::kAnd, std::move(args), at);
    case AstKind::kOr:
      return bind_logical(Op::kOr, std::move(args), at);
    case AstKind::kNot:
      return bind_logical(Op::kNot, std::move(args), at);
    case AstKind::kIsNull:
      return bind_null_test(Op::kIsNull, std::move(args[0]), at);
    case AstKind::kIsNotNull:
      return bind_null_test(Op::kIsNotNull, std::move(args[0]), at);
    case AstKind::kDistinctFrom:
    case AstKind::kNotDistinctFrom:
      return bind_distinct(expr.kind == AstKind::kNotDistinctFrom, std::move(args[0]), std::move(args[1]),
                           at);
    case AstKind::kCase:
      return bind_case(std::move(args), at);
    case AstKind::kCoalesce:
      return bind_coalesce(std::move(args), at);
    case AstKind::kNullIf:
      return bind_null_if(std::move(args[0]), std::move(args[1]), at);
    case AstKind::kGreatest:
    case AstKind::kLeast:
      return bind_extreme(expr.kind == AstKind::kGreatest, std::move(args), at);
    case AstKind::kCast:
      if (expr.name == "decimal") return bind_decimal_cast(expr.scale, std::move(args[0]), at);
      return bind_cast(expr.name, std::move(args[0]), at);
    case AstKind::kRound:
      return bind_round(std::move(args[0]), static_cast<int>(expr.number), expr.scale == 1, at);
    case AstKind::kExtract:
      if (age) return bind_age(std::move(args[0]), std::move(args[1]), at);
      return bind_extract(expr.name, std::move(args[0]), at);
    default:
      return bind_truth_test(expr.kind, std::move(args[0]), at);
  }
}

}  // namespace sluis::sql
