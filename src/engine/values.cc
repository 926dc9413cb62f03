#include "engine/values.h"

#include <algorithm>

#include "base/check.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {

Type common_type(const Type& a, const Type& b) {
  CHECK(a.kind == b.kind || a.kind == relation::Kind::kBoolean || b.kind == relation::Kind::kBoolean);
  Type both = a;
  both.lo = std::min(a.lo, b.lo);
  both.hi = std::max(a.hi, b.hi);
  return both;
}

SharedBits planes_as(const SharedColumn& column, const Type& type) {
  const size_t have = column.value.planes();
  const size_t want = static_cast<size_t>(type.bits());
  if (have == want) return column.value;
  if (have > want) return sharing::slice_planes(column.value, 0, want);
  return sharing::extend(column.value, want, column.type.is_signed());
}

SharedBits ordered_planes(int party, const SharedColumn& column, const Type& type) {
  SharedBits planes = planes_as(column, type);
  if (!type.is_signed()) return planes;
  const uint64_t top = uint64_t{1} << (type.bits() - 1);
  sharing::xor_into(planes, sharing::share_constant(party, planes.rows(), planes.planes(), top));
  return planes;
}

uint64_t ordered_constant(int64_t value, const Type& type) {
  const uint64_t mask = type.bits() == 64 ? ~uint64_t{0} : (uint64_t{1} << type.bits()) - 1;
  const uint64_t bits = static_cast<uint64_t>(value) & mask;
  return type.is_signed() ? bits ^ (uint64_t{1} << (type.bits() - 1)) : bits;
}

SharedColumn constant_column(int party, size_t rows, const Type& type, int64_t value, bool is_null) {
  SharedColumn column;
  column.type = type;
  const uint64_t mask = type.bits() == 64 ? ~uint64_t{0} : (uint64_t{1} << type.bits()) - 1;
  column.value = sharing::share_constant(party, rows, static_cast<size_t>(type.bits()),
                                         is_null ? 0 : static_cast<uint64_t>(value) & mask);
  if (is_null) column.null = sharing::share_constant(party, rows, 1, 1);
  return column;
}

std::optional<SharedBits> either_null(Session& session, const SharedColumn& a, const SharedColumn& b) {
  if (!a.null) return b.null;
  if (!b.null) return a.null;
  return mpc::or_(session, *a.null, *b.null);
}

Cost cost_either_null(uint64_t rows, bool a_nullable, bool b_nullable) {
  return a_nullable && b_nullable ? mpc::cost_and(rows, 1) : Cost{};
}

SharedBits is_true(Session& session, const SharedColumn& boolean) {
  if (!boolean.null) return boolean.value;
  return mpc::and_(session, boolean.value, sharing::not_(session.party(), *boolean.null));
}

Cost cost_is_true(uint64_t rows, bool nullable) { return nullable ? mpc::cost_and(rows, 1) : Cost{}; }

}  // namespace sluis::engine
