// percentile_disc: the value at a place of its group's order.
#include "sql/bind_group.h"
#include "sql/bind_window.h"

namespace sluis::sql {

// Appends to the input row_number() and COUNT(x), PARTITION BY the keys, ORDER BY x with NULLs last.
Result<GroupBinder::Places> GroupBinder::places_of(const AstExpr& expr) {
  const ExprBinder plain(scope_, query_.catalogue().closed);
  SLUIS_ASSIGN(Bound raw, plain.bind(expr.args[0]));
  SLUIS_ASSIGN(Bound value, as_value(std::move(raw)));
  if (value.timestamp) return refusal("timestamp_output", expr.at);
  if (!expr.filter.empty()) {
    SLUIS_ASSIGN(Expr condition, plain.bind_condition(expr.filter[0], "FILTER"));
    Bound when;
    when.expr = std::move(condition);
    SLUIS_ASSIGN(value, bind_case({std::move(when), std::move(value), bind_null(expr.at)}, expr.at));
  }
  for (const Places& known : places_)
    if (same_expr(known.value, value.expr) && known.descending == expr.descending) return known;
  Places out{value.expr, expr.descending, -1, -1, -1};
  SLUIS_TRY(query_.spend(value.expr, expr.at));
  NodePtr& node = out_.input.node;
  std::vector<Expr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < node->columns.size(); ++i) {
    exprs.push_back(column_expr(static_cast<int>(i), node->columns[i]));
    names.push_back(node->columns[i].name);
  }
  const auto column_of = [&](const Expr& one) {
    for (size_t i = 0; i < exprs.size(); ++i)
      if (same_expr(exprs[i], one)) return static_cast<int>(i);
    exprs.push_back(one);
    names.push_back("place" + std::to_string(exprs.size()));
    return static_cast<int>(exprs.size()) - 1;
  };
  WindowParts parts;
  for (const Expr& key : out_.keys) parts.partition.push_back(column_of(key));
  out.column = column_of(value.expr);
  parts.order.push_back({out.column, expr.descending, false});
  const auto rows = std::max<int64_t>(static_cast<int64_t>(node->max_rows), 1);
  parts.calls.resize(2);
  parts.calls[0].type = Type::integer(1, rows);
  parts.calls[0].name = "place";
  parts.calls[1].function = value.expr.nullable ? WindowFunction::kCount : WindowFunction::kCountRows;
  if (value.expr.nullable) parts.calls[1].column = out.column;
  parts.calls[1].type = Type::integer(0, rows);
  parts.calls[1].frame = WindowFrame::kPartition;
  parts.calls[1].name = "places";
  out.place = static_cast<int>(exprs.size());
  out.count = out.place + 1;
  if (exprs.size() > node->columns.size())
    node = make_project(node, std::move(exprs), names, query_.info("QUANTILE", expr.at));
  node = make_window(node, std::move(parts), query_.info("QUANTILE", expr.at));
  SLUIS_TRY(query_.spend(*node, expr.at));
  scope_ = out_.input.scope();
  places_.push_back(out);
  return out;
}

// The least value (greatest, if descending) among the rows at place * denominator >= numerator * count: the
// first of them. NULLs stand after all others and are skipped.
Result<AggregateRequest> GroupBinder::quantile(const AstExpr& expr) {
  SLUIS_ASSIGN(const Places places, places_of(expr));
  const auto column = [&](int at) {
    Bound out;
    out.at = expr.at;
    out.expr = column_expr(at, out_.input.node->columns[static_cast<size_t>(at)]);
    return out;
  };
  const auto times_constant = [&](int at, int64_t factor) {
    return bind_arithmetic("*", column(at), bind_integer(factor, expr.at), expr.at);
  };
  SLUIS_ASSIGN(Bound place, times_constant(places.place, expr.denominator));
  SLUIS_ASSIGN(Bound least, times_constant(places.count, expr.number));
  SLUIS_ASSIGN(Bound reached, bind_comparison(">=", std::move(place), std::move(least), expr.at));
  SLUIS_ASSIGN(Bound value,
               bind_case({std::move(reached), column(places.column), bind_null(expr.at)}, expr.at));
  AggregateRequest out;
  out.function = expr.descending ? Function::kMax : Function::kMin;
  out.name = expr.name;
  out.type = value.expr.type;
  out.argument = std::move(value.expr);
  return out;
}

}  // namespace sluis::sql
