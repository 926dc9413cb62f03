// Numbers: integers, decimals of a fixed scale, and PostgreSQL's numeric after opening. Inside of typed.h.
#pragma once

#include <string>
#include <vector>

#include "sql/typed.h"

namespace sluis::sql {

inline bool is_number(const Type& type) {
  return type.kind == relation::Kind::kInteger || type.kind == relation::Kind::kDecimal ||
         type.kind == relation::Kind::kNumeric;
}
// numeric in PostgreSQL, so that `/` keeps decimals.
inline bool is_numeric(const Type& type) {
  return is_number(type) && (type.kind != relation::Kind::kInteger || type.held == relation::Held::kNumeric);
}
// A decimal, or an integer if scale is 0.
Type number_type(int64_t lo, int64_t hi, int scale, relation::Held held);
// What PostgreSQL holds the two in together.
relation::Held joint_held(relation::Held a, relation::Held b);

// An untyped literal or NULL as a value of `type`'s kind. REQUIRES: not typed. Error: S1021.literal.
Status take_type(Bound& a, const Type& type);
Error types_error(const std::string& what, const Bound& a, const Bound& b, Place at);
// Dates from lo to hi. Error: S1021.date_range.
Result<Type> date_type(int64_t lo, int64_t hi, const std::string& what, Place at);
// `5 < x` is `x > 5`.
Op mirrored(Op op);

// unify() of numbers: one scale for all; marks them mixed_scale if PostgreSQL would print them with different
// numbers of decimals. REQUIRES: all typed numbers. Error: S1021.wide.
Status unify_numbers(const std::vector<Bound*>& all, Place at);
// REQUIRES: typed numbers.
Result<Bound> bind_number_comparison(Op op, Bound a, Bound b, Place at);
// CAST of a number AS integer or bigint.
Result<Bound> bind_integer_cast(relation::Held held, Bound a, Place at);

}  // namespace sluis::sql
