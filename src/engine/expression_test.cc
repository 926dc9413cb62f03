// Expressions on shares against the clear-text evaluator, and their cost against what they send.
#include "engine/expression.h"

#include <gtest/gtest.h>

#include <iostream>

#include "engine/logic.h"
#include "engine/piecewise.h"
#include "engine/random_expr_test.h"
#include "sql/evaluate.h"
#include "sql/plan_text.h"
#include "testing/three_parties.h"

namespace sluis::engine {
namespace {

using oblivious::ClearTable;

std::string op_name(Op op) { return "op " + std::to_string(static_cast<int>(op)); }

// All expressions in one run; what each gave and sent.
struct Evaluated {
  std::vector<ClearTable> results;  // one column each
  std::vector<mpc::Cost> sent;
  std::array<testing::Trace, 3> traces;
};

Evaluated evaluate_all(const std::vector<Expr>& exprs, const ClearTable& clear, uint64_t seed = 1) {
  struct Party {
    std::vector<SharedColumn> columns;
    std::vector<mpc::Cost> sent;
  };
  const oblivious::SharedTables shares = oblivious::share_table(clear, seed);
  const auto run = testing::run_measured([&](Session& session) {
    Party party;
    for (const Expr& expr : exprs) {
      party.sent.push_back(session.measured());
      party.columns.push_back(evaluate(session, expr, shares[static_cast<size_t>(session.party())]));
    }
    party.sent.push_back(session.measured());
    return party;
  });
  Evaluated out;
  out.traces = run.traces;
  mpc::Cost before;
  for (size_t i = 0; i < exprs.size(); ++i) {
    const mpc::Cost after = testing::merge_costs(
        {run.results[0].sent[i + 1], run.results[1].sent[i + 1], run.results[2].sent[i + 1]});
    mpc::Cost own = after;
    own.rounds -= before.rounds;
    for (size_t p = 0; p < 3; ++p) own.to_next[p] -= before.to_next[p], own.to_prev[p] -= before.to_prev[p];
    out.sent.push_back(own);
    before = after;
    oblivious::SharedTables one;
    for (size_t p = 0; p < 3; ++p) one[p] = {shares[p].valid, {run.results[p].columns[i]}};
    out.results.push_back(oblivious::reconstruct_table(one));
  }
  return out;
}

void count_ops(const Expr& expr, std::map<Op, size_t>& seen) {
  ++seen[expr.op];
  for (const Expr& arg : expr.args) count_ops(arg, seen);
}

// Values in every row (also those that are not valid), nullability, width, cost.
void check(const Expr& expr, const ClearTable& clear, const ClearTable& result, const mpc::Cost& sent) {
  SCOPED_TRACE(sql::expr_text(expr, clear.schema));
  const size_t rows = clear.rows.size();
  ASSERT_EQ(result.rows.size(), rows);
  EXPECT_EQ(result.schema[0].type.bits(), expr.type.bits());
  EXPECT_EQ(result.schema[0].nullable, is_nullable(expr, clear.schema, rows));
  EXPECT_TRUE(expr.nullable || !result.schema[0].nullable);
  EXPECT_TRUE(sent == cost_evaluate(expr, clear.schema, rows));
  for (size_t r = 0; r < rows; ++r)
    ASSERT_EQ(result.rows[r][0], sql::evaluate_expr(expr, clear.rows[r])) << "row " << r;
}

TEST(Expression, RandomOnesAgreeWithTheOracleAndCostWhatTheySay) {
  constexpr uint64_t kSeeds = 80;
  std::cout << "seeds 1.." << kSeeds << "\n";
  std::map<Op, size_t> seen;
  for (uint64_t seed = 1; seed <= kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    ExprGenerator generator(seed);
    static constexpr std::array<size_t, 6> kRows = {150, 64, 1, 65, 0, 300};
    const ClearTable clear = expr_table(kRows[seed % kRows.size()], random);
    std::vector<Expr> exprs;
    for (int i = 0; i < 40; ++i) exprs.push_back(generator.any(1 + i % 4));
    for (const Expr& expr : exprs) count_ops(expr, seen);
    const Evaluated all = evaluate_all(exprs, clear);
    for (size_t i = 0; i < exprs.size(); ++i) check(exprs[i], clear, all.results[i], all.sent[i]);
  }
  for (Op op = Op::kColumn; op <= Op::kAge; op = static_cast<Op>(static_cast<int>(op) + 1))
    EXPECT_GE(seen[op], 20U) << op_name(op);
}

TEST(Expression, MessagesDependOnTheShapeOnly) {
  ExprGenerator generator(77);
  std::vector<Expr> exprs;
  for (int i = 0; i < 60; ++i) exprs.push_back(generator.any(4));
  std::mt19937_64 random(3);
  ClearTable some = expr_table(130, random);
  ClearTable other = expr_table(130, random);
  for (oblivious::Row& row : other.rows)
    for (size_t c = 0; c < row.size(); ++c)
      row[c] = other.schema[c].nullable ? oblivious::Cell() : other.schema[c].type.hi;
  EXPECT_EQ(evaluate_all(exprs, some, 1).traces, evaluate_all(exprs, other, 2).traces);
}

// ---- three-valued logic: every combination of true, false, NULL

TEST(Expression, AndOrNotFollowTheTruthTables) {
  using T = std::optional<int64_t>;
  ClearTable clear{{{"a", Type::boolean(), true}, {"b", Type::boolean(), true}}, {}, {}};
  const std::vector<T> values = {1, 0, T()};
  for (const T a : values)
    for (const T b : values) clear.add({a, b});
  const Expr a = sql::column_expr(0, clear.schema[0]), b = sql::column_expr(1, clear.schema[1]);
  const auto make = [](Op op, std::vector<Expr> args) {
    return sql::make_expr(op, Type::boolean(), std::move(args));
  };
  const Evaluated all =
      evaluate_all({make(Op::kAnd, {a, b}), make(Op::kOr, {a, b}), make(Op::kNot, {a})}, clear);
  //                        a: 1 1 1  0 0 0  N N N
  //                        b: 1 0 N  1 0 N  1 0 N
  const std::vector<T> conjunction = {1, 0, T(), 0, 0, 0, T(), 0, T()};
  const std::vector<T> disjunction = {1, 1, 1, 1, 0, T(), 1, T(), T()};
  const std::vector<T> negation = {0, 0, 0, 1, 1, 1, T(), T(), T()};
  for (size_t r = 0; r < 9; ++r) {
    EXPECT_EQ(all.results[0].rows[r][0], conjunction[r]) << r;
    EXPECT_EQ(all.results[1].rows[r][0], disjunction[r]) << r;
    EXPECT_EQ(all.results[2].rows[r][0], negation[r]) << r;
  }
}

// ---- dates

Expr months_later(const relation::ColumnSchema& column, int months) {
  const Type type =
      Type::date(relation::add_months(column.type.lo, months), relation::add_months(column.type.hi, months));
  Expr out = sql::make_expr(Op::kAddMonths, type, {sql::column_expr(0, column)});
  out.months = months;
  return out;
}

TEST(Expression, MonthsAtMonthEnds) {
  const relation::ColumnSchema column{"d", Type::date(), true};
  struct Case {
    int64_t from;
    int months;
    int64_t to;
  };
  const std::vector<Case> cases = {
      {day(2023, 8, 31), 1, day(2023, 9, 30)},   {day(2023, 8, 31), 6, day(2024, 2, 29)},
      {day(2023, 8, 31), -6, day(2023, 2, 28)},  {day(2024, 2, 29), 12, day(2025, 2, 28)},
      {day(2024, 2, 29), -12, day(2023, 2, 28)}, {day(2024, 2, 29), 48, day(2028, 2, 29)},
      {day(2024, 2, 29), 1, day(2024, 3, 29)},   {day(2023, 2, 28), 12, day(2024, 2, 28)},
      {day(2023, 12, 31), 2, day(2024, 2, 29)},  {day(2023, 12, 31), 1, day(2024, 1, 31)},
      {day(2024, 1, 1), -1, day(2023, 12, 1)},   {day(2024, 3, 31), -1, day(2024, 2, 29)},
      {day(1900, 1, 1), -1, day(1899, 12, 1)},   {day(2079, 6, 6), 12, day(2080, 6, 6)},
      {day(1900, 1, 31), 1, day(1900, 2, 28)},   {day(2000, 1, 31), 1, day(2000, 2, 29)}};
  ClearTable clear{{column}, {}, {}};
  std::vector<Expr> exprs;
  for (const Case& one : cases) {
    clear.add({one.from});
    exprs.push_back(months_later(column, one.months));
  }
  clear.add({std::nullopt});
  const Evaluated all = evaluate_all(exprs, clear);
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(all.results[i].rows[i][0], cases[i].to)
        << relation::date_text(cases[i].from) << " " << cases[i].months;
    EXPECT_EQ(all.results[i].rows.back()[0], oblivious::Cell());
    check(exprs[i], clear, all.results[i], all.sent[i]);
  }
}

// The step functions hold on every day that a column can have.
TEST(Expression, StepsGiveEveryDayItsValue) {
  const Type dates = Type::date();
  const auto expect_steps = [&](const Steps& steps, const std::function<int64_t(int64_t)>& f) {
    ASSERT_EQ(steps.front().from, dates.lo);
    size_t k = 0;
    for (int64_t d = dates.lo; d <= dates.hi; ++d) {
      while (k + 1 < steps.size() && steps[k + 1].from <= d) ++k;
      ASSERT_EQ(steps[k].value, f(d)) << relation::date_text(d);
    }
    EXPECT_EQ(k + 1, steps.size());
  };
  for (int months : {-13, -12, -1, 1, 2, 6, 12, 24})
    expect_steps(month_steps(dates, months), [&](int64_t d) { return relation::add_months(d, months) - d; });
  expect_steps(year_steps(dates), [](int64_t d) { return relation::year_of(d); });
  expect_steps(month_of_year_steps(dates), [](int64_t d) { return int64_t{relation::month_of(d)}; });
  EXPECT_LT(month_steps(dates, 12).size(), 400U);  // only leap days move: a comparison or two a year
}

TEST(Expression, YearsAndMonthsOfEveryFirstAndLastDay) {
  const relation::ColumnSchema column{"d", Type::date(), false};
  ClearTable clear{{column}, {}, {}};
  for (int year = 1900; year <= 2078; year += 7)
    for (unsigned month = 1; month <= 12; ++month) {
      clear.add({day(year, month, 1)});
      clear.add({day(year, month, 1) - (year == 1900 && month == 1 ? 0 : 1)});
    }
  const Expr d = sql::column_expr(0, column);
  const std::vector<Expr> exprs = {sql::make_expr(Op::kYear, Type::integer(1900, 2079), {d}),
                                   sql::make_expr(Op::kMonth, Type::integer(1, 12), {d}),
                                   months_later(column, -12)};
  const Evaluated all = evaluate_all(exprs, clear);
  for (size_t i = 0; i < exprs.size(); ++i) check(exprs[i], clear, all.results[i], all.sent[i]);
}

// ---- comparisons: every pair of small values, constants inside and outside the bounds, both sides

TEST(Expression, EveryComparisonOfSmallSignedValues) {
  const std::vector<relation::ColumnSchema> columns = {{"a", Type::integer(-5, 4), true},
                                                       {"b", Type::integer(-2, 9), true}};
  ClearTable clear{columns, {}, {}};
  for (int64_t a = -5; a <= 4; ++a)
    for (int64_t b = -2; b <= 9; ++b) clear.add({a, b});
  clear.add({std::nullopt, 3});
  clear.add({3, std::nullopt});
  clear.add({std::nullopt, std::nullopt});
  const Expr a = sql::column_expr(0, columns[0]), b = sql::column_expr(1, columns[1]);
  std::vector<Expr> exprs;
  for (Op op = Op::kEqual; op <= Op::kGreaterEqual; op = static_cast<Op>(static_cast<int>(op) + 1)) {
    exprs.push_back(sql::make_expr(op, Type::boolean(), {a, b}));
    for (int64_t c : {-1000, -6, -5, -1, 0, 4, 5, 1000}) {
      const Expr constant = sql::constant_expr(Type::integer(c, c), c);
      exprs.push_back(sql::make_expr(op, Type::boolean(), {a, constant}));
      exprs.push_back(sql::make_expr(op, Type::boolean(), {constant, b}));
    }
    exprs.push_back(sql::make_expr(op, Type::boolean(), {a, sql::null_expr(Type::integer(0, 0))}));
  }
  const Evaluated all = evaluate_all(exprs, clear);
  for (size_t i = 0; i < exprs.size(); ++i) check(exprs[i], clear, all.results[i], all.sent[i]);
}

// The widest values that the binder allows: 62 bits with sign.
TEST(Expression, WidestValues) {
  const int64_t most = (int64_t{1} << 61) - 1;
  const std::vector<relation::ColumnSchema> columns = {{"a", Type::integer(-most - 1, most), false},
                                                       {"b", Type::integer(0, most), false}};
  ClearTable clear{columns, {}, {}};
  for (int64_t a : {-most - 1, -most, int64_t{-1}, int64_t{0}, int64_t{1}, most - 1, most})
    for (int64_t b : {int64_t{0}, int64_t{1}, most - 1, most}) clear.add({a, b});
  const Expr a = sql::column_expr(0, columns[0]), b = sql::column_expr(1, columns[1]);
  std::vector<Expr> exprs;
  for (Op op = Op::kEqual; op <= Op::kGreaterEqual; op = static_cast<Op>(static_cast<int>(op) + 1)) {
    exprs.push_back(sql::make_expr(op, Type::boolean(), {a, b}));
    for (int64_t c : {-most - 1, int64_t{0}, most})
      exprs.push_back(sql::make_expr(op, Type::boolean(), {a, sql::constant_expr(Type::integer(c, c), c)}));
    exprs.push_back(
        sql::make_expr(op, Type::boolean(), {b, sql::constant_expr(Type::integer(most, most), most)}));
  }
  const Evaluated all = evaluate_all(exprs, clear);
  for (size_t i = 0; i < exprs.size(); ++i) check(exprs[i], clear, all.results[i], all.sent[i]);
}

}  // namespace
}  // namespace sluis::engine
