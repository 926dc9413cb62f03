#include "engine/expression.h"

#include <algorithm>

#include "base/check.h"
#include "engine/logic.h"
#include "engine/number_ops.h"
#include "engine/piecewise.h"
#include "mpc/add.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {
namespace {

using sql::Expr;
using sql::Op;

bool is_comparison(Op op) { return op >= Op::kEqual && op <= Op::kGreaterEqual; }
bool is_public(const Expr& e) { return e.op == Op::kConstant && !e.is_null; }

// `5 < x` is `x > 5`.
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

// EXTRACT(dow) and EXTRACT(isodow) as (day + shift) % 7 + first, with a sum that is never negative.
struct WeekForm {
  WeekForm(Op op, const Type& date) : first(op == Op::kIsoDayOfWeek ? 1 : 0) {
    // Day 0, 1 January 1900, was a Monday.
    const int64_t monday = op == Op::kIsoDayOfWeek ? 0 : 1;
    const int64_t weeks = date.lo < 0 ? (-date.lo + 6) / 7 : 0;
    shift = static_cast<uint64_t>(7 * weeks + monday);
    counted = Type::integer(std::min<int64_t>(0, date.lo), date.hi + 7 * weeks + monday);
  }
  uint64_t first, shift;
  Type counted;
  Type rest = Type::integer(0, 6);
};

class Evaluator {
 public:
  Evaluator(Session& session, const SharedTable& table) : session_(session), table_(table) {}

  SharedColumn operator()(const Expr& e) {
    if (is_comparison(e.op)) return comparison(e);
    switch (e.op) {
      case Op::kColumn:
        return table_.columns.at(static_cast<size_t>(e.column));
      case Op::kConstant:
        return constant_column(party(), table_.rows(), e.type, e.constant, e.is_null);
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
        return arithmetic(e);
      case Op::kNegate:
        return negate(e);
      case Op::kAnd:
        return and3(session_, (*this)(e.args[0]), (*this)(e.args[1]));
      case Op::kOr:
        return or3(session_, (*this)(e.args[0]), (*this)(e.args[1]));
      case Op::kNot:
        return not3(party(), (*this)(e.args[0]));
      case Op::kIsNull:
        return is_null(e, false);
      case Op::kIsNotNull:
        return is_null(e, true);
      case Op::kCase:
        return case_when(e);
      case Op::kCoalesce:
        return coalesce(e);
      case Op::kAddMonths:
        return add_months(e);
      case Op::kYear:
        return stepped(e, year_steps(e.args[0].type));
      case Op::kMonth:
        return stepped(e, month_of_year_steps(e.args[0].type));
      case Op::kRecode:
        return stepped(e, recode_steps(e.args[0].type, e.type));
      case Op::kQuarter:
        return stepped(e, quarter_steps(e.args[0].type));
      case Op::kDayOfWeek:
      case Op::kIsoDayOfWeek:
        return day_of_week(e);
      case Op::kRescale:
        return rescale(session_, (*this)(e.args[0]), e.type);
      case Op::kDivide:
        return divide(session_, (*this)(e.args[0]), e.args[1].constant, e.type);
      case Op::kModulo:
        return modulo(session_, (*this)(e.args[0]), e.args[1].constant, e.type);
      case Op::kAge:
        return age_of(e);
      default:
        CHECK(false);
    }
    return {};
  }

 private:
  int party() const { return session_.party(); }
  static size_t planes(const Type& type) { return static_cast<size_t>(type.bits()); }

  SharedColumn comparison(const Expr& e) {
    const Type type = common_type(e.args[0].type, e.args[1].type);
    if (is_public(e.args[1]))
      return compare_constant(session_, e.op, (*this)(e.args[0]), type, e.args[1].constant);
    if (is_public(e.args[0]))
      return compare_constant(session_, mirrored(e.op), (*this)(e.args[1]), type, e.args[0].constant);
    const SharedColumn left = (*this)(e.args[0]);
    return compare(session_, e.op, left, (*this)(e.args[1]));
  }

  SharedColumn arithmetic(const Expr& e) {
    const SharedColumn x = (*this)(e.args[0]);
    const SharedColumn y = (*this)(e.args[1]);
    const SharedBits a = planes_as(x, e.type);
    const SharedBits b = planes_as(y, e.type);
    SharedColumn result{e.type, {}, {}};
    if (e.op == Op::kAdd) result.value = mpc::add(session_, a, b);
    if (e.op == Op::kSubtract) result.value = mpc::subtract(session_, a, b);
    if (e.op == Op::kMultiply) result.value = mpc::multiply(session_, a, b, planes(e.type));
    result.null = either_null(session_, x, y);
    return result;
  }

