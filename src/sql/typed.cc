#include "sql/typed.h"

#include <algorithm>

#include "base/check.h"
#include "relation/date.h"

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
  return make_expr(Op::kRecode, type, {std::move(expr)});
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
  const auto typed = std::find_if(all.begin(), all.end(), [](const Bound* b) { return is_typed(*b); });
  const bool text =
      std::any_of(all.begin(), all.end(), [](const Bound* b) { return b->literal.has_value(); });
  if (typed == all.end() && !text) return refusal("untyped_null", at);
  const Bound& first = typed == all.end() ? *all[0] : **typed;
  const Type like = typed == all.end() ? Type::category({""}) : first.expr.type;
  for (Bound* one : all)
    if (!is_typed(*one)) SLUIS_TRY(take_type(*one, like));
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

Result<Bound> bind_negate(Bound a, Place at) {
  if (!is_typed(a)) SLUIS_TRY(take_type(a, kNoType));
  if (a.expr.type.kind != Kind::kInteger) return types_error("-", a, a, at);
  SLUIS_ASSIGN(Type type, bounded(Kind::kInteger, -Wide{a.expr.type.hi}, -Wide{a.expr.type.lo}, "-", at));
  return checked(make_expr(Op::kNegate, std::move(type), {std::move(a.expr)}), at);
}

Result<Bound> bind_arithmetic(const std::string& op, Bound a, Bound b, Place at) {
  // PostgreSQL: an untyped operand takes the other one's type; DATE - 'text' is DATE - DATE.
  const Type other = is_typed(a) ? a.expr.type : is_typed(b) ? b.expr.type : kNoType;
  if (!is_typed(a)) SLUIS_TRY(take_type(a, other));
  if (!is_typed(b)) SLUIS_TRY(take_type(b, other));
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
  return checked(make_expr(code, std::move(type), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_shift(Bound date, int64_t months, int64_t days, Place at) {
  if (!is_typed(date)) SLUIS_TRY(take_type(date, Type::date()));
  if (date.expr.type.kind != Kind::kDate) return refusal("interval_use", at);
  if (months != 0) {
    const Type from = date.expr.type;
    const auto shifted = [&](int64_t day) { return relation::add_months(day, static_cast<int>(months)); };
    SLUIS_ASSIGN(Type type, bounded(Kind::kDate, shifted(from.lo), shifted(from.hi), "INTERVAL", at));
    Expr moved = make_expr(Op::kAddMonths, std::move(type), {std::move(date.expr)});
    moved.months = static_cast<int>(months);
    date.expr = folded(std::move(moved));
  }
  if (days != 0) {
    const Type from = date.expr.type;
    SLUIS_ASSIGN(Type type, bounded(Kind::kDate, Wide{from.lo} + days, Wide{from.hi} + days, "INTERVAL", at));
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
  SLUIS_TRY(unify({&a, &b}, op, at));
  return checked(make_expr(code, Type::boolean(), {std::move(a.expr), std::move(b.expr)}), at);
}

Result<Bound> bind_cast(const std::string& type, Bound a, Place at) {
  const Kind kind = type == "int"    ? Kind::kInteger
                    : type == "bool" ? Kind::kBoolean
                    : type == "date" ? Kind::kDate
                                     : Kind::kCategory;
  if (!is_typed(a)) {
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
  if (!is_typed(a) || a.expr.type.kind != Kind::kDate) return refusal("extract", at, {part});
  const Type from = a.expr.type;
  const bool year = part == "year";
  Type type =
      year ? Type::integer(relation::year_of(from.lo), relation::year_of(from.hi)) : Type::integer(1, 12);
  return checked(make_expr(year ? Op::kYear : Op::kMonth, std::move(type), {std::move(a.expr)}), at);
}
}  // namespace sluis::sql
