#include "sql/expr.h"

#include <algorithm>

#include "base/check.h"
#include "sql/evaluate.h"

namespace sluis::sql {

using relation::Kind;

// ---- making

Expr constant_expr(Type type, int64_t value) {
  Expr out;
  out.op = Op::kConstant;
  out.type = std::move(type);
  out.constant = value;
  return out;
}

Expr null_expr(Type type) {
  Expr out = constant_expr(std::move(type), 0);
  out.is_null = out.nullable = true;
  return out;
}

Expr column_expr(int column, const ColumnSchema& schema) {
  Expr out;
  out.op = Op::kColumn;
  out.type = schema.type;
  out.nullable = schema.nullable;
  out.column = column;
  return out;
}

Expr make_expr(Op op, Type type, std::vector<Expr> args) {
  Expr out;
  out.op = op;
  out.type = std::move(type);
  out.args = std::move(args);
  out.nullable = can_be_null(out);
  return out;
}

Expr folded(Expr expr) {
  const auto constant = [](const Expr& arg) { return arg.op == Op::kConstant; };
  if (expr.args.empty() || !std::all_of(expr.args.begin(), expr.args.end(), constant)) return expr;
  if (expr.type.kind == Kind::kNumeric) return expr;
  const Cell value = evaluate_expr(expr, std::span<const Cell>{});
  Expr out = value ? constant_expr(expr.type, *value) : null_expr(expr.type);
  if (value && (expr.type.kind != Kind::kBoolean && expr.type.kind != Kind::kCategory))
    out.type.lo = out.type.hi = *value;
  return out;
}

// ---- reading

size_t type_weight(const Type& type) { return 1 + type.domain.size() / 256; }

bool same_expr(const Expr& a, const Expr& b) {
  if (a.op != b.op || a.type != b.type || a.column != b.column || a.constant != b.constant ||
      a.is_null != b.is_null || a.months != b.months || a.args.size() != b.args.size())
    return false;
  for (size_t i = 0; i < a.args.size(); ++i)
    if (!same_expr(a.args[i], b.args[i])) return false;
  return true;
}

bool can_be_null(const Expr& expr) {
  switch (expr.op) {
    case Op::kColumn:
    case Op::kConstant:
      return expr.nullable;
    case Op::kIsNull:
    case Op::kIsNotNull:
      return false;
    case Op::kCoalesce:
      return expr.args.back().nullable;
    case Op::kCase: {
      bool any = expr.args.back().nullable;
      for (size_t i = 1; i < expr.args.size(); i += 2) any = any || expr.args[i].nullable;
      return any;
    }
    default:
      return std::any_of(expr.args.begin(), expr.args.end(), [](const Expr& arg) { return arg.nullable; });
  }
}

size_t expr_size(const Expr& expr) {
  size_t size = type_weight(expr.type);
  for (const Expr& arg : expr.args) size += expr_size(arg);
  return size;
}

std::vector<Expr> conjuncts_of(const Expr& predicate) {
  if (predicate.op != Op::kAnd) return {predicate};
  std::vector<Expr> out;
  for (const Expr& arg : predicate.args)
    for (Expr& one : conjuncts_of(arg)) out.push_back(std::move(one));
  return out;
}

Expr conjunction(std::vector<Expr> conjuncts) {
  CHECK(!conjuncts.empty());
  while (conjuncts.size() > 1) {
    std::vector<Expr> next;
    for (size_t i = 0; i + 1 < conjuncts.size(); i += 2)
      next.push_back(
          make_expr(Op::kAnd, Type::boolean(), {std::move(conjuncts[i]), std::move(conjuncts[i + 1])}));
    if (conjuncts.size() % 2 == 1) next.push_back(std::move(conjuncts.back()));
    conjuncts = std::move(next);
  }
  return std::move(conjuncts[0]);
}

}  // namespace sluis::sql
