#include "sql/typed.h"

#include <algorithm>

#include "relation/date.h"
#include "sql/evaluate.h"

namespace sluis::sql {
namespace {

using relation::Kind;

__extension__ typedef __int128 Wide;

const Type kNoType = Type::integer(0, 0);

Error types_error(const std::string& what, const Bound& a, const Bound& b, Place at) {
  const auto name = [](const Bound& x) -> std::string {
    return x.timestamp ? "timestamp" : relation::kind_name(x.expr.type.kind);
  };
  return refusal("types", at, {what, name(a), name(b)});
}

// Constant arguments are computed now: the plan says DATE '2022-01-01', not DATE '2023-01-01' - 12 months.
Expr folded(Expr expr) {
  const auto constant = [](const Expr& arg) { return arg.op == Op::kConstant; };
  if (expr.args.empty() || !std::all_of(expr.args.begin(), expr.args.end(), constant)) return expr;
  const Cell value = evaluate_expr(expr, std::span<const Cell>{});
  Expr out = value ? constant_expr(expr.type, *value) : null_expr(expr.type);
  if (value && (expr.type.kind == Kind::kInteger || expr.type.kind == Kind::kDate))
    out.type.lo = out.type.hi = *value;
  return out;
}

Result<Bound> finish(Expr expr, Place at) {
  if (expr_size(expr) > kMaxExprNodes) return refusal("size", at, {std::to_string(kMaxExprNodes)});
  Bound out;
  out.expr = folded(std::move(expr));
  out.at = at;
  return out;
}

Expr node(Op op, Type type, bool nullable, std::vector<Expr> args) {
  Expr out;
  out.op = op;
  out.type = std::move(type);
  out.nullable = nullable;
  out.args = std::move(args);
  return out;
}

bool any_nullable(const std::vector<Expr>& args) {
  return std::any_of(args.begin(), args.end(), [](const Expr& arg) { return arg.nullable; });
}

Expr strict(Op op, Type type, std::vector<Expr> args) {
  const bool nullable = any_nullable(args);
  return node(op, std::move(type), nullable, std::move(args));
}

bool plain(const Bound& a) { return !a.literal && !a.untyped_null; }

// ---- bounds

Result<Type> bounded(Kind kind, Wide lo, Wide hi, const std::string& what, Place at) {
  constexpr Wide kLimit = Wide{1} << (kMaxBits - 1);
  if (lo < -kLimit || hi >= kLimit) return refusal("wide", at, {what, std::to_string(kMaxBits)});
  if (kind == Kind::kDate) {
    static const int64_t kFirst = *relation::day_number(1, 1, 1);
    static const int64_t kLast = *relation::day_number(9999, 12, 31);
    if (lo < kFirst || hi > kLast) return refusal("date_range", at, {what});
    return Type::date(static_cast<int64_t>(lo), static_cast<int64_t>(hi));
  }
  return Type::integer(static_cast<int64_t>(lo), static_cast<int64_t>(hi));
}

// ---- literals

std::optional<int64_t> parse_integer(const std::string& text) {
  const size_t digits = text.find_first_not_of("+-") == std::string::npos ? 0 : text.find_first_not_of("+-");
  if (digits > 1 || digits == text.size() || text.size() - digits > 18) return std::nullopt;
  int64_t value = 0;
  for (size_t i = digits; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = 10 * value + (text[i] - '0');
  }
  return text[0] == '-' ? -value : value;
}

std::optional<int64_t> parse_boolean(const std::string& text) {
  if (text == "t" || text == "true" || text == "1" || text == "yes" || text == "on") return 1;
  if (text == "f" || text == "false" || text == "0" || text == "no" || text == "off") return 0;
  return std::nullopt;
}

// An untyped literal or NULL as a value of `type`'s kind.
Status take_type(Bound& a, const Type& type) {
  if (a.untyped_null) {
    a.expr = null_expr(type);
    a.untyped_null = false;
    return {};
  }
  const std::string text = *a.literal;
  std::optional<int64_t> value;
  if (type.kind == Kind::kInteger) value = parse_integer(text);
  if (type.kind == Kind::kBoolean) value = parse_boolean(text);
  if (type.kind == Kind::kDate) value = relation::parse_iso_date(text);
  if (type.kind == Kind::kCategory) {
    a.expr = constant_expr(Type::category({text}), 0);
  } else if (!value || (type.kind == Kind::kDate && text.substr(0, 4) == "0000")) {
    return refusal("literal", a.at, {text, relation::kind_name(type.kind)});
  } else {
    const Type exact{type.kind, *value, *value, {}};
    a.expr = constant_expr(type.kind == Kind::kBoolean ? Type::boolean() : exact, *value);
  }
  a.literal.reset();
  return {};
}

// ---- categories

Result<Type> joint_domain(const std::vector<Bound*>& all, Place at) {
  std::vector<std::string> domain;
  for (const Bound* one : all)
    domain.insert(domain.end(), one->expr.type.domain.begin(), one->expr.type.domain.end());
  Type type = Type::category(std::move(domain));
  if (type.domain.size() > kMaxDomain) return refusal("domain", at, {std::to_string(kMaxDomain)});
  return type;
}

Expr recoded(Expr expr, const Type& type) {
  if (expr.type == type) return expr;
  if (expr.op == Op::kConstant) {
    if (!expr.is_null) expr.constant = type.code(expr.type.domain[static_cast<size_t>(expr.constant)]);
    expr.type = type;
    return expr;
  }
  return strict(Op::kRecode, type, {std::move(expr)});
}

Op mirrored(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

Op comparison_op(const std::string& op) {
  if (op == "=") return Op::kEqual;
  if (op == "<>") return Op::kNotEqual;
  if (op == "<") return Op::kLess;
  if (op == "<=") return Op::kLessEqual;
  if (op == ">") return Op::kGreater;
  return Op::kGreaterEqual;
}

// A category against a text: a comparison of codes, without recoding the column. A text that is not in the
// domain falls between two codes: the comparison becomes one with the code after it (or with code 0, which
// every value reaches), so that NULL stays NULL.
Expr compare_category(Op op, Expr column, const std::string& text) {
  const std::vector<std::string>& domain = column.type.domain;
  const auto after = std::lower_bound(domain.begin(), domain.end(), text);
  int64_t code = after - domain.begin();
  const bool present = after != domain.end() && *after == text;
  if (!present) {
    const bool never =
        op == Op::kEqual || ((op == Op::kGreater || op == Op::kGreaterEqual) && after == domain.end());
    const bool always =
        op == Op::kNotEqual || ((op == Op::kLess || op == Op::kLessEqual) && after == domain.end());
    if (op == Op::kLessEqual) op = Op::kLess;
    if (op == Op::kGreater) op = Op::kGreaterEqual;
    if (never || always) {
      op = never ? Op::kLess : Op::kGreaterEqual;
      code = 0;
    }
  }
  Expr constant = constant_expr(column.type, code);
  return strict(op, Type::boolean(), {std::move(column), std::move(constant)});
}

}  // namespace

// ---- leaves

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

Bound bind_integer(int64_t value, Place at) {
  return {constant_expr(Type::integer(value, value), value), at, {}, false, false};
}
Bound bind_boolean(bool value, Place at) {
  return {constant_expr(Type::boolean(), value ? 1 : 0), at, {}, false, false};
}
Bound bind_literal(std::string text, Place at) {
  Expr expr = constant_expr(Type::category({text}), 0);
  return {std::move(expr), at, std::move(text), false, false};
}
Bound bind_null(Place at) { return {null_expr(kNoType), at, {}, true, false}; }

// ---- types

Type joint_type(const Type& a, const Type& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.domain == b.domain);
  Type out = a;
  out.lo = std::min(a.lo, b.lo);
  out.hi = std::max(a.hi, b.hi);
  return out;
}

Status unify(std::vector<Bound*> all, const std::string& what, Place at) {
  const auto typed = std::find_if(all.begin(), all.end(), [](const Bound* b) { return plain(*b); });
  const bool text =
      std::any_of(all.begin(), all.end(), [](const Bound* b) { return b->literal.has_value(); });
  if (typed == all.end() && !text) return refusal("untyped_null", at);
  const Bound& first = typed == all.end() ? *all[0] : **typed;
  const Type like = typed == all.end() ? Type::category({""}) : first.expr.type;
  for (Bound* one : all)
    if (!plain(*one)) SLUIS_TRY(take_type(*one, like));
  for (Bound* one : all)
    if (one->expr.type.kind != like.kind) return types_error(what, first, *one, at);
  if (like.kind != Kind::kCategory) return {};
  std::vector<Bound*> values;  // a NULL that took its type from another adds nothing to the domain
  for (Bound* one : all)
    if (!one->expr.is_null) values.push_back(one);
  SLUIS_ASSIGN(const Type domain, joint_domain(values.empty() ? all : values, at));
  for (Bound* one : all) one->expr = recoded(std::move(one->expr), domain);
  return {};
}

Result<Bound> as_boolean(Bound a, const std::string& what) {
  if (!plain(a)) SLUIS_TRY(take_type(a, Type::boolean()));
  if (a.expr.type.kind != Kind::kBoolean)
    return refusal("boolean", a.at, {what, relation::kind_name(a.expr.type.kind)});
  return a;
}

Result<Bound> as_value(Bound a) {
  if (a.untyped_null) return refusal("untyped_null", a.at);
  a.literal.reset();
  return a;
}

// ---- operators

Result<Bound> bind_negate(Bound a, Place at) {
  if (!plain(a)) SLUIS_TRY(take_type(a, kNoType));
  if (a.expr.type.kind != Kind::kInteger) return types_error("-", a, a, at);
  SLUIS_ASSIGN(Type type, bounded(Kind::kInteger, -Wide{a.expr.type.hi}, -Wide{a.expr.type.lo}, "-", at));
  return finish(strict(Op::kNegate, std::move(type), {std::move(a.expr)}), at);
}

Result<Bound> bind_arithmetic(const std::string& op, Bound a, Bound b, Place at) {
  // PostgreSQL: an untyped operand takes the other one's type; DATE - 'text' is DATE - DATE.
  const Type other = plain(a) ? a.expr.type : plain(b) ? b.expr.type : kNoType;
  if (!plain(a)) SLUIS_TRY(take_type(a, other));
  if (!plain(b)) SLUIS_TRY(take_type(b, other));
  if (a.timestamp || b.timestamp) return refusal("timestamp", at);
  const Type x = a.expr.type;
  const Type y = b.expr.type;
  const bool integers = x.kind == Kind::kInteger && y.kind == Kind::kInteger;
  const bool date_integer = x.kind == Kind::kDate && y.kind == Kind::kInteger && op != "*";
  const bool integer_date = x.kind == Kind::kInteger && y.kind == Kind::kDate && op == "+";
  const bool dates = x.kind == Kind::kDate && y.kind == Kind::kDate && op == "-";
  if (!integers && !date_integer && !integer_date && !dates) return types_error(op, a, b, at);
  if (integer_date) std::swap(a.expr, b.expr);
  const Kind kind = date_integer || integer_date ? Kind::kDate : Kind::kInteger;
  Wide lo = Wide{x.lo} + y.lo;
  Wide hi = Wide{x.hi} + y.hi;
  if (op == "-") lo = Wide{x.lo} - y.hi, hi = Wide{x.hi} - y.lo;
  if (op == "*") {
    const Wide corners[] = {Wide{x.lo} * y.lo, Wide{x.lo} * y.hi, Wide{x.hi} * y.lo, Wide{x.hi} * y.hi};
    lo = *std::min_element(std::begin(corners), std::end(corners));
    hi = *std::max_element(std::begin(corners), std::end(corners));
  }
  SLUIS_ASSIGN(Type type, bounded(kind, lo, hi, op, at));
  const Op code = op == "+" ? Op::kAdd : op == "-" ? Op::kSubtract : Op::kMultiply;
  return finish(strict(code, std::move(type), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_shift(Bound date, int64_t months, int64_t days, Place at) {
  if (!plain(date)) SLUIS_TRY(take_type(date, Type::date()));
  if (date.expr.type.kind != Kind::kDate) return refusal("interval_use", at);
  if (months != 0) {
    const Type from = date.expr.type;
    const auto shifted = [&](int64_t day) { return relation::add_months(day, static_cast<int>(months)); };
    SLUIS_ASSIGN(Type type, bounded(Kind::kDate, shifted(from.lo), shifted(from.hi), "INTERVAL", at));
    Expr moved = strict(Op::kAddMonths, std::move(type), {std::move(date.expr)});
    moved.months = static_cast<int>(months);
    date.expr = folded(std::move(moved));
  }
  if (days != 0) {
    const Type from = date.expr.type;
    SLUIS_ASSIGN(Type type, bounded(Kind::kDate, Wide{from.lo} + days, Wide{from.hi} + days, "INTERVAL", at));
    date.expr = folded(strict(Op::kAdd, std::move(type),
                              {std::move(date.expr), constant_expr(Type::integer(days, days), days)}));
  }
  SLUIS_ASSIGN(Bound out, finish(std::move(date.expr), at));
  out.timestamp = true;
  return out;
}

Result<Bound> bind_comparison(const std::string& op, Bound a, Bound b, Place at, bool closed) {
  Op code = comparison_op(op);
  if (plain(b) && a.literal) {
    std::swap(a, b);
    code = mirrored(code);
  }
  const bool constant = b.literal || (plain(b) && b.expr.op == Op::kConstant && !b.expr.is_null);
  if (plain(a) && a.expr.type.kind == Kind::kCategory && a.expr.op != Op::kConstant && constant &&
      (b.literal || b.expr.type.kind == Kind::kCategory)) {
    const std::string text =
        b.literal ? *b.literal : b.expr.type.domain[static_cast<size_t>(b.expr.constant)];
    if (closed && a.expr.type.code(text) < 0) return refusal("unknown_value", b.at, {text});
    return finish(compare_category(code, std::move(a.expr), text), at);
  }
  SLUIS_TRY(unify({&a, &b}, op, at));
  return finish(strict(code, Type::boolean(), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_logical(Op op, std::vector<Bound> args, Place at) {
  const std::string name = op == Op::kAnd ? "AND" : op == Op::kOr ? "OR" : "NOT";
  std::vector<Expr> exprs;
  for (Bound& arg : args) {
    SLUIS_ASSIGN(Bound value, as_boolean(std::move(arg), name));
    exprs.push_back(std::move(value.expr));
  }
  if (op == Op::kNot) return finish(strict(op, Type::boolean(), std::move(exprs)), at);
  while (exprs.size() > 1) {  // balanced: depth is rounds
    std::vector<Expr> next;
    for (size_t i = 0; i + 1 < exprs.size(); i += 2)
      next.push_back(folded(strict(op, Type::boolean(), {std::move(exprs[i]), std::move(exprs[i + 1])})));
    if (exprs.size() % 2 == 1) next.push_back(std::move(exprs.back()));
    exprs = std::move(next);
  }
  return finish(std::move(exprs[0]), at);
}

Result<Bound> bind_null_test(Op op, Bound a, Place at) {
  if (!a.expr.nullable) return bind_boolean(op == Op::kIsNotNull, at);
  return finish(node(op, Type::boolean(), false, {std::move(a.expr)}), at);
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
  bool timestamp = false;
  for (size_t i = 0; i + 1 < args.size(); i += 2) {
    const Expr& when = args[i].expr;
    const bool known = when.op == Op::kConstant;
    if (known && (when.is_null || when.constant == 0)) continue;
    timestamp = timestamp || args[i + 1].timestamp;
    if (known) {
      exprs.push_back(std::move(args[i + 1].expr));
      break;
    }
    exprs.push_back(std::move(args[i].expr));
    exprs.push_back(std::move(args[i + 1].expr));
  }
  if (exprs.size() % 2 == 0) {
    timestamp = timestamp || args.back().timestamp;
    exprs.push_back(std::move(args.back().expr));
  }
  std::optional<Type> type;
  bool nullable = false;
  for (size_t i = 0; i < exprs.size(); ++i) {
    if (i % 2 == 0 && i + 1 < exprs.size()) continue;
    nullable = nullable || exprs[i].nullable;
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
    SLUIS_ASSIGN(out, finish(node(Op::kCase, result, nullable, std::move(exprs)), at));
  }
  out.timestamp = timestamp;
  return out;
}

Result<Bound> bind_coalesce(std::vector<Bound> args, Place at) {
  std::vector<Bound*> all;
  for (Bound& arg : args) all.push_back(&arg);
  SLUIS_TRY(unify(all, "COALESCE", at));
  std::vector<Expr> exprs;
  bool timestamp = false;
  for (Bound& arg : args) {
    if (arg.expr.is_null) continue;
    timestamp = timestamp || arg.timestamp;
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
    const bool nullable = exprs.back().nullable;
    SLUIS_ASSIGN(out, finish(node(Op::kCoalesce, std::move(type), nullable, std::move(exprs)), at));
  }
  out.timestamp = timestamp;
  return out;
}

Result<Bound> bind_null_if(Bound a, Bound b, Place at) {
  Bound value = a;
  SLUIS_ASSIGN(Bound equal, bind_comparison("=", std::move(a), std::move(b), at));
  std::vector<Bound> args = {std::move(equal), bind_null(at), std::move(value)};
  return bind_case(std::move(args), at);
}

// LEAST is at most what any argument that is never NULL is at most.
static Type extreme_bounds(bool greatest, const Expr& a, const Expr& b) {
  Type out = joint_type(a.type, b.type);
  for (const Expr* one : {&a, &b}) {
    if (one->nullable) continue;
    if (greatest) out.lo = std::max(out.lo, one->type.lo);
    if (!greatest) out.hi = std::min(out.hi, one->type.hi);
  }
  return out;
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
    const bool timestamp = best.timestamp || args[i].timestamp;
    SLUIS_ASSIGN(best, bind_case({first, best, args[i]}, at));
    best.timestamp = timestamp;
    best.expr.nullable = both;
    if (best.expr.op == Op::kCase && x.kind != Kind::kCategory) best.expr.type = bounds;
  }
  return best;
}

Result<Bound> bind_cast(const std::string& type, Bound a, Place at) {
  const Kind kind = type == "int"    ? Kind::kInteger
                    : type == "bool" ? Kind::kBoolean
                    : type == "date" ? Kind::kDate
                                     : Kind::kCategory;
  if (!plain(a)) {
    SLUIS_TRY(take_type(
        a, kind == Kind::kCategory ? Type::category({""}) : Type{kind, 0, kind == Kind::kBoolean, {}}));
    return a;
  }
  a.at = at;
  if (a.expr.type.kind == kind) {
    a.timestamp = false;
    return a;
  }
  if (kind == Kind::kBoolean && a.expr.type.kind == Kind::kInteger)
    return bind_comparison("<>", std::move(a), bind_integer(0, at), at);
  if (kind == Kind::kInteger && a.expr.type.kind == Kind::kBoolean) {
    SLUIS_ASSIGN(Bound missing, bind_null_test(Op::kIsNull, a, at));
    std::vector<Bound> args = {missing, bind_null(at), std::move(a), bind_integer(1, at),
                               bind_integer(0, at)};
    return bind_case(std::move(args), at);
  }
  return refusal("cast", at, {relation::kind_name(a.expr.type.kind), relation::kind_name(kind)});
}

Result<Bound> bind_extract(const std::string& part, Bound a, Place at) {
  if (!plain(a) || a.expr.type.kind != Kind::kDate) return refusal("extract", at, {part});
  const Type from = a.expr.type;
  const bool year = part == "year";
  Type type =
      year ? Type::integer(relation::year_of(from.lo), relation::year_of(from.hi)) : Type::integer(1, 12);
  return finish(strict(year ? Op::kYear : Op::kMonth, std::move(type), {std::move(a.expr)}), at);
}

// ---- reading expressions

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
      return any_nullable(expr.args);
  }
}

size_t expr_size(const Expr& expr) {
  size_t size = 1;
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
          strict(Op::kAnd, Type::boolean(), {std::move(conjuncts[i]), std::move(conjuncts[i + 1])}));
    if (conjuncts.size() % 2 == 1) next.push_back(std::move(conjuncts.back()));
    conjuncts = std::move(next);
  }
  return std::move(conjuncts[0]);
}

}  // namespace sluis::sql
