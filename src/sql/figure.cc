#include "sql/figure.h"

#include "base/check.h"
#include "sql/expr.h"

namespace sluis::sql {
namespace {

using relation::Kind;

Figure whole(int64_t value) { return {false, value, {}}; }
Figure number(Numeric value) { return {false, 0, std::move(value)}; }
bool numeric(const Expr& expr) { return expr.type.kind == Kind::kNumeric; }

// Whether a comparison of this outcome (-1, 0, 1) holds.
bool holds(Op op, int order) {
  switch (op) {
    case Op::kEqual:
      return order == 0;
    case Op::kNotEqual:
      return order != 0;
    case Op::kLess:
      return order < 0;
    case Op::kLessEqual:
      return order <= 0;
    case Op::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Error failure(const char* cause) { return Error{cause, {}, "", 0, 0}; }

class Evaluator {
 public:
  explicit Evaluator(std::span<const Cell> row) : row_(row) {}

  Result<Figure> operator()(const Expr& e) {
    switch (e.op) {
      case Op::kColumn: {
        const Cell& cell = row_[static_cast<size_t>(e.column)];
        return cell ? whole(*cell) : Figure{};
      }
      case Op::kConstant:
        return e.is_null ? Figure{} : whole(e.constant);
      case Op::kAnd:
        return logical(e, 0);
      case Op::kOr:
        return logical(e, 1);
      case Op::kCase:
        return choose(e);
      case Op::kCoalesce:
        return coalesce(e);
      case Op::kIsNull:
      case Op::kIsNotNull: {
        SLUIS_ASSIGN(const Figure a, (*this)(e.args[0]));
        return whole(a.null == (e.op == Op::kIsNull) ? 1 : 0);
      }
      case Op::kVariance:
      case Op::kStddev:
        return spread(e);
      default:
        return strict(e);
    }
  }

 private:
  Result<Figure> logical(const Expr& e, int64_t decisive) {
    bool null = false;
    for (const Expr& arg : e.args) {
      SLUIS_ASSIGN(const Figure value, (*this)(arg));
      if (!value.null && value.whole == decisive) return value;
      null = null || value.null;
    }
    return null ? Figure{} : whole(1 - decisive);
  }

  Result<Figure> choose(const Expr& e) {
    for (size_t i = 0; i + 1 < e.args.size(); i += 2) {
      SLUIS_ASSIGN(const Figure when, (*this)(e.args[i]));
      if (!when.null && when.whole != 0) return (*this)(e.args[i + 1]);
    }
    return (*this)(e.args.back());
  }

  Result<Figure> coalesce(const Expr& e) {
    for (const Expr& arg : e.args) {
      SLUIS_ASSIGN(Figure value, (*this)(arg));
      if (!value.null) return value;
    }
    return Figure{};
  }

  Result<Figure> spread(const Expr& e) {
    SLUIS_ASSIGN(const Figure sum, (*this)(e.args[0]));
    SLUIS_ASSIGN(const Figure squares, (*this)(e.args[1]));
    SLUIS_ASSIGN(const Figure count, (*this)(e.args[2]));
    const bool sample = e.months == 1;
    if (count.null || count.whole <= (sample ? 1 : 0)) return Figure{};
    const auto of = e.op == Op::kVariance ? variance : standard_deviation;
    return number(of(sum.number, squares.number, count.whole, sample));
  }

  // NULL if any argument is.
  Result<Figure> strict(const Expr& e) {
    std::vector<Figure> args;
    for (const Expr& arg : e.args) {
      SLUIS_ASSIGN(Figure value, (*this)(arg));
      if (value.null) return Figure{};
      args.push_back(std::move(value));
    }
    if (numeric(e.args[0]) || e.type.kind == Kind::kNumeric) return of_numeric(e, args);
    const bool divides = e.op == Op::kDivide || e.op == Op::kModulo;
    if (divides && args[1].whole == 0) return failure("S1122.division_zero");
    Expr plain = e;
    for (size_t i = 0; i < args.size(); ++i) plain.args[i] = constant_expr(e.args[i].type, args[i].whole);
    return whole(*evaluate_expr(plain, std::span<const Cell>{}));
  }

  static Result<Figure> of_numeric(const Expr& e, const std::vector<Figure>& args) {
    switch (e.op) {
      case Op::kToNumeric:
        return number({args[0].whole, e.args[0].type.scale});
      case Op::kRescale:
        return to_integer(e.type, args[0].number);
      case Op::kRound:
        return number(rounded(args[0].number, e.months));
      case Op::kNegate:
        return number({-args[0].number.value, args[0].number.scale});
      default:
        break;
    }
    const Numeric& a = args[0].number;
    const Numeric& b = args[1].number;
    if (e.type.kind == Kind::kBoolean) return whole(holds(e.op, compare(a, b)) ? 1 : 0);
    if (e.op == Op::kAdd) return number(add(a, b));
    if (e.op == Op::kSubtract) return number(subtract(a, b));
    if (e.op == Op::kMultiply) return number(multiply(a, b));
    if (b.value == 0) return failure("S1122.division_zero");
    return number(e.op == Op::kDivide ? divide(a, b) : modulo(a, b));
  }

  static Result<Figure> to_integer(const Type& type, const Numeric& a) {
    const Numeric::Integer value = rounded(a, 0).value;
    if (value < type.lo || value > type.hi) return failure("S1122.range");
    return whole(static_cast<int64_t>(value));
  }

  std::span<const Cell> row_;
};

}  // namespace

Result<Figure> evaluate_figure(const Expr& expr, std::span<const Cell> row) { return Evaluator(row)(expr); }

std::optional<std::string> figure_text(const Figure& figure, const Type& type) {
  if (figure.null) return std::nullopt;
  return type.kind == Kind::kNumeric ? numeric_text(figure.number) : relation::cell_text(type, figure.whole);
}

int compare_figures(const Figure& a, const Figure& b, const Type& type) {
  if (a.null != b.null) return a.null ? 1 : -1;
  if (a.null) return 0;
  if (type.kind == Kind::kNumeric) return compare(a.number, b.number);
  return a.whole == b.whole ? 0 : a.whole < b.whole ? -1 : 1;
}

}  // namespace sluis::sql
