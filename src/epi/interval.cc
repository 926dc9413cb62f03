#include "epi/interval.h"

#include <algorithm>
#include <cmath>

#include "epi/numeric.h"

namespace sluis::epi {
namespace {

double half_width(const Spread& spread, const Options& options) {
  // A variance that is 0 in exact arithmetic may come out a little below.
  const double variance =
      std::max(0.0, spread.sampling_variance) + options.protection.variance() * spread.released_norm;
  return normal_quantile(options.level) * std::sqrt(variance);
}

Estimate make(Measure measure, Method method, double value, const Options& options) {
  Estimate estimate{measure, method, value, value, value};
  estimate.level = options.level;
  estimate.noise_aware = options.protection.variance() > 0;
  return estimate;
}

}  // namespace

Estimate interval_on_log_scale(Measure measure, Method method, double value, const Spread& spread,
                               const Options& options) {
  Estimate estimate = make(measure, method, value, options);
  const double factor = std::exp(half_width(spread, options));
  estimate.lower = value / factor;
  estimate.upper = value * factor;
  return estimate;
}

Estimate interval_on_own_scale(Measure measure, Method method, double value, const Spread& spread,
                               const Options& options) {
  Estimate estimate = make(measure, method, value, options);
  const double half = half_width(spread, options);
  estimate.lower = value - half;
  estimate.upper = value + half;
  return estimate;
}

Estimate widen_log_scale(Estimate score, double released_norm, const Options& options) {
  if (options.protection.variance() <= 0) return score;
  const double extra = half_width({0, released_norm}, options);
  score.lower = score.value * std::exp(-std::hypot(std::log(score.value / score.lower), extra));
  score.upper = score.value * std::exp(std::hypot(std::log(score.upper / score.value), extra));
  score.noise_aware = true;
  return score;
}

Estimate widen_own_scale(Estimate score, double released_norm, const Options& options) {
  if (options.protection.variance() <= 0) return score;
  const double extra = half_width({0, released_norm}, options);
  score.lower = score.value - std::hypot(score.value - score.lower, extra);
  score.upper = score.value + std::hypot(score.upper - score.value, extra);
  score.noise_aware = true;
  return score;
}

}  // namespace sluis::epi
