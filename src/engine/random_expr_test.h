// For tests: random typed expressions with bounds by interval arithmetic of their own, and a table to
// evaluate them over.
#pragma once

#include <algorithm>
#include <array>
#include <random>
#include <utility>
#include <vector>

#include "oblivious/clear_table_test.h"
#include "relation/date.h"
#include "relation/decimal.h"
#include "sql/expr.h"

namespace sluis::engine {

using relation::Kind;
using relation::Type;
using sql::Expr;
using sql::Op;

inline int64_t day(int year, unsigned month, unsigned day) { return *relation::day_number(year, month, day); }

// Days around which month arithmetic and EXTRACT go wrong first.
inline std::vector<int64_t> edge_days() {
  return {day(2023, 8, 31),  day(2024, 2, 29), day(2023, 2, 28),  day(2024, 2, 28),
          day(2024, 3, 1),   day(2024, 1, 31), day(2023, 12, 31), day(2024, 1, 1),
          day(2023, 10, 30), day(2023, 4, 30), day(2022, 6, 1),   day(2024, 12, 31)};
}

// Columns of each kind, with and without NULL, signed and not, of one and of many bits.
inline std::vector<relation::ColumnSchema> expr_columns() {
  const Type dates = Type::date(day(2022, 6, 1), day(2024, 12, 31));
  return {{"i", Type::integer(-100, 100), true},
          {"j", Type::integer(-3, 12), false},
          {"n", Type::integer(0, 5), true},
          {"one", Type::integer(0, 1), false},
          {"big", Type::integer(-(int64_t{1} << 33), int64_t{1} << 34), true},
          {"p", Type::boolean(), true},
          {"q", Type::boolean(), false},
          {"d", dates, true},
          {"e", dates, false},
          {"w", Type::category({"aap", "mies", "noot"}), true},
          {"v", Type::category({"aap", "mies", "noot"}), false},
          {"x", Type::category({"mies", "vuur", "zus"}), true},
          {"neg", Type::integer(-9, -2), true},
          {"same", Type::integer(7, 7), false},
          {"cash", Type::decimal(-12345, 25050, 2), true},
          {"rate", Type::decimal(0, 99999, 4), false}};
}

inline oblivious::ClearTable expr_table(size_t rows, std::mt19937_64& random) {
  oblivious::ClearTable table{expr_columns(), {}, {}};
  const std::vector<int64_t> edges = edge_days();
  for (size_t r = 0; r < rows; ++r) {
    oblivious::Row row;
    for (const relation::ColumnSchema& column : table.schema) {
      const Type& type = column.type;
      int64_t value = type.lo + static_cast<int64_t>(random() % static_cast<uint64_t>(type.hi - type.lo + 1));
      if (random() % 4 == 0)
        value =
            std::vector<int64_t>{type.lo, type.hi, std::clamp<int64_t>(0, type.lo, type.hi)}[random() % 3];
      if (type.kind == Kind::kDate && random() % 2 == 0) value = edges[random() % edges.size()];
      row.push_back(column.nullable && random() % 5 == 0 ? oblivious::Cell() : oblivious::Cell(value));
    }
    table.add(std::move(row), random() % 3 != 0);
  }
  return table;
}

// Wider results are not made: the binder refuses them far beyond this.
inline constexpr int64_t kWidest = int64_t{1} << 45;

class ExprGenerator {
 public:
  explicit ExprGenerator(uint64_t seed) : random_(seed), columns_(expr_columns()) {}

  Expr any(int depth) {
    static constexpr std::array<Kind, 5> kKinds = {Kind::kInteger, Kind::kBoolean, Kind::kDate,
                                                   Kind::kCategory, Kind::kDecimal};
    return of(kKinds[below(5)], depth);
  }
  Expr boolean(int depth) {
    if (depth <= 0) return leaf(Kind::kBoolean);
    switch (below(8)) {
      case 0:
        return sql::make_expr(Op::kAnd, Type::boolean(), {boolean(depth - 1), boolean(depth - 1)});
      case 1:
        return sql::make_expr(Op::kOr, Type::boolean(), {boolean(depth - 1), boolean(depth - 1)});
      case 2:
        return sql::make_expr(Op::kNot, Type::boolean(), {boolean(depth - 1)});
      case 3:
        return sql::make_expr(below(2) == 0 ? Op::kIsNull : Op::kIsNotNull, Type::boolean(),
                              {any(depth - 1)});
      case 4:
        return selection(Kind::kBoolean, depth);
      default:
        return comparison(depth);
    }
  }

