// Division, remainder, change of scale and age on shared columns: parts of expression.cc.
#pragma once

#include "engine/values.h"

namespace sluis::engine {

// The column at the scale of `type`: exact when finer, else rounded half away from zero. NULL stays NULL.
SharedColumn rescale(Session& session, const SharedColumn& x, const Type& type);
Cost cost_rescale(uint64_t rows, const Type& from, const Type& type);

// x / divisor truncated toward zero, and x - divisor * (x / divisor), as PostgreSQL. REQUIRES: divisor != 0.
SharedColumn divide(Session& session, const SharedColumn& x, int64_t divisor, const Type& type);
Cost cost_divide(uint64_t rows, const Type& from, int64_t divisor, const Type& type);
SharedColumn modulo(Session& session, const SharedColumn& x, int64_t divisor, const Type& type);
Cost cost_modulo(uint64_t rows, const Type& from, int64_t divisor, const Type& type);

// relation::age_years(to, from) of two secret dates: both as calendar codes (two public steps a year), whose
// difference divided by 512 is the age. NULL where either is.
SharedColumn age(Session& session, const SharedColumn& to, const SharedColumn& from, const Type& type);
// Without what telling NULLs costs.
Cost cost_age(uint64_t rows, const Type& to, const Type& from);

}  // namespace sluis::engine
