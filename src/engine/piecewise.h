// Public step functions of a secret value: month arithmetic on dates, EXTRACT, recoding of categories.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/values.h"

namespace sluis::engine {

// f(v) = value of the last step with from <= v. Steps ascend; the first one's `from` is the type's lower
// bound.
struct Step {
  int64_t from = 0;
  int64_t value = 0;
};
using Steps = std::vector<Step>;

// f(x) in `planes` bits (two's complement): one comparison with a public constant per step after the first;
// the bits of f are local sums of those (neighbouring values differ by public masks).
SharedBits apply_steps(Session& session, const SharedColumn& x, const Steps& steps, size_t planes);
Cost cost_apply_steps(uint64_t rows, const Type& type, const Steps& steps);

// days(x + n months) - days(x) over the type's dates; EXTRACT(YEAR), EXTRACT(MONTH), ...; the code of the
// same text in another domain (a text absent there maps to 0: the binder shows it cannot occur).
Steps month_steps(const Type& date, int months);
Steps year_steps(const Type& date);
Steps month_of_year_steps(const Type& date);
Steps quarter_steps(const Type& date);
// calendar_code(day) - day.
Steps calendar_steps(const Type& date);
// age_years(day, constant), or age_years(constant, day).
Steps age_steps(const Type& date, int64_t constant, bool constant_first);
Steps recode_steps(const Type& from, const Type& to);

}  // namespace sluis::engine
