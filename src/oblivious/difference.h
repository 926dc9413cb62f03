// x < y when the caller has d = x ^ y at hand: the comparison of the sort.
#pragma once

#include "mpc/compare.h"

namespace sluis::oblivious {

// F: d, y -> [d ^ y < y], one plane; the same rounds and bytes as mpc::less by this recipe. `operands` holds
// the planes of d, then as many of y. The ripple runs in place over the planes, without a matrix per round.
// Security, Leaks: as mpc::less. Cost: mpc::cost_less.
sharing::SharedBits less_by_difference(mpc::Session& session, const sharing::SharedBits& operands,
                                       const mpc::CompareRecipe& recipe);

}  // namespace sluis::oblivious