 private:
  size_t below(size_t n) { return random_() % n; }

  Expr of(Kind kind, int depth) {
    if (kind == Kind::kBoolean) return boolean(depth);
    if (depth <= 0 || below(6) == 0) return leaf(kind);
    if (below(4) == 0) return selection(kind, depth);
    if (kind == Kind::kInteger) return integer(depth);
    if (kind == Kind::kDate) return date(depth);
    if (kind == Kind::kDecimal) return decimal(depth);
    return recoded(of(kind, depth - 1));
  }

  Expr integer(int depth) {
    switch (below(12)) {
      case 7:
        return rescaled(of(Kind::kDecimal, depth - 1), 0);
      case 8:
        return divided(of(Kind::kInteger, depth - 1));
      case 9:
        return remainder(of(Kind::kInteger, depth - 1));
      case 10:
        return part_of_date(of(Kind::kDate, depth - 1));
      case 11:
        return age(of(Kind::kDate, depth - 1), of(Kind::kDate, depth - 1));
      case 0:
        return arithmetic(Op::kMultiply, of(Kind::kInteger, depth - 1), leaf(Kind::kInteger));
      case 1:
        return arithmetic(Op::kSubtract, of(Kind::kInteger, depth - 1), of(Kind::kInteger, depth - 1));
      case 2: {
        Expr a = of(Kind::kInteger, depth - 1);
        const Type type = Type::integer(-a.type.hi, -a.type.lo);
        return sql::make_expr(Op::kNegate, type, {std::move(a)});
      }
      case 3: {
        Expr a = of(Kind::kDate, depth - 1);
        const Type type = Type::integer(relation::year_of(a.type.lo), relation::year_of(a.type.hi));
        return sql::make_expr(Op::kYear, type, {std::move(a)});
      }
      case 4:
        return sql::make_expr(Op::kMonth, Type::integer(1, 12), {of(Kind::kDate, depth - 1)});
      case 5:
        return arithmetic(Op::kSubtract, of(Kind::kDate, depth - 1), of(Kind::kDate, depth - 1));
      default:
        return arithmetic(Op::kAdd, of(Kind::kInteger, depth - 1), of(Kind::kInteger, depth - 1));
    }
  }

  Expr decimal(int depth) {
    switch (below(5)) {
      case 0: {
        Expr a = of(Kind::kDecimal, depth - 1);
        Expr b = below(2) == 0 ? leaf(Kind::kDecimal) : leaf(Kind::kInteger);
        return a.type.scale + b.type.scale > 8 ? a : arithmetic(Op::kMultiply, std::move(a), std::move(b));
      }
      case 1: {
        std::vector<Expr> both = {of(Kind::kDecimal, depth - 1), of(Kind::kDecimal, depth - 1)};
        same_scale(both);
        return arithmetic(below(2) == 0 ? Op::kAdd : Op::kSubtract, both[0], both[1]);
      }
      case 2:
        return rescaled(of(Kind::kInteger, depth - 1), 1 + static_cast<int>(below(4)));
      case 3:
        return remainder(of(Kind::kDecimal, depth - 1));
      default:
        return rescaled(of(Kind::kDecimal, depth - 1), 1 + static_cast<int>(below(5)));
    }
  }

  static Type number(int64_t lo, int64_t hi, int scale) {
    return scale == 0 ? Type::integer(lo, hi) : Type::decimal(lo, hi, scale);
  }

  // Another scale, or the expression itself if that would be too wide.
  static Expr rescaled(Expr a, int scale) {
    const int64_t widest = kWidest / relation::power_of_ten(std::max(0, scale - a.type.scale));
    if (a.type.scale == scale || a.type.lo < -widest || a.type.hi > widest) {
      if (scale > 0 || a.type.kind == Kind::kInteger)
        return a.type.scale > 0 || scale == 0 ? a : narrow(scale);
    }
    const Type type = number(relation::rescaled(a.type.lo, a.type.scale, scale),
                             relation::rescaled(a.type.hi, a.type.scale, scale), scale);
    return sql::make_expr(Op::kRescale, type, {std::move(a)});
  }
  static Expr narrow(int scale) { return sql::constant_expr(Type::decimal(-7, -7, scale), -7); }

