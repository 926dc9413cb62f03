// Conditions: AND, OR, NOT, CASE, COALESCE, NULLIF, GREATEST, LEAST, IS ...
#include <algorithm>

#include "base/check.h"
#include "sql/typed_number.h"

namespace sluis::sql {

using relation::Kind;

namespace {

// One of them makes the whole a timestamp, in PostgreSQL; each value keeps its own number of decimals.
struct Marks {
  bool timestamp = false, mixed_scale = false;

  explicit Marks(const std::vector<Bound*>& values) {
    for (const Bound* value : values) {
      timestamp = timestamp || value->timestamp;
      mixed_scale = mixed_scale || value->mixed_scale;
    }
  }
  void mark(Bound& bound) const {
    bound.timestamp = timestamp;
    bound.mixed_scale = mixed_scale;
  }
};

// LEAST is at most what any argument that is never NULL is at most.
Type extreme_bounds(bool greatest, const Expr& a, const Expr& b) {
  Type out = joint_type(a.type, b.type);
  for (const Expr* one : {&a, &b}) {
    if (one->nullable) continue;
    if (greatest) out.lo = std::max(out.lo, one->type.lo);
    if (!greatest) out.hi = std::min(out.hi, one->type.hi);
  }
  return out;
}

}  // namespace

Result<Bound> bind_logical(Op op, std::vector<Bound> args, Place at) {
  const std::string name = op == Op::kAnd ? "AND" : op == Op::kOr ? "OR" : "NOT";
  std::vector<Expr> exprs;
  for (Bound& arg : args) {
    SLUIS_ASSIGN(Bound value, as_boolean(std::move(arg), name));
    exprs.push_back(std::move(value.expr));
  }
  if (op == Op::kNot) return checked(make_expr(op, Type::boolean(), std::move(exprs)), at);
  while (exprs.size() > 1) {  // balanced: depth is rounds
    std::vector<Expr> next;
    for (size_t i = 0; i + 1 < exprs.size(); i += 2)
      next.push_back(folded(make_expr(op, Type::boolean(), {std::move(exprs[i]), std::move(exprs[i + 1])})));
    if (exprs.size() % 2 == 1) next.push_back(std::move(exprs.back()));
    exprs = std::move(next);
  }
  return checked(std::move(exprs[0]), at);
}

Result<Bound> bind_null_test(Op op, Bound a, Place at) {
  if (!a.expr.nullable) return bind_boolean(op == Op::kIsNotNull, at);
  return checked(make_expr(op, Type::boolean(), {std::move(a.expr)}), at);
}

Result<Bound> bind_truth_test(AstKind kind, Bound a, Place at) {
  SLUIS_ASSIGN(Bound value, as_boolean(std::move(a), "IS"));
  const bool truth = kind == AstKind::kIsTrue || kind == AstKind::kIsNotTrue;
  const bool negated = kind == AstKind::kIsNotTrue || kind == AstKind::kIsFalse;
  std::vector<Bound> parts;
  parts.push_back(std::move(value));
  parts.push_back(bind_boolean(!truth, at));
  SLUIS_ASSIGN(Bound known, bind_coalesce(std::move(parts), at));
  if (!negated) return known;
  std::vector<Bound> inner;
  inner.push_back(std::move(known));
  return bind_logical(Op::kNot, std::move(inner), at);
}

Result<Bound> bind_distinct(bool negated, Bound a, Bound b, Place at) {
  SLUIS_TRY(unify({&a, &b}, "IS DISTINCT FROM", at));
  SLUIS_ASSIGN(Bound different, bind_comparison("<>", a, b, at));
  SLUIS_ASSIGN(Bound a_null, bind_null_test(Op::kIsNull, a, at));
  SLUIS_ASSIGN(Bound b_null, bind_null_test(Op::kIsNull, b, at));
  SLUIS_ASSIGN(Bound b_present, bind_null_test(Op::kIsNotNull, b, at));
  std::vector<Bound> args = {a_null, b_present, b_null, bind_boolean(true, at), different};
  SLUIS_ASSIGN(Bound out, bind_case(std::move(args), at));
  if (!negated) return out;
  return bind_logical(Op::kNot, {out}, at);
}

Result<Bound> bind_case(std::vector<Bound> args, Place at) {
  std::vector<Bound*> values;
  for (size_t i = 0; i < args.size(); ++i) {
    const bool condition = i % 2 == 0 && i + 1 < args.size();
    if (!condition) {
      values.push_back(&args[i]);
      continue;
    }
    SLUIS_ASSIGN(args[i], as_boolean(std::move(args[i]), "CASE"));
  }
  SLUIS_TRY(unify(values, "CASE", at));
  // Conditions that are known to fail, or to hold, at once.
  std::vector<Expr> exprs;
  const Marks marks(values);
  for (size_t i = 0; i + 1 < args.size(); i += 2) {
    const Expr& when = args[i].expr;
    const bool known = when.op == Op::kConstant;
    if (known && (when.is_null || when.constant == 0)) continue;
    if (known) {
      exprs.push_back(std::move(args[i + 1].expr));
      break;
    }
    exprs.push_back(std::move(args[i].expr));
    exprs.push_back(std::move(args[i + 1].expr));
  }
  if (exprs.size() % 2 == 0) exprs.push_back(std::move(args.back().expr));
  std::optional<Type> type;
  for (size_t i = 0; i < exprs.size(); ++i) {
    if (i % 2 == 0 && i + 1 < exprs.size()) continue;
    if (!exprs[i].is_null) type = type ? joint_type(*type, exprs[i].type) : exprs[i].type;
  }
  const Type result = type ? *type : exprs.back().type;
  for (Expr& expr : exprs)
    if (expr.is_null) expr.type = result;
  Bound out;
  if (exprs.size() == 1) {
    out.expr = std::move(exprs[0]);
    out.at = at;
  } else {
    SLUIS_ASSIGN(out, checked(make_expr(Op::kCase, result, std::move(exprs)), at));
  }
  marks.mark(out);
  return out;
}

Result<Bound> bind_coalesce(std::vector<Bound> args, Place at) {
  std::vector<Bound*> all;
  for (Bound& arg : args) all.push_back(&arg);
  SLUIS_TRY(unify(all, "COALESCE", at));
  std::vector<Expr> exprs;
  const Marks marks(all);
  for (Bound& arg : args) {
    if (arg.expr.is_null) continue;
    const bool last = !arg.expr.nullable;
    exprs.push_back(std::move(arg.expr));
    if (last) break;
  }
  if (exprs.empty()) exprs.push_back(std::move(args[0].expr));
  Bound out;
  out.at = at;
  if (exprs.size() == 1) {
    out.expr = std::move(exprs[0]);
  } else {
    Type type = exprs[0].type;
    for (const Expr& expr : exprs) type = joint_type(type, expr.type);
    SLUIS_ASSIGN(out, checked(make_expr(Op::kCoalesce, std::move(type), std::move(exprs)), at));
  }
  marks.mark(out);
  return out;
}

Result<Bound> bind_null_if(Bound a, Bound b, Place at) {
  Bound value = a;
  // PostgreSQL gives back the operand of its `=`: an integer becomes numeric beside one.
  if (is_typed(a) && is_typed(b) && is_number(a.expr.type) && is_numeric(b.expr.type))
    value.expr.type.held = relation::Held::kNumeric;
  SLUIS_ASSIGN(Bound equal, bind_comparison("=", std::move(a), std::move(b), at));
  std::vector<Bound> args = {std::move(equal), bind_null(at), std::move(value)};
  return bind_case(std::move(args), at);
}

Result<Bound> bind_extreme(bool greatest, std::vector<Bound> args, Place at) {
  const std::string name = greatest ? "GREATEST" : "LEAST";
  std::vector<Bound*> all;
  for (Bound& arg : args) all.push_back(&arg);
  SLUIS_TRY(unify(all, name, at));
  Bound best = args[0];
  for (size_t i = 1; i < args.size(); ++i) {
    const Type x = best.expr.type;
    const Type bounds = extreme_bounds(greatest, best.expr, args[i].expr);
    SLUIS_ASSIGN(Bound better, bind_comparison(greatest ? ">=" : "<=", best, args[i], at));
    SLUIS_ASSIGN(Bound missing, bind_null_test(Op::kIsNull, args[i], at));
    std::vector<Bound> either = {better, missing};
    if (!args[i].expr.nullable) either.pop_back();
    SLUIS_ASSIGN(Bound first, bind_logical(Op::kOr, std::move(either), at));
    const bool both = best.expr.nullable && args[i].expr.nullable;
    const Marks marks({&best, &args[i]});
    SLUIS_ASSIGN(best, bind_case({first, best, args[i]}, at));
    marks.mark(best);
    best.expr.nullable = both;
    if (best.expr.op == Op::kCase && x.kind != Kind::kCategory) best.expr.type = bounds;
  }
  return best;
}

}  // namespace sluis::sql