  SharedColumn negate(const Expr& e) {
    const SharedColumn x = (*this)(e.args[0]);
    const SharedBits zero = sharing::share_constant(party(), table_.rows(), planes(e.type), 0);
    return {e.type, mpc::subtract(session_, zero, planes_as(x, e.type)), x.null};
  }

  SharedColumn is_null(const Expr& e, bool negated) {
    const SharedColumn x = (*this)(e.args[0]);
    SharedBits null = x.null ? *x.null : sharing::share_constant(party(), table_.rows(), 1, 0);
    return {Type::boolean(), negated ? sharing::not_(party(), null) : null, std::nullopt};
  }

  SharedColumn case_when(const Expr& e) {
    std::vector<Branch> branches;
    for (size_t i = 0; i + 1 < e.args.size(); i += 2) {
      SharedBits condition = is_true(session_, (*this)(e.args[i]));
      branches.push_back({std::move(condition), (*this)(e.args[i + 1])});
    }
    return choose(session_, branches, (*this)(e.args.back()), e.type, e.nullable);
  }

  SharedColumn coalesce(const Expr& e) {
    std::vector<Branch> branches;
    for (size_t i = 0; i + 1 < e.args.size(); ++i) {
      SharedColumn x = (*this)(e.args[i]);
      SharedBits present =
          x.null ? sharing::not_(party(), *x.null) : sharing::share_constant(party(), table_.rows(), 1, 1);
      branches.push_back({std::move(present), std::move(x)});
    }
    if (branches.empty()) return (*this)(e.args.back());
    return choose(session_, branches, (*this)(e.args.back()), e.type, e.nullable);
  }

  SharedColumn add_months(const Expr& e) {
    const SharedColumn x = (*this)(e.args[0]);
    const SharedBits offset = apply_steps(session_, x, month_steps(x.type, e.months), planes(e.type));
    return {e.type, mpc::add(session_, planes_as(x, e.type), offset), x.null};
  }

  SharedColumn stepped(const Expr& e, const Steps& steps) {
    const SharedColumn x = (*this)(e.args[0]);
    return {e.type, apply_steps(session_, x, steps, planes(e.type)), x.null};
  }

  SharedColumn age_of(const Expr& e) {
    if (is_public(e.args[0])) return age_at(e, 1);
    if (is_public(e.args[1])) return age_at(e, 0);
    const SharedColumn to = (*this)(e.args[0]);
    return age(session_, to, (*this)(e.args[1]), e.type);
  }

  // One of the dates is public: a step function of the other.
  SharedColumn age_at(const Expr& e, size_t secret) {
    const SharedColumn x = (*this)(e.args[secret]);
    const Steps steps = age_steps(x.type, e.args[1 - secret].constant, secret == 1);
    return {e.type, apply_steps(session_, x, steps, planes(e.type)), x.null};
  }

  // Days counted from a day that is a multiple of 7 days before any date and the first of its week.
  SharedColumn day_of_week(const Expr& e) {
    const SharedColumn x = (*this)(e.args[0]);
    const WeekForm form(e.op, x.type);
    const SharedBits counted = mpc::add_constant(session_, planes_as(x, form.counted), form.shift);
    const SharedColumn rest = modulo(session_, {form.counted, counted, x.null}, 7, form.rest);
    const SharedBits wide = planes_as(rest, e.type);
    return {e.type, form.first == 0 ? wide : mpc::add_constant(session_, wide, form.first), x.null};
  }

  Session& session_;
  const SharedTable& table_;
};

// The same walk, adding up costs. Nullability as evaluate() produces it: from the operands, not from the
// binder.
class Coster {
 public:
  Coster(const std::vector<relation::ColumnSchema>& columns, uint64_t rows)
      : columns_(columns), rows_(rows) {}

  struct Sum {
    Cost cost;
    Type type;
    bool nullable = false;
  };

