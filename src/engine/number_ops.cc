#include "engine/number_ops.h"

#include <algorithm>

#include "base/check.h"
#include "engine/piecewise.h"
#include "mpc/add.h"
#include "relation/date.h"
#include "relation/decimal.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {
namespace {

constexpr uint64_t kYearUnits = 512;  // of calendar_code

size_t planes_of(const Type& type) { return static_cast<size_t>(type.bits()); }
uint64_t bits_of(const Type& type) { return static_cast<uint64_t>(type.bits()); }

mpc::Division rounding(const Type& from, const Type& type) {
  const int64_t divisor = relation::power_of_ten(from.scale - type.scale);
  return {static_cast<uint64_t>(divisor), from.is_signed(), true};
}

mpc::Division truncating(const Type& from, int64_t divisor) {
  CHECK(divisor != 0);
  return {static_cast<uint64_t>(divisor < 0 ? -divisor : divisor), from.is_signed(), false};
}

uint64_t upscale(const Type& from, const Type& type) {
  return static_cast<uint64_t>(relation::power_of_ten(type.scale - from.scale));
}

SharedBits negated(Session& session, const SharedBits& x) {
  return mpc::subtract(session, sharing::share_constant(session.party(), x.rows(), x.planes(), 0), x);
}

// Differences of calendar codes of dates of these types.
Type code_difference(const Type& to, const Type& from) {
  return Type::integer(relation::calendar_code(to.lo) - relation::calendar_code(from.hi),
                       relation::calendar_code(to.hi) - relation::calendar_code(from.lo));
}

SharedBits code_planes(Session& session, const SharedColumn& date, const Type& type) {
  const SharedBits offset = apply_steps(session, date, calendar_steps(date.type), planes_of(type));
  return mpc::add(session, planes_as(date, type), offset);
}

}  // namespace

SharedColumn rescale(Session& session, const SharedColumn& x, const Type& type) {
  if (type.scale >= x.type.scale) {
    const SharedBits wide = planes_as(x, type);
    return {type, mpc::multiply_constant(session, wide, upscale(x.type, type), planes_of(type)), x.null};
  }
  const SharedColumn quotient{x.type, mpc::divide_constant(session, x.value, rounding(x.type, type)),
                              std::nullopt};
  return {type, planes_as(quotient, type), x.null};
}

Cost cost_rescale(uint64_t rows, const Type& from, const Type& type) {
  if (type.scale >= from.scale)
    return mpc::cost_multiply_constant(rows, bits_of(type), upscale(from, type), bits_of(type));
  return mpc::cost_divide_constant(rows, bits_of(from), rounding(from, type));
}

SharedColumn divide(Session& session, const SharedColumn& x, int64_t divisor, const Type& type) {
  const SharedColumn quotient{x.type, mpc::divide_constant(session, x.value, truncating(x.type, divisor)),
                              std::nullopt};
  SharedBits value = planes_as(quotient, type);
  if (divisor < 0) value = negated(session, value);
  return {type, std::move(value), x.null};
}

Cost cost_divide(uint64_t rows, const Type& from, int64_t divisor, const Type& type) {
  const Cost quotient = mpc::cost_divide_constant(rows, bits_of(from), truncating(from, divisor));
  return divisor < 0 ? quotient + mpc::cost_add(rows, bits_of(type)) : quotient;
}

SharedColumn modulo(Session& session, const SharedColumn& x, int64_t divisor, const Type& type) {
  const mpc::Division division = truncating(x.type, divisor);
  const SharedColumn quotient{x.type, mpc::divide_constant(session, x.value, division), std::nullopt};
  const SharedBits multiple =
      mpc::multiply_constant(session, planes_as(quotient, type), division.divisor, planes_of(type));
  return {type, mpc::subtract(session, planes_as(x, type), multiple), x.null};
}

Cost cost_modulo(uint64_t rows, const Type& from, int64_t divisor, const Type& type) {
  const mpc::Division division = truncating(from, divisor);
  return mpc::cost_divide_constant(rows, bits_of(from), division) +
         mpc::cost_multiply_constant(rows, bits_of(type), division.divisor, bits_of(type)) +
         mpc::cost_add(rows, bits_of(type));
}

SharedColumn age(Session& session, const SharedColumn& to, const SharedColumn& from, const Type& type) {
  const Type wide = code_difference(to.type, from.type);
  const SharedBits later = code_planes(session, to, wide);
  const SharedColumn difference{wide, mpc::subtract(session, later, code_planes(session, from, wide)),
                                std::nullopt};
  return divide(session, {wide, difference.value, either_null(session, to, from)}, kYearUnits, type);
}

Cost cost_age(uint64_t rows, const Type& to, const Type& from) {
  const Type wide = code_difference(to, from);
  const auto code = [&](const Type& date) {
    return cost_apply_steps(rows, date, calendar_steps(date)) + mpc::cost_add(rows, bits_of(wide));
  };
  return code(to) + code(from) + mpc::cost_add(rows, bits_of(wide)) +
         cost_divide(rows, wide, kYearUnits, wide);
}

}  // namespace sluis::engine
