#include "base/check.h"
#include "relation/date.h"
#include "relation/decimal.h"
#include "sql/evaluate.h"

namespace sluis::sql {
namespace {

using Column = std::function<Cell(int)>;

Cell evaluate(const Expr& e, const Column& column);

Cell compare(Op op, int64_t a, int64_t b) {
  switch (op) {
    case Op::kEqual:
      return a == b;
    case Op::kNotEqual:
      return a != b;
    case Op::kLess:
      return a < b;
    case Op::kLessEqual:
      return a <= b;
    case Op::kGreater:
      return a > b;
    default:
      return a >= b;
  }
}

// Three-valued: `decisive` (0 for AND, 1 for OR) wins over NULL.
Cell logical(const Expr& e, const Column& column, int64_t decisive) {
  bool null = false;
  for (const Expr& arg : e.args) {
    const Cell value = evaluate(arg, column);
    if (!value) null = true;
    if (value == decisive) return decisive;
  }
  if (null) return std::nullopt;
  return 1 - decisive;
}

Cell choose(const Expr& e, const Column& column) {
  for (size_t i = 0; i + 1 < e.args.size(); i += 2)
    if (evaluate(e.args[i], column).value_or(0) != 0) return evaluate(e.args[i + 1], column);
  return evaluate(e.args.back(), column);
}

Cell unary(const Expr& e, int64_t a) {
  switch (e.op) {
    case Op::kNegate:
      return -a;
    case Op::kNot:
      return 1 - a;
    case Op::kAddMonths:
      return relation::add_months(a, e.months);
    case Op::kYear:
      return relation::year_of(a);
    case Op::kMonth:
      return relation::month_of(a);
    case Op::kQuarter:
      return relation::quarter_of(a);
    case Op::kDayOfWeek:
      return relation::day_of_week(a);
    case Op::kIsoDayOfWeek:
      return relation::iso_day_of_week(a);
    case Op::kRescale:
      return relation::rescaled(a, e.args[0].type.scale, e.type.scale);
    case Op::kRecode: {
      const int64_t code = e.type.code(e.args[0].type.domain.at(static_cast<size_t>(a)));
      CHECK(code >= 0);
      return code;
    }
    default:
      CHECK(false);
  }
  return std::nullopt;
}

Cell binary(const Expr& e, int64_t a, int64_t b) {
  if (e.op == Op::kAdd) return a + b;
  if (e.op == Op::kSubtract) return a - b;
  if (e.op == Op::kMultiply) return a * b;
  if (e.op == Op::kAge) return relation::age_years(a, b);
  if (e.op == Op::kDivide || e.op == Op::kModulo) {
    CHECK(b != 0);  // the binder refuses it on shares, figure.h looks first
    return e.op == Op::kDivide ? a / b : a % b;
  }
  return compare(e.op, a, b);
}

Cell evaluate(const Expr& e, const Column& column) {
  switch (e.op) {
    case Op::kColumn:
      return column(e.column);
    case Op::kConstant:
      return e.is_null ? Cell{} : Cell{e.constant};
    case Op::kAnd:
      return logical(e, column, 0);
    case Op::kOr:
      return logical(e, column, 1);
    case Op::kCase:
      return choose(e, column);
    case Op::kIsNull:
      return evaluate(e.args[0], column).has_value() ? 0 : 1;
    case Op::kIsNotNull:
      return evaluate(e.args[0], column).has_value() ? 1 : 0;
    case Op::kCoalesce: {
      for (const Expr& arg : e.args)
        if (const Cell value = evaluate(arg, column)) return value;
      return std::nullopt;
    }
    default:
      break;
  }
  const Cell a = evaluate(e.args[0], column);
  if (e.args.size() == 1) return a ? unary(e, *a) : Cell{};
  const Cell b = evaluate(e.args[1], column);
  return a && b ? binary(e, *a, *b) : Cell{};
}

}  // namespace

Cell evaluate_expr(const Expr& expr, const Column& column) {
  const Cell value = evaluate(expr, column);
  VERIFY(!value || (*value >= expr.type.lo && *value <= expr.type.hi));
  return value;
}

Cell evaluate_expr(const Expr& expr, std::span<const Cell> row) {
  return evaluate_expr(expr, [row](int column) { return row[static_cast<size_t>(column)]; });
}

}  // namespace sluis::sql
