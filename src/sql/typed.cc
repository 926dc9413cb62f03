#include "sql/typed.h"

#include <algorithm>

#include "base/check.h"
#include "relation/date.h"
#include "relation/decimal.h"
#include "sql/typed_number.h"

namespace sluis::sql {

using relation::Held;
using relation::Kind;

namespace {

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

}  // namespace

Status take_type(Bound& a, const Type& type) {
  if (a.untyped_null) {
    a.expr = null_expr(type);
    a.untyped_null = false;
    return {};
  }
  const std::string text = *a.literal;
  if (is_numeric(type)) {
    const std::optional<relation::Decimal> number = relation::parse_decimal(text);
    if (!number || number->scale > relation::kMaxScale)
      return refusal("literal", a.at, {text, relation::kind_name(Kind::kDecimal)});
    a.expr = bind_decimal(number->value, number->scale, a.at).expr;
    a.literal.reset();
    return {};
  }
  std::optional<int64_t> value;
  if (type.kind == Kind::kInteger && type.held != Held::kNumeric) value = parse_integer(text);
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

namespace {

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
  return make_expr(Op::kRecode, type, {std::move(expr)});
}

}  // namespace

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

namespace {

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
  return make_expr(op, Type::boolean(), {std::move(column), std::move(constant)});
}

}  // namespace

Result<Bound> checked(Expr expr, Place at) {
  if (expr_size(expr) > kMaxExprNodes) return refusal("size", at, {std::to_string(kMaxExprNodes)});
  Bound out;
  out.expr = folded(std::move(expr));
  out.at = at;
  return out;
}

// ---- leaves

namespace {

Bound leaf(Expr expr, Place at) {
  Bound out;
  out.expr = std::move(expr);
  out.at = at;
  return out;
}

}  // namespace

Bound bind_integer(int64_t value, Place at) {
  Type type = Type::integer(value, value);
  if (value >= INT32_MIN && value <= INT32_MAX) type.held = Held::kInt;
  return leaf(constant_expr(std::move(type), value), at);
}
Bound bind_decimal(int64_t value, int scale, Place at) {
  return leaf(constant_expr(number_type(value, value, scale, Held::kNumeric), value), at);
}
Bound bind_boolean(bool value, Place at) { return leaf(constant_expr(Type::boolean(), value ? 1 : 0), at); }
Bound bind_literal(std::string text, Place at) {
  Bound out = leaf(constant_expr(Type::category({text}), 0), at);
  out.literal = std::move(text);
  return out;
}
Bound bind_null(Place at) {
  Bound out = leaf(null_expr(Type::integer(0, 0)), at);
  out.untyped_null = true;
  return out;
}

// ---- types

Type joint_type(const Type& a, const Type& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.domain == b.domain && a.scale == b.scale);
  Type out = a;
  out.held = joint_held(a.held, b.held);
  out.lo = std::min(a.lo, b.lo);
  out.hi = std::max(a.hi, b.hi);
  return out;
}

