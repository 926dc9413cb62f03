// AND, OR, comparison and CASE under SQL's three-valued logic: parts of expression.cc.
#pragma once

#include <vector>

#include "engine/values.h"
#include "sql/plan.h"

namespace sluis::engine {

// a AND b, a OR b on boolean columns (false AND NULL = false, true OR NULL = true).
SharedColumn and3(Session& session, const SharedColumn& a, const SharedColumn& b);
SharedColumn or3(Session& session, const SharedColumn& a, const SharedColumn& b);
SharedColumn not3(int party, SharedColumn a);
Cost cost_and3(uint64_t rows, bool a_nullable, bool b_nullable);  // and of or3

// op is one of the six comparisons; operands of comparable types. NULL if either is NULL.
SharedColumn compare(Session& session, sql::Op op, const SharedColumn& a, const SharedColumn& b);
Cost cost_compare(sql::Op op, uint64_t rows, const Type& a, bool a_nullable, const Type& b, bool b_nullable);
// The same with a public, non-NULL right side.
SharedColumn compare_constant(Session& session, sql::Op op, const SharedColumn& a, const Type& type,
                              int64_t constant);
Cost cost_compare_constant(sql::Op op, uint64_t rows, const Type& type, int64_t constant);

// One arm of a CASE: the value where no earlier condition was true and this one is.
struct Branch {
  SharedBits condition;  // one plane, 1 = true
  SharedColumn value;
};
// First branch whose condition is true, else `otherwise`. Conditions are chained (one AND a branch), values
// are then one inner product: one round, whatever the number of branches. `type`, `nullable` as the binder
// says.
SharedColumn choose(Session& session, const std::vector<Branch>& branches, const SharedColumn& otherwise,
                    const Type& type, bool nullable);
Cost cost_choose(uint64_t rows, size_t branches, const Type& type, bool nullable);

}  // namespace sluis::engine
