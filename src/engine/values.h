// Shared columns as SQL values: widths, signs and NULLs made alike before a protocol sees them. Mostly local.
#pragma once

#include <optional>

#include "mpc/cost.h"
#include "mpc/multiply.h"
#include "mpc/session.h"
#include "oblivious/shared_table.h"

namespace sluis::engine {

using mpc::Cost;
using mpc::Session;
using oblivious::SharedColumn;
using oblivious::SharedTable;
using relation::Type;
using sharing::SharedBits;

// The smallest type of the same kind as `a` that holds both.
Type common_type(const Type& a, const Type& b);

// Value planes of `column` in the width and sign of `type` (planes = type.bits()). Local. The caller (the
// binder) knows that every value fits.
SharedBits planes_as(const SharedColumn& column, const Type& type);
// The same as an unsigned order: the sign plane flipped if the type is signed. Local.
SharedBits ordered_planes(int party, const SharedColumn& column, const Type& type);
// A public value in the same form, for comparing with ordered_planes.
uint64_t ordered_constant(int64_t value, const Type& type);

// A column holding one public value in every row; NULL if `is_null`.
SharedColumn constant_column(int party, size_t rows, const Type& type, int64_t value, bool is_null);

// NULL where either is NULL: one plane, or nothing if neither can be. One AND round if both can be.
std::optional<SharedBits> either_null(Session& session, const SharedColumn& a, const SharedColumn& b);
Cost cost_either_null(uint64_t rows, bool a_nullable, bool b_nullable);

// 1 where a boolean column is true (not false, not NULL). One AND round if nullable.
SharedBits is_true(Session& session, const SharedColumn& boolean);
Cost cost_is_true(uint64_t rows, bool nullable);

}  // namespace sluis::engine
