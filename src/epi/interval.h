// How epi/ turns a variance into an interval: the one place where protection enters (section 8).
#pragma once

#include "epi/estimate.h"

namespace sluis::epi {

// What an interval is made of, on the scale of g (g = value, or g = ln value).
struct Spread {
  double sampling_variance = 0;
  double released_norm = 0;  // sum of (dg/dn)^2 over the released numbers
};

// value * exp(-+ z sqrt(V)). REQUIRES: value > 0, finite spread.
Estimate interval_on_log_scale(Measure measure, Method method, double value, const Spread& spread,
                               const Options& options);
// value -+ z sqrt(V).
Estimate interval_on_own_scale(Measure measure, Method method, double value, const Spread& spread,
                               const Options& options);
// Widens the arms of a score interval by z sqrt(v * norm) in quadrature, on the log scale or its own.
// REQUIRES: for the log scale 0 < lower <= value <= upper < infinity, unless the protection is off.
Estimate widen_log_scale(Estimate score, double released_norm, const Options& options);
Estimate widen_own_scale(Estimate score, double released_norm, const Options& options);

}  // namespace sluis::epi