  Sum operator()(const Expr& e) {
    std::vector<Sum> args;
    Cost cost;
    for (const Expr& arg : e.args) {
      args.push_back((*this)(arg));
      cost += args.back().cost;
    }
    const uint64_t w = static_cast<uint64_t>(e.type.bits());
    const auto unary = [&](const Cost& own) { return Sum{cost + own, e.type, args[0].nullable}; };
    if (is_comparison(e.op)) return comparison(e, args);
    switch (e.op) {
      case Op::kColumn: {
        const relation::ColumnSchema& column = columns_.at(static_cast<size_t>(e.column));
        return {{}, column.type, column.nullable};
      }
      case Op::kConstant:
        return {{}, e.type, e.is_null};
      case Op::kAdd:
      case Op::kSubtract:
        return binary(e, args, cost + mpc::cost_add(rows_, w));
      case Op::kMultiply:
        return binary(e, args, cost + mpc::cost_multiply(rows_, w, w, w));
      case Op::kNegate:
        return unary(mpc::cost_add(rows_, w));
      case Op::kAnd:
      case Op::kOr:
        return {cost + cost_and3(rows_, args[0].nullable, args[1].nullable), e.type,
                args[0].nullable || args[1].nullable};
      case Op::kNot:
        return unary({});
      case Op::kIsNull:
      case Op::kIsNotNull:
        return {cost, e.type, false};
      case Op::kCase:
        return case_when(e, args, cost);
      case Op::kCoalesce:
        if (args.size() == 1) return {cost, args[0].type, args[0].nullable};
        return {cost + cost_choose(rows_, args.size() - 1, e.type, e.nullable), e.type, e.nullable};
      case Op::kAddMonths:
        return unary(cost_apply_steps(rows_, args[0].type, month_steps(args[0].type, e.months)) +
                     mpc::cost_add(rows_, w));
      case Op::kYear:
        return unary(cost_apply_steps(rows_, args[0].type, year_steps(args[0].type)));
      case Op::kMonth:
        return unary(cost_apply_steps(rows_, args[0].type, month_of_year_steps(args[0].type)));
      case Op::kRecode:
        return unary(cost_apply_steps(rows_, args[0].type, recode_steps(args[0].type, e.type)));
      case Op::kQuarter:
        return unary(cost_apply_steps(rows_, args[0].type, quarter_steps(args[0].type)));
      case Op::kDayOfWeek:
      case Op::kIsoDayOfWeek:
        return unary(day_of_week(e, args[0].type));
      case Op::kRescale:
        return unary(cost_rescale(rows_, args[0].type, e.type));
      case Op::kDivide:
        return unary(cost_divide(rows_, args[0].type, e.args[1].constant, e.type));
      case Op::kModulo:
        return unary(cost_modulo(rows_, args[0].type, e.args[1].constant, e.type));
      case Op::kAge:
        return age_of(e, args, cost);
      default:
        CHECK(false);
    }
    return {};
  }

 private:
  Sum comparison(const Expr& e, const std::vector<Sum>& args) {
    const Type type = common_type(e.args[0].type, e.args[1].type);
    const Cost both = args[0].cost + args[1].cost;
    if (is_public(e.args[1]))
      return {both + cost_compare_constant(e.op, rows_, type, e.args[1].constant), e.type, args[0].nullable};
    if (is_public(e.args[0]))
      return {both + cost_compare_constant(mirrored(e.op), rows_, type, e.args[0].constant), e.type,
              args[1].nullable};
    return {both + cost_compare(e.op, rows_, args[0].type, args[0].nullable, args[1].type, args[1].nullable),
            e.type, args[0].nullable || args[1].nullable};
  }

  Sum binary(const Expr& e, const std::vector<Sum>& args, const Cost& cost) {
    return {cost + cost_either_null(rows_, args[0].nullable, args[1].nullable), e.type,
            args[0].nullable || args[1].nullable};
  }

  Cost day_of_week(const Expr& e, const Type& date) {
    const WeekForm form(e.op, date);
    const auto bits = [](const Type& type) { return static_cast<uint64_t>(type.bits()); };
    Cost cost = mpc::cost_add_constant(rows_, bits(form.counted), form.shift);
    cost += cost_modulo(rows_, form.counted, 7, form.rest);
    if (form.first != 0) cost += mpc::cost_add_constant(rows_, bits(e.type), form.first);
    return cost;
  }

  Sum age_of(const Expr& e, const std::vector<Sum>& args, const Cost& cost) {
    for (const size_t secret : {size_t{0}, size_t{1}}) {
      if (!is_public(e.args[1 - secret])) continue;
      const Type& type = args[secret].type;
      const Steps steps = age_steps(type, e.args[1 - secret].constant, secret == 1);
      return {cost + cost_apply_steps(rows_, type, steps), e.type, args[secret].nullable};
    }
    return binary(e, args, cost + cost_age(rows_, args[0].type, args[1].type));
  }

  Sum case_when(const Expr& e, const std::vector<Sum>& args, Cost cost) {
    for (size_t i = 0; i + 1 < args.size(); i += 2) cost += cost_is_true(rows_, args[i].nullable);
    return {cost + cost_choose(rows_, args.size() / 2, e.type, e.nullable), e.type, e.nullable};
  }

  const std::vector<relation::ColumnSchema>& columns_;
  uint64_t rows_;
};

}  // namespace

SharedColumn evaluate(Session& session, const sql::Expr& expr, const SharedTable& table) {
  return Evaluator(session, table)(expr);
}

Cost cost_evaluate(const sql::Expr& expr, const std::vector<relation::ColumnSchema>& columns, uint64_t rows) {
  return Coster(columns, rows)(expr).cost;
}

bool is_nullable(const sql::Expr& expr, const std::vector<relation::ColumnSchema>& columns, uint64_t rows) {
  return Coster(columns, rows)(expr).nullable;
}

}  // namespace sluis::engine
