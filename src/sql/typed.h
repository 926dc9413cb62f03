// PostgreSQL's type rules with public bounds: builds typed expressions, refuses what does not fit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/ast.h"
#include "sql/expr.h"

namespace sluis::sql {

inline constexpr int kMaxBits = 62;            // of any value
inline constexpr size_t kMaxDomain = 65536;    // values of a category
inline constexpr size_t kMaxExprNodes = 4000;  // of one expression, after BETWEEN, IN, CASE are written out

// A bound expression and what PostgreSQL's rules need to know beside its type.
struct Bound {
  Expr expr;
  Place at;
  std::optional<std::string> literal;  // an untyped 'text': takes the type of what it stands beside
  bool untyped_null = false;           // NULL, likewise
  bool timestamp = false;              // date +- interval is a timestamp (at midnight) in PostgreSQL
  bool mixed_scale = false;            // PostgreSQL would print some values with fewer decimals than others
  bool opened = false;                 // part of a figure computed after opening: numbers of any length
};

// Neither an untyped literal nor an untyped NULL.
inline bool is_typed(const Bound& a) { return !a.literal && !a.untyped_null; }
// A bound expression, constants computed. Error: S1021.size.
Result<Bound> checked(Expr expr, Place at);

// ---- leaves
Bound bind_integer(int64_t value, Place at);
Bound bind_decimal(int64_t value, int scale, Place at);  // value * 10^-scale
Bound bind_boolean(bool value, Place at);
Bound bind_literal(std::string text, Place at);
Bound bind_null(Place at);

// ---- operators. Errors: S1021.types, .wide, .date_range, .literal, .domain, .size, .timestamp, .scale.
Result<Bound> bind_arithmetic(const std::string& op, Bound a, Bound b, Place at);  // + - *
// `/` and `%`. Errors: S1021.division_secret, .division_numeric, .division_zero.
Result<Bound> bind_division(const std::string& op, Bound a, Bound b, Place at);
Result<Bound> bind_negate(Bound a, Place at);
Result<Bound> bind_shift(Bound date, int64_t months, int64_t days, Place at);
// `closed`: comparing with a text that is no value of the column is an error (a study's domains are known).
Result<Bound> bind_comparison(const std::string& op, Bound a, Bound b, Place at, bool closed = false);
Result<Bound> bind_logical(Op op, std::vector<Bound> args, Place at);  // kAnd, kOr, kNot
Result<Bound> bind_null_test(Op op, Bound a, Place at);
// IS [NOT] TRUE, IS [NOT] FALSE.
Result<Bound> bind_truth_test(AstKind kind, Bound a, Place at);
Result<Bound> bind_distinct(bool negated, Bound a, Bound b, Place at);
Result<Bound> bind_case(std::vector<Bound> args, Place at);  // as Op::kCase
Result<Bound> bind_coalesce(std::vector<Bound> args, Place at);
Result<Bound> bind_null_if(Bound a, Bound b, Place at);
Result<Bound> bind_extreme(bool greatest, std::vector<Bound> args, Place at);
Result<Bound> bind_cast(const std::string& type, Bound a, Place at);  // int, bigint, bool, date, text
// CAST(a AS numeric(p, scale)), or AS numeric if `scale` is negative.
Result<Bound> bind_decimal_cast(int scale, Bound a, Place at);
// ROUND(a, decimals), or ROUND(a). Error: S1021.round_integer, .round.
Result<Bound> bind_round(Bound a, int decimals, bool given, Place at);
// EXTRACT(year FROM age(a, b)).
Result<Bound> bind_age(Bound a, Bound b, Place at);
Result<Bound> bind_extract(const std::string& part, Bound a, Place at);

// Gives all the same kind (and the same domain, if categories): PostgreSQL's rule for CASE, UNION and
// comparisons. `what` names the construct in the error.
Status unify(std::vector<Bound*> all, const std::string& what, Place at);
// Smallest type of the kind that holds the values of both. REQUIRES: same kind, same domain.
Type joint_type(const Type& a, const Type& b);
// S1021.timestamp_output or .mixed_scale if PostgreSQL would print the value, or hold it in a column,
// otherwise than we do.
Status check_printable(const Bound& a, Place at);
// The expression as boolean (a literal 't' becomes TRUE, NULL unknown), or S1021.types.
Result<Bound> as_boolean(Bound a, const std::string& what);
// The expression with a type of its own: an untyped literal becomes a category of one value. NULL is refused:
// S1021.untyped_null.
Result<Bound> as_value(Bound a);

}  // namespace sluis::sql
