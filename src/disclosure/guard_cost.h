// What the guard sends, from public shapes only: for EXPLAIN and for the test that measures it.
#pragma once

#include <vector>

#include "disclosure/policy.h"
#include "mpc/cost.h"

namespace sluis::disclosure {

// Public widths of what the engine hands over.
struct GuardShape {
  std::vector<size_t> value_planes;  // per measure
  std::vector<bool> nullable;        // per measure: has a NULL plane
  size_t count_planes = 0;           // widest count of persons, households or owners
  std::vector<size_t> owners;        // per contributing table
};

// Exactly the rounds and bytes of Guard::protect. REQUIRES: check_protectable(output) found nothing.
mpc::Cost cost_protect(const GuardShape& shape, const OutputPolicy& output);
// Planes of each released figure (per measure): what release makes fresh shares of.
std::vector<size_t> released_planes(const GuardShape& shape, const OutputPolicy& output);

}  // namespace sluis::disclosure
