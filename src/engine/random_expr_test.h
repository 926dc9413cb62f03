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
          {"same", Type::integer(7, 7), false}};
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
        value = std::vector<int64_t>{type.lo, type.hi, std::max<int64_t>(type.lo, 0)}[random() % 3];
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
    static constexpr std::array<Kind, 4> kKinds = {Kind::kInteger, Kind::kBoolean, Kind::kDate,
                                                   Kind::kCategory};
    return of(kKinds[below(4)], depth);
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
    return recoded(of(kind, depth - 1));
  }

  Expr integer(int depth) {
    switch (below(7)) {
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
    Type type = dates && !days ? Type::date(0, 0) : Type::integer(0, 0);
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
    static constexpr std::array<Kind, 5> kKinds = {Kind::kInteger, Kind::kInteger, Kind::kBoolean,
                                                   Kind::kDate, Kind::kCategory};
    const Kind kind = kKinds[below(5)];
    Expr a = of(kind, depth - 1);
    Expr b = below(3) == 0 ? constant(kind) : of(kind, depth - 1);
    if (kind == Kind::kCategory) a = recoded(std::move(a)), b = recoded(std::move(b));
    if (below(3) == 0) std::swap(a, b);
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
    if (kind == Kind::kDate) value = days[below(days.size())], type = Type::date(value, value);
    return below(8) == 0 ? sql::null_expr(type) : sql::constant_expr(type, value);
  }

  std::mt19937_64 random_;
  std::vector<relation::ColumnSchema> columns_;
};

}  // namespace sluis::engine