Status unify(std::vector<Bound*> all, const std::string& what, Place at) {
  const auto typed = std::find_if(all.begin(), all.end(), [](const Bound* b) { return is_typed(*b); });
  const bool text =
      std::any_of(all.begin(), all.end(), [](const Bound* b) { return b->literal.has_value(); });
  if (typed == all.end() && !text) return refusal("untyped_null", at);
  const Bound& first = typed == all.end() ? *all[0] : **typed;
  const Type like = typed == all.end() ? Type::category({""}) : first.expr.type;
  for (Bound* one : all)
    if (!is_typed(*one)) SLUIS_TRY(take_type(*one, like));
  if (std::all_of(all.begin(), all.end(), [](const Bound* b) { return is_number(b->expr.type); }))
    return unify_numbers(all, at);
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
  if (!is_typed(a)) SLUIS_TRY(take_type(a, Type::boolean()));
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

Result<Bound> bind_shift(Bound date, int64_t months, int64_t days, Place at) {
  if (!is_typed(date)) SLUIS_TRY(take_type(date, Type::date()));
  if (date.expr.type.kind != Kind::kDate) return refusal("interval_use", at);
  if (months != 0) {
    const Type from = date.expr.type;
    const auto shifted = [&](int64_t day) { return relation::add_months(day, static_cast<int>(months)); };
    SLUIS_ASSIGN(Type type, date_type(shifted(from.lo), shifted(from.hi), "INTERVAL", at));
    Expr moved = make_expr(Op::kAddMonths, std::move(type), {std::move(date.expr)});
    moved.months = static_cast<int>(months);
    date.expr = folded(std::move(moved));
  }
  if (days != 0) {
    const Type from = date.expr.type;
    SLUIS_ASSIGN(Type type, date_type(from.lo + days, from.hi + days, "INTERVAL", at));
    date.expr = folded(make_expr(Op::kAdd, std::move(type),
                                 {std::move(date.expr), constant_expr(Type::integer(days, days), days)}));
  }
  SLUIS_ASSIGN(Bound out, checked(std::move(date.expr), at));
  out.timestamp = true;
  return out;
}

Result<Bound> bind_comparison(const std::string& op, Bound a, Bound b, Place at, bool closed) {
  Op code = comparison_op(op);
  if (is_typed(b) && a.literal) {
    std::swap(a, b);
    code = mirrored(code);
  }
  const bool constant = b.literal || (is_typed(b) && b.expr.op == Op::kConstant && !b.expr.is_null);
  if (is_typed(a) && a.expr.type.kind == Kind::kCategory && a.expr.op != Op::kConstant && constant &&
      (b.literal || b.expr.type.kind == Kind::kCategory)) {
    const std::string text =
        b.literal ? *b.literal : b.expr.type.domain[static_cast<size_t>(b.expr.constant)];
    if (closed && a.expr.type.code(text) < 0) return refusal("unknown_value", b.at, {text});
    return checked(compare_category(code, std::move(a.expr), text), at);
  }
  if (is_typed(a) && is_typed(b) && is_number(a.expr.type) && is_number(b.expr.type))
    return bind_number_comparison(code, std::move(a), std::move(b), at);
  SLUIS_TRY(unify({&a, &b}, op, at));
  return checked(make_expr(code, Type::boolean(), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_cast(const std::string& type, Bound a, Place at) {
  const Held held = type == "int" ? Held::kInt : Held::kBigint;
  const Kind kind = type == "int" || type == "bigint" ? Kind::kInteger
                    : type == "bool"                  ? Kind::kBoolean
                    : type == "date"                  ? Kind::kDate
                                                      : Kind::kCategory;
  if (!is_typed(a)) {
    SLUIS_TRY(take_type(
        a, kind == Kind::kCategory ? Type::category({""}) : Type{kind, 0, kind == Kind::kBoolean, {}}));
    a.expr.type.held = held;
    return a;
  }
  a.at = at;
  if (kind == Kind::kInteger && is_number(a.expr.type)) return bind_integer_cast(held, std::move(a), at);
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
    SLUIS_ASSIGN(Bound out, bind_case(std::move(args), at));
    out.expr.type.held = held;
    return out;
  }
  return refusal("cast", at, {relation::kind_name(a.expr.type.kind), relation::kind_name(kind)});
}

Result<Bound> bind_extract(const std::string& part, Bound a, Place at) {
  if (!is_typed(a) || a.expr.type.kind != Kind::kDate) return refusal("extract", at, {part});
  const Type from = a.expr.type;
  Op op = Op::kYear;
  Type type = Type::integer(relation::year_of(from.lo), relation::year_of(from.hi));
  if (part == "month") op = Op::kMonth, type = Type::integer(1, 12);
  if (part == "quarter") op = Op::kQuarter, type = Type::integer(1, 4);
  if (part == "dow") op = Op::kDayOfWeek, type = Type::integer(0, 6);
  if (part == "isodow") op = Op::kIsoDayOfWeek, type = Type::integer(1, 7);
  type.held = Held::kNumeric;
  return checked(make_expr(op, std::move(type), {std::move(a.expr)}), at);
}

Result<Bound> bind_age(Bound a, Bound b, Place at) {
  for (Bound* one : {&a, &b}) {
    if (!is_typed(*one)) SLUIS_TRY(take_type(*one, Type::date()));
    if (one->expr.type.kind != Kind::kDate) return refusal("age", at);
  }
  Type type = Type::integer(relation::age_years(a.expr.type.lo, b.expr.type.hi),
                            relation::age_years(a.expr.type.hi, b.expr.type.lo));
  type.held = Held::kNumeric;
  return checked(make_expr(Op::kAge, std::move(type), {std::move(a.expr), std::move(b.expr)}), at);
}

Status check_printable(const Bound& a, Place at) {
  if (a.timestamp) return refusal("timestamp_output", at);
  if (a.mixed_scale) return refusal("mixed_scale", at);
  return {};
}

}  // namespace sluis::sql
