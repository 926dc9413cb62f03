// Area data: what marginal shares can and cannot say about persons. Only for open data, always with the
// warning that it concerns areas.
#pragma once

#include <span>

#include "base/result.h"

namespace sluis::epi {

// One area: share x of its persons is exposed, share y has the outcome.
struct Area {
  double x = 0;
  double y = 0;
};
struct Bounds {
  double exposed_lower = 0, exposed_upper = 1;      // share with the outcome among the exposed, W1
  double unexposed_lower = 0, unexposed_upper = 1;  // among the unexposed, W2
};

// Duncan & Davis (1953): W1 in [max(0, (y-(1-x))/x), min(1, y/x)], W2 in [max(0, (y-x)/(1-x)), min(1,
// y/(1-x))]; [0, 1] for a group that does not exist. REQUIRES: shares within [0, 1].
Bounds duncan_davis(const Area& area);

// Goodman's (1953) regression y = W2 + (W1 - W2) x, printed only beside the bounds: it can leave [0, 1].
struct EcologicalRegression {
  double exposed = 0;      // W1
  double unexposed = 0;    // W2
  double correlation = 0;  // between x and y over areas
};
// Errors: S1701 if fewer than three areas, or x or y does not vary.
Result<EcologicalRegression> goodman(std::span<const Area> areas);

}  // namespace sluis::epi
