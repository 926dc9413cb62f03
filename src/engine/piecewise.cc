#include "engine/piecewise.h"

#include <algorithm>
#include <functional>

#include "mpc/compare.h"
#include "relation/date.h"
#include "sharing/bits_ops.h"

namespace sluis::engine {
namespace {

std::vector<uint64_t> thresholds(const Type& type, const Steps& steps) {
  std::vector<uint64_t> constants;
  for (size_t k = 1; k < steps.size(); ++k) constants.push_back(ordered_constant(steps[k].from, type));
  return constants;
}

// The steps of f over [lo, hi], one value at a time: at most 65,536 dates or one domain.
Steps tabulate(int64_t lo, int64_t hi, const std::function<int64_t(int64_t)>& f) {
  Steps steps;
  for (int64_t v = lo; v <= hi; ++v) {
    const int64_t value = f(v);
    if (steps.empty() || steps.back().value != value) steps.push_back({v, value});
  }
  return steps;
}

}  // namespace

SharedBits apply_steps(Session& session, const SharedColumn& x, const Steps& steps, size_t planes) {
  const uint64_t mask = planes >= 64 ? ~uint64_t{0} : (uint64_t{1} << planes) - 1;
  const auto bits = [&](size_t k) { return static_cast<uint64_t>(steps[k].value) & mask; };
  SharedBits result = sharing::share_constant(session.party(), x.value.rows(), planes, bits(0));
  const std::vector<uint64_t> constants = thresholds(x.type, steps);
  if (constants.empty()) return result;
  const SharedBits below =
      mpc::less_constants(session, ordered_planes(session.party(), x, x.type), constants);
  for (size_t k = 1; k < steps.size(); ++k) {
    const SharedBits reached = sharing::not_(session.party(), sharing::slice_planes(below, k - 1, 1));
    sharing::xor_into(result,
                      sharing::and_public(sharing::broadcast_plane(reached, planes), bits(k) ^ bits(k - 1)));
  }
  return result;
}

Cost cost_apply_steps(uint64_t rows, const Type& type, const Steps& steps) {
  const std::vector<uint64_t> constants = thresholds(type, steps);
  return constants.empty() ? Cost{}
                           : mpc::cost_less_constants(rows, static_cast<uint64_t>(type.bits()), constants);
}

Steps month_steps(const Type& date, int months) {
  return tabulate(date.lo, date.hi, [&](int64_t day) { return relation::add_months(day, months) - day; });
}

Steps year_steps(const Type& date) {
  return tabulate(date.lo, date.hi, [](int64_t day) { return int64_t{relation::year_of(day)}; });
}

Steps month_of_year_steps(const Type& date) {
  return tabulate(date.lo, date.hi, [](int64_t day) { return int64_t{relation::month_of(day)}; });
}

Steps quarter_steps(const Type& date) {
  return tabulate(date.lo, date.hi, [](int64_t day) { return int64_t{relation::quarter_of(day)}; });
}

Steps calendar_steps(const Type& date) {
  return tabulate(date.lo, date.hi, [](int64_t day) { return relation::calendar_code(day) - day; });
}

Steps age_steps(const Type& date, int64_t constant, bool constant_first) {
  return tabulate(date.lo, date.hi, [&](int64_t day) {
    return constant_first ? relation::age_years(constant, day) : relation::age_years(day, constant);
  });
}

Steps recode_steps(const Type& from, const Type& to) {
  return tabulate(from.lo, from.hi, [&](int64_t code) {
    return std::max<int64_t>(0, to.code(from.domain[static_cast<size_t>(code)]));
  });
}

}  // namespace sluis::engine
