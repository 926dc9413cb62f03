// Making, comparing and walking typed expressions.
#pragma once

#include <vector>

#include "sql/plan.h"

namespace sluis::sql {

// ---- making
Expr column_expr(int column, const ColumnSchema& schema);
Expr constant_expr(Type type, int64_t value);
Expr null_expr(Type type);
// An operator whose nullability follows from its arguments.
Expr make_expr(Op op, Type type, std::vector<Expr> args);
// The value instead, if all arguments are constants: the plan says DATE '2022-01-01', not DATE '2023-01-01' -
// 12 months.
Expr folded(Expr expr);

// ---- reading
bool same_expr(const Expr& a, const Expr& b);
// What a value of this type costs to hold in a plan: 1, more for a large domain, which every mention repeats.
size_t type_weight(const Type& type);
// Sum over all parts of the expression.
size_t expr_size(const Expr& expr);
// Whether it can be NULL, from its arguments' own nullability.
bool can_be_null(const Expr& expr);
// Calls f(column) for every column.
template <typename F>
void each_column(const Expr& expr, F&& f) {
  if (expr.op == Op::kColumn) f(expr.column);
  for (const Expr& arg : expr.args) each_column(arg, f);
}
// The same expression with every column replaced by replacement(column); nullability follows.
template <typename F>
Expr replace_columns(const Expr& expr, F&& replacement) {
  if (expr.op == Op::kColumn) return replacement(expr);
  Expr out = expr;
  for (Expr& arg : out.args) arg = replace_columns(arg, replacement);
  out.nullable = can_be_null(out);
  return out;
}
// Conjuncts of a predicate, and a predicate of conjuncts (balanced). REQUIRES: not empty.
std::vector<Expr> conjuncts_of(const Expr& predicate);
Expr conjunction(std::vector<Expr> conjuncts);

}  // namespace sluis::sql
