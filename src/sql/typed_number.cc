// PostgreSQL's rules for integer, bigint and numeric, with public bounds. A decimal's scale is PostgreSQL's
// display scale: + and - keep the larger, * adds them, CASE and its like keep each value's own (refused as
// mixed_scale where it would show). After opening the rules are applied to each value (figure.h), so nothing
// is refused there.
#include "sql/typed_number.h"

#include <algorithm>

#include "relation/date.h"
#include "relation/decimal.h"

namespace sluis::sql {

using relation::Held;
using relation::Kind;

namespace {

__extension__ typedef __int128 Wide;

struct Range {
  Wide lo, hi;
};

Wide power(int n) { return relation::power_of_ten(n); }

bool within(Range range) {
  constexpr Wide kLimit = Wide{1} << (kMaxBits - 1);
  return range.lo >= -kLimit && range.hi < kLimit;
}

Result<Type> bounded(Range range, int scale, Held held, const std::string& what, Place at) {
  if (!within(range)) return refusal("wide", at, {what, std::to_string(kMaxBits)});
  if (scale > relation::kMaxScale) return refusal("scale", at, {std::to_string(relation::kMaxScale)});
  return number_type(static_cast<int64_t>(range.lo), static_cast<int64_t>(range.hi), scale, held);
}

Range operator_range(const std::string& op, const Type& x, const Type& y) {
  if (op == "+") return {Wide{x.lo} + y.lo, Wide{x.hi} + y.hi};
  if (op == "-") return {Wide{x.lo} - y.hi, Wide{x.hi} - y.lo};
  const Wide corners[] = {Wide{x.lo} * y.lo, Wide{x.lo} * y.hi, Wide{x.hi} * y.lo, Wide{x.hi} * y.hi};
  return {*std::min_element(std::begin(corners), std::end(corners)),
          *std::max_element(std::begin(corners), std::end(corners))};
}

Op operator_code(const std::string& op) {
  return op == "+" ? Op::kAdd : op == "-" ? Op::kSubtract : Op::kMultiply;
}

// The number at another scale, bounds and all.
Result<Expr> at_scale(Expr expr, int scale, Place at) {
  const Type from = expr.type;
  if (from.scale == scale) return expr;
  if (scale > from.scale &&
      !within({from.lo * power(scale - from.scale), from.hi * power(scale - from.scale)}))
    return refusal("wide", at, {"CAST", std::to_string(kMaxBits)});
  const Type type = number_type(relation::rescaled(from.lo, from.scale, scale),
                                relation::rescaled(from.hi, from.scale, scale), scale, Held::kNumeric);
  if (expr.is_null) return null_expr(type);
  return folded(make_expr(Op::kRescale, type, {std::move(expr)}));
}

Expr as_numeric(Expr expr) {
  if (expr.type.kind == Kind::kNumeric) return expr;
  return make_expr(Op::kToNumeric, Type::numeric(), {std::move(expr)});
}

// Whether the operation is numeric's and happens after opening.
bool opened_numeric(const Bound& a, const Bound& b) {
  return (a.opened || b.opened) && (is_numeric(a.expr.type) || is_numeric(b.expr.type));
}

Result<Bound> opened_operator(Op op, Bound a, Bound b, Place at) {
  const bool comparison = op >= Op::kEqual && op <= Op::kGreaterEqual;
  SLUIS_ASSIGN(Bound out, checked(make_expr(op, comparison ? Type::boolean() : Type::numeric(),
                                            {as_numeric(std::move(a.expr)), as_numeric(std::move(b.expr))}),
                                  at));
  out.opened = true;
  return out;
}

// Untyped operands take the other one's type; without one they are integers.
Status take_types(Bound& a, Bound& b) {
  const Type other = is_typed(a) ? a.expr.type : is_typed(b) ? b.expr.type : Type::integer(0, 0);
  if (!is_typed(a)) SLUIS_TRY(take_type(a, other));
  if (!is_typed(b)) SLUIS_TRY(take_type(b, other));
  return {};
}

Result<Bound> number_arithmetic(const std::string& op, Bound a, Bound b, Place at) {
  if (opened_numeric(a, b)) return opened_operator(operator_code(op), std::move(a), std::move(b), at);
  int scale = a.expr.type.scale + b.expr.type.scale;
  if (op != "*") {
    scale = std::max(a.expr.type.scale, b.expr.type.scale);
    SLUIS_ASSIGN(a.expr, at_scale(std::move(a.expr), scale, at));
    SLUIS_ASSIGN(b.expr, at_scale(std::move(b.expr), scale, at));
  }
  const Type x = a.expr.type;
  const Type y = b.expr.type;
  SLUIS_ASSIGN(Type type, bounded(operator_range(op, x, y), scale, joint_held(x.held, y.held), op, at));
  const bool mixed = a.mixed_scale || b.mixed_scale;
  SLUIS_ASSIGN(
      Bound out,
      checked(make_expr(operator_code(op), std::move(type), {std::move(a.expr), std::move(b.expr)}), at));
  out.mixed_scale = mixed;
  return out;
}

Result<Bound> date_arithmetic(const std::string& op, Bound a, Bound b, Place at) {
  const bool integer_first =
      b.expr.type.kind == Kind::kDate && a.expr.type.kind == Kind::kInteger && op == "+";
  if (integer_first) std::swap(a.expr, b.expr);
  const Type x = a.expr.type;
  const Type y = b.expr.type;
  const bool days = y.kind == Kind::kDate && op == "-";
  const bool shift = y.kind == Kind::kInteger && y.held != Held::kNumeric && op != "*";
  if (x.kind != Kind::kDate || (!days && !shift)) return types_error(op, a, b, at);
  const Range range = operator_range(op, x, y);
  SLUIS_ASSIGN(Type type,
               days ? bounded(range, 0, Held::kInt, op, at)
                    : date_type(static_cast<int64_t>(range.lo), static_cast<int64_t>(range.hi), op, at));
  return checked(make_expr(operator_code(op), std::move(type), {std::move(a.expr), std::move(b.expr)}), at);
}

// Bounds of x / y and x % y, both truncated toward zero, for any y but 0.
Range quotient_range(const Type& x, const Type& y, bool modulo) {
  const Wide most_y = std::max(-Wide{y.lo}, Wide{y.hi});
  if (modulo) {
    const Wide most = std::max<Wide>(most_y - 1, 0);
    return {std::max(std::min<Wide>(x.lo, 0), -most), std::min(std::max<Wide>(x.hi, 0), most)};
  }
  if (y.lo == y.hi && y.lo != 0) {
    const Range ends{Wide{x.lo} / y.lo, Wide{x.hi} / y.lo};
    return {std::min(ends.lo, ends.hi), std::max(ends.lo, ends.hi)};
  }
  const Wide most = std::max(-Wide{x.lo}, Wide{x.hi});
  return {-most, most};
}

// Whether the quotient can be computed on shares, or why not.
Status check_divisor(const std::string& op, const Bound& a, const Bound& b, Place at) {
  const bool constant = b.expr.op == Op::kConstant;
  if (op == "/" && (is_numeric(a.expr.type) || is_numeric(b.expr.type)))
    return refusal("division_numeric", at);
  if (!constant) return refusal("division_secret", at, {op});
  if (!b.expr.is_null && b.expr.constant == 0) return refusal("division_zero", at);
  return {};
}

// `x <op> c` for a constant with more decimals than x: between two neighbours of x nothing equals c.
Expr compare_between(Op op, Expr x, Wide below) {
  const Type type = x.type;
  if (op == Op::kEqual || op == Op::kNotEqual) {  // never, or always unless NULL
    Expr lowest = constant_expr(type, type.lo);
    return make_expr(op == Op::kEqual ? Op::kLess : Op::kGreaterEqual, Type::boolean(),
                     {std::move(x), std::move(lowest)});
  }
  if (op == Op::kLess) op = Op::kLessEqual;
  if (op == Op::kGreaterEqual) op = Op::kGreater;
  const Wide clamped = std::clamp<Wide>(below, Wide{type.lo} - 1, Wide{type.hi} + 1);
  return make_expr(op, Type::boolean(), {std::move(x), constant_expr(type, static_cast<int64_t>(clamped))});
}

// A number against a constant of another scale, without touching the (secret) number.
Expr compare_with_constant(Op op, Expr x, const Expr& c) {
  const int finer = c.type.scale - x.type.scale;
  if (finer > 0) {
    const Wide unit = power(finer);
    Wide below = c.constant / unit;
    if (Wide{c.constant} < below * unit) --below;
    if (below * unit != c.constant) return compare_between(op, std::move(x), below);
    return compare_with_constant(op, std::move(x), constant_expr(x.type, static_cast<int64_t>(below)));
  }
  // Beyond x's own bounds any value outside says the same.
  const Type type = x.type;
  const Wide value = std::clamp<Wide>(c.constant * power(-finer), Wide{type.lo} - 1, Wide{type.hi} + 1);
  return make_expr(op, Type::boolean(), {std::move(x), constant_expr(type, static_cast<int64_t>(value))});
}

bool is_constant(const Expr& expr) { return expr.op == Op::kConstant && !expr.is_null; }

}  // namespace

Type number_type(int64_t lo, int64_t hi, int scale, Held held) {
  if (scale > 0) return Type::decimal(lo, hi, scale);
  Type type = Type::integer(lo, hi);
  type.held = held;
  return type;
}

Held joint_held(Held a, Held b) {
  if (a == Held::kNumeric || b == Held::kNumeric) return Held::kNumeric;
  return a == Held::kBigint || b == Held::kBigint ? Held::kBigint : Held::kInt;
}

Result<Type> date_type(int64_t lo, int64_t hi, const std::string& what, Place at) {
  static const int64_t kFirst = *relation::day_number(1, 1, 1);
  static const int64_t kLast = *relation::day_number(9999, 12, 31);
  if (lo < kFirst || hi > kLast) return refusal("date_range", at, {what});
  return Type::date(lo, hi);
}

Error types_error(const std::string& what, const Bound& a, const Bound& b, Place at) {
  const auto name = [](const Bound& x) -> std::string {
    return x.timestamp ? "timestamp" : relation::kind_name(x.expr.type.kind);
  };
  return refusal("types", at, {what, name(a), name(b)});
}

Status unify_numbers(const std::vector<Bound*>& all, Place at) {
  int most = 0;
  std::optional<int> first;
  bool mixed = false, numeric = false, opened = false;
  for (const Bound* one : all) {
    opened = opened || one->opened;
    numeric = numeric || is_numeric(one->expr.type);
    if (one->expr.is_null) continue;
    const int scale = one->expr.type.scale;
    most = std::max(most, scale);
    mixed = mixed || one->mixed_scale || (first && *first != scale);
    if (!first) first = scale;
  }
  if (opened && numeric) {
    for (Bound* one : all) one->expr = as_numeric(std::move(one->expr));
    return {};
  }
  for (Bound* one : all) {
    SLUIS_ASSIGN(one->expr, at_scale(std::move(one->expr), most, at));
    one->mixed_scale = mixed;
  }
  return {};
}

Result<Bound> bind_number_comparison(Op op, Bound a, Bound b, Place at) {
  if (opened_numeric(a, b)) return opened_operator(op, std::move(a), std::move(b), at);
  if (a.expr.type.scale != b.expr.type.scale) {
    if (is_constant(b.expr) && !is_constant(a.expr))
      return checked(compare_with_constant(op, std::move(a.expr), b.expr), at);
    if (is_constant(a.expr) && !is_constant(b.expr))
      return checked(compare_with_constant(mirrored(op), std::move(b.expr), a.expr), at);
  }
  SLUIS_TRY(unify_numbers({&a, &b}, at));
  return checked(make_expr(op, Type::boolean(), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_negate(Bound a, Place at) {
  if (!is_typed(a)) SLUIS_TRY(take_type(a, Type::integer(0, 0)));
  const Type x = a.expr.type;
  if (!is_number(x)) return types_error("-", a, a, at);
  if (a.opened && is_numeric(x)) {
    SLUIS_ASSIGN(Bound out,
                 checked(make_expr(Op::kNegate, Type::numeric(), {as_numeric(std::move(a.expr))}), at));
    out.opened = true;
    return out;
  }
  SLUIS_ASSIGN(Type type, bounded({-Wide{x.hi}, -Wide{x.lo}}, x.scale, x.held, "-", at));
  SLUIS_ASSIGN(Bound out, checked(make_expr(Op::kNegate, std::move(type), {std::move(a.expr)}), at));
  out.mixed_scale = a.mixed_scale;
  return out;
}

Result<Bound> bind_arithmetic(const std::string& op, Bound a, Bound b, Place at) {
  // DATE - 'text' is DATE - DATE.
  SLUIS_TRY(take_types(a, b));
  if (a.timestamp || b.timestamp) return refusal("timestamp", at);
  if (is_number(a.expr.type) && is_number(b.expr.type))
    return number_arithmetic(op, std::move(a), std::move(b), at);
  return date_arithmetic(op, std::move(a), std::move(b), at);
}

Result<Bound> bind_division(const std::string& op, Bound a, Bound b, Place at) {
  SLUIS_TRY(take_types(a, b));
  if (!is_number(a.expr.type) || !is_number(b.expr.type)) return types_error(op, a, b, at);
  const Op code = op == "/" ? Op::kDivide : Op::kModulo;
  if (opened_numeric(a, b)) return opened_operator(code, std::move(a), std::move(b), at);
  if (!a.opened && !b.opened) SLUIS_TRY(check_divisor(op, a, b, at));
  const int scale = std::max(a.expr.type.scale, b.expr.type.scale);
  SLUIS_ASSIGN(a.expr, at_scale(std::move(a.expr), scale, at));
  SLUIS_ASSIGN(b.expr, at_scale(std::move(b.expr), scale, at));
  const Type x = a.expr.type;
  const Type y = b.expr.type;
  SLUIS_ASSIGN(Type type,
               bounded(quotient_range(x, y, code == Op::kModulo), scale, joint_held(x.held, y.held), op, at));
  if (b.expr.is_null) {
    Bound out = std::move(a);
    out.expr = null_expr(std::move(type));
    return out;
  }
  const bool mixed = a.mixed_scale || b.mixed_scale;
  const bool zero = b.expr.op == Op::kConstant && b.expr.constant == 0;
  if (zero) return refusal("division_zero", at);
  SLUIS_ASSIGN(Bound out,
               checked(make_expr(code, std::move(type), {std::move(a.expr), std::move(b.expr)}), at));
  out.mixed_scale = mixed;
  return out;
}

Result<Bound> bind_integer_cast(Held held, Bound a, Place at) {
  const Type from = a.expr.type;
  const bool numeric = a.opened && is_numeric(from);
  if (!numeric) {
    SLUIS_ASSIGN(a.expr, at_scale(std::move(a.expr), 0, at));
    a.expr.type.held = held;
    a.mixed_scale = false;
    return a;
  }
  // What PostgreSQL's type holds, or what is known: a value outside is an error when it is computed.
  Type type = held == Held::kInt
                  ? Type::integer(INT32_MIN, INT32_MAX)
                  : Type::integer(-(int64_t{1} << (kMaxBits - 1)), (int64_t{1} << (kMaxBits - 1)) - 1);
  if (from.kind != Kind::kNumeric) {
    type.lo = std::max(type.lo, relation::rescaled(from.lo, from.scale, 0));
    type.hi = std::min(type.hi, relation::rescaled(from.hi, from.scale, 0));
    if (type.lo > type.hi) return refusal("wide", at, {"CAST", std::to_string(kMaxBits)});
  }
  type.held = held;
  SLUIS_ASSIGN(Bound out,
               checked(make_expr(Op::kRescale, std::move(type), {as_numeric(std::move(a.expr))}), at));
  out.opened = true;
  return out;
}

Result<Bound> bind_decimal_cast(int scale, Bound a, Place at) {
  Type any = Type::integer(0, 0);
  any.held = Held::kNumeric;
  if (!is_typed(a)) SLUIS_TRY(take_type(a, any));
  if (!is_number(a.expr.type))
    return refusal("cast", at, {relation::kind_name(a.expr.type.kind), relation::kind_name(Kind::kDecimal)});
  a.at = at;
  if (a.opened && scale >= 0) return bind_round(std::move(a), scale, true, at);
  if (scale >= 0) {
    SLUIS_ASSIGN(a.expr, at_scale(std::move(a.expr), scale, at));
    a.mixed_scale = false;
  }
  if (a.expr.type.kind == Kind::kInteger) a.expr.type.held = Held::kNumeric;
  return a;
}

Result<Bound> bind_round(Bound a, int decimals, bool given, Place at) {
  if (!is_typed(a)) return refusal("round_integer", at);
  if (!is_number(a.expr.type)) return types_error("ROUND", a, a, at);
  if (!given && !is_numeric(a.expr.type))
    return refusal("round_integer", at);  // double precision in PostgreSQL
  if (!a.opened) {
    if (decimals < 0) return refusal("round", at, {std::to_string(relation::kMaxScale)});
    return bind_decimal_cast(decimals, std::move(a), at);
  }
  Expr rounded = make_expr(Op::kRound, Type::numeric(), {as_numeric(std::move(a.expr))});
  rounded.months = decimals;
  SLUIS_ASSIGN(Bound out, checked(std::move(rounded), at));
  out.opened = true;
  return out;
}

}  // namespace sluis::sql