  static void same_scale(std::vector<Expr>& values) {
    int scale = 0;
    for (const Expr& value : values) scale = std::max(scale, value.type.scale);
    for (Expr& value : values) value = rescaled(std::move(value), scale);
    for (Expr& value : values)
      if (value.type.scale != scale) value = narrow(scale);
  }

  int64_t divisor() {
    static constexpr std::array<int64_t, 9> kDivisors = {1, 2, 3, 7, 10, 100, 365, -3, -16};
    return kDivisors[below(kDivisors.size())];
  }

  Expr divided(Expr a) {
    const int64_t d = divisor();
    const auto [lo, hi] = std::minmax({a.type.lo / d, a.type.hi / d});
    return sql::make_expr(Op::kDivide, Type::integer(lo, hi),
                          {std::move(a), sql::constant_expr(Type::integer(d, d), d)});
  }

  Expr remainder(Expr a) {
    const int64_t d = divisor();
    const int64_t most = std::abs(d) - 1;
    const Type type = number(std::max(-most, std::min<int64_t>(a.type.lo, 0)),
                             std::min(most, std::max<int64_t>(a.type.hi, 0)), a.type.scale);
    Expr constant = sql::constant_expr(number(d, d, a.type.scale), d);
    return sql::make_expr(Op::kModulo, type, {std::move(a), std::move(constant)});
  }

  Expr part_of_date(Expr a) {
    if (below(3) == 0) return sql::make_expr(Op::kQuarter, Type::integer(1, 4), {std::move(a)});
    if (below(2) == 0) return sql::make_expr(Op::kDayOfWeek, Type::integer(0, 6), {std::move(a)});
    return sql::make_expr(Op::kIsoDayOfWeek, Type::integer(1, 7), {std::move(a)});
  }

  Expr age(Expr a, Expr b) {
    if (below(4) == 0) (below(2) == 0 ? a : b) = constant(Kind::kDate);
    const Type type =
        Type::integer(relation::age_years(a.type.lo, b.type.hi), relation::age_years(a.type.hi, b.type.lo));
    return sql::make_expr(Op::kAge, type, {std::move(a), std::move(b)});
  }

  Expr date(int depth) {
    Expr a = of(Kind::kDate, depth - 1);
    if (a.type.lo < day(1990, 1, 1) || a.type.hi > day(2060, 1, 1)) return a;
    if (below(3) == 0)
      return arithmetic(below(2) == 0 ? Op::kAdd : Op::kSubtract, std::move(a), constant(Kind::kInteger));
    static constexpr std::array<int, 8> kMonths = {-24, -13, -12, -1, 1, 6, 12, 30};
    const int months = kMonths[below(kMonths.size())];
    const Type type =
        Type::date(relation::add_months(a.type.lo, months), relation::add_months(a.type.hi, months));
    Expr out = sql::make_expr(Op::kAddMonths, type, {std::move(a)});
    out.months = months;
    return out;
  }

  // The kind of the result is that of the first operand, but days between dates are an integer.
  static Expr arithmetic(Op op, Expr a, Expr b) {
    const bool dates = a.type.kind == Kind::kDate;
    const bool days = dates && b.type.kind == Kind::kDate;
    const int scale = op == Op::kMultiply ? a.type.scale + b.type.scale : a.type.scale;
    Type type = dates && !days ? Type::date(0, 0) : number(0, 0, scale);
    if (op == Op::kMultiply) {
      if (std::max(-a.type.lo, a.type.hi) > kWidest / std::max<int64_t>(1, std::max(-b.type.lo, b.type.hi)))
        return a;
      const auto [lo, hi] = std::minmax(
          {a.type.lo * b.type.lo, a.type.lo * b.type.hi, a.type.hi * b.type.lo, a.type.hi * b.type.hi});
      type.lo = lo, type.hi = hi;
    } else {
      const bool plus = op == Op::kAdd;
      type.lo = plus ? a.type.lo + b.type.lo : a.type.lo - b.type.hi;
      type.hi = plus ? a.type.hi + b.type.hi : a.type.hi - b.type.lo;
    }
    if (type.lo < -kWidest || type.hi > kWidest) return a;
    return sql::make_expr(op, type, {std::move(a), std::move(b)});
  }

  Expr recoded(Expr a) {
    const Type all = Type::category({"aap", "mies", "noot", "vuur", "zus"});
    return a.type == all ? a : sql::make_expr(Op::kRecode, all, {std::move(a)});
  }

  Expr comparison(int depth) {
    static constexpr std::array<Op, 6> kOps = {Op::kEqual,     Op::kNotEqual, Op::kLess,
                                               Op::kLessEqual, Op::kGreater,  Op::kGreaterEqual};
    static constexpr std::array<Kind, 6> kKinds = {Kind::kInteger, Kind::kInteger,  Kind::kBoolean,
                                                   Kind::kDate,    Kind::kCategory, Kind::kDecimal};
    const Kind kind = kKinds[below(6)];
    Expr a = of(kind, depth - 1);
    Expr b = below(3) == 0 ? constant(kind) : of(kind, depth - 1);
    if (kind == Kind::kCategory) a = recoded(std::move(a)), b = recoded(std::move(b));
    if (below(3) == 0) std::swap(a, b);
    if (kind == Kind::kDecimal) {
      std::vector<Expr> both = {std::move(a), std::move(b)};
      same_scale(both);
      a = both[0], b = both[1];
    }
    return sql::make_expr(kOps[below(6)], Type::boolean(), {std::move(a), std::move(b)});
  }

  // CASE, COALESCE, and GREATEST as the binder writes it: the type narrower than the arms.
  Expr selection(Kind kind, int depth) {
    const size_t arms = 1 + below(3);
    std::vector<Expr> values;
    for (size_t i = 0; i <= arms; ++i) {
      values.push_back(of(kind, depth - 1));
      if (kind == Kind::kCategory) values.back() = recoded(std::move(values.back()));
    }
    if (kind == Kind::kDecimal) same_scale(values);
    Type type = values[0].type;
    for (const Expr& value : values)
      type.lo = std::min(type.lo, value.type.lo), type.hi = std::max(type.hi, value.type.hi);
    if (below(3) == 0) return sql::make_expr(Op::kCoalesce, type, std::move(values));
    if (arms == 1 && !values[0].nullable && !values[1].nullable && below(2) == 0) {
      type.lo = std::max(values[0].type.lo, values[1].type.lo);
      Expr greater = sql::make_expr(Op::kGreaterEqual, Type::boolean(), {values[0], values[1]});
      return sql::make_expr(Op::kCase, type, {std::move(greater), values[0], values[1]});
    }
    std::vector<Expr> args;
    for (size_t i = 0; i < arms; ++i) {
      args.push_back(boolean(depth - 1));
      args.push_back(std::move(values[i]));
    }
    args.push_back(below(4) == 0 ? sql::null_expr(type) : std::move(values.back()));
    return sql::make_expr(Op::kCase, type, std::move(args));
  }

  Expr leaf(Kind kind) {
    if (below(5) == 0) return constant(kind);
    for (;;) {
      const size_t c = below(columns_.size());
      if (columns_[c].type.kind == kind) return sql::column_expr(static_cast<int>(c), columns_[c]);
    }
  }

  Expr constant(Kind kind) {
    static constexpr std::array<int64_t, 10> kIntegers = {-5000, -100, -3, -1, 0, 1, 5, 12, 100, 70'000};
    const std::vector<int64_t> days = edge_days();
    Type type = kind == Kind::kBoolean ? Type::boolean() : Type::category({"aap", "mies", "noot"});
    int64_t value = static_cast<int64_t>(below(kind == Kind::kBoolean ? 2 : 3));
    if (kind == Kind::kInteger)
      value = kIntegers[below(kIntegers.size())], type = Type::integer(value, value);
    if (kind == Kind::kDecimal) {
      const int scale = 1 + static_cast<int>(below(3));
      value = kIntegers[below(kIntegers.size())], type = Type::decimal(value, value, scale);
    }
    if (kind == Kind::kDate) value = days[below(days.size())], type = Type::date(value, value);
    return below(8) == 0 ? sql::null_expr(type) : sql::constant_expr(type, value);
  }

  std::mt19937_64 random_;
  std::vector<relation::ColumnSchema> columns_;
};

}  // namespace sluis::engine
