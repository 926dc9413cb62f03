#include "epi/attributable.h"

#include <cmath>

#include "base/check.h"
#include "epi/interval.h"
#include "epi/mantel_haenszel.h"
#include "epi/protected_counts.h"

namespace sluis::epi {
namespace {

// Interval of PAF from one of 1 - PAF on the log scale.
Estimate from_complement(double fraction, const Spread& spread, const Options& options) {
  const Estimate complement = interval_on_log_scale(Measure::kPopulationFraction, Method::kDeltaLogComplement,
                                                    1 - fraction, spread, options);
  Estimate estimate = complement;
  estimate.value = fraction;
  estimate.lower = 1 - complement.upper;
  estimate.upper = 1 - complement.lower;
  return estimate;
}

}  // namespace

Result<Estimate> population_fraction(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  if (t.c == 0 || t.a == 0) return zero_cell();
  const double n = t.total(), m = t.cases(), u = t.unexposed();
  const Gradient g{1 / n - 1 / m, 1 / n, 1 / t.c - 1 / u - 1 / m + 1 / n, 1 / n - 1 / u};
  const double variance = t.a * g[0] * g[0] + t.b * g[1] * g[1] + t.c * g[2] * g[2] + t.d * g[3] * g[3];
  return from_complement(1 - (t.c / u) / (m / n), {variance, released_norm(g, options.counted)}, options);
}

double miettinen_fraction(double exposed_among_cases, double ratio) {
  CHECK(exposed_among_cases >= 0 && exposed_among_cases <= 1 && ratio > 0);
  return exposed_among_cases * (1 - 1 / ratio);
}

namespace {

// ln(1 - PAF) of the strata, for central differences.
Result<double> log_complement(std::span<const TwoByTwo> strata) {
  SLUIS_ASSIGN(const Estimate ratio, mantel_haenszel_risk_ratio(strata));
  const TwoByTwo sum = collapse(strata);
  const double complement = 1 - miettinen_fraction(sum.a / sum.cases(), ratio.value);
  if (!(complement > 0)) return zero_cell();
  return std::log(complement);
}

}  // namespace

Result<Estimate> population_fraction_miettinen(std::span<const TwoByTwo> strata, const Options& options) {
  Options sampling_only = options;
  sampling_only.protection = {};
  SLUIS_ASSIGN(const Strata kept, usable_strata(strata));
  SLUIS_ASSIGN(const Estimate ratio, mantel_haenszel_risk_ratio(kept, sampling_only));
  SLUIS_ASSIGN(const double log_remaining, log_complement(kept));
  const TwoByTwo sum = collapse(kept);
  const double rr = ratio.value, p = sum.a / sum.cases(), remaining = std::exp(log_remaining);
  const double variance_log_rr = log_variance(ratio);
  const double excess = rr - 1, scale = p / (rr * remaining);
  const double variance =
      scale * scale *
      (variance_log_rr + 2 * excess / sum.a + sum.c * excess * excess / (sum.a * sum.cases()));
  SLUIS_ASSIGN(const double norm, released_norm_by_differences(kept, options.counted, log_complement));
  return from_complement(1 - remaining, {std::max(0.0, variance), norm}, options);
}

Estimate attributable_cases(const Estimate& fraction, double cases) {
  CHECK(fraction.measure == Measure::kPopulationFraction && cases >= 0);
  Estimate number = fraction;
  number.measure = Measure::kAttributableCases;
  number.value *= cases, number.lower *= cases, number.upper *= cases;
  return number;
}

Result<Estimate> population_risk_difference(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  const double n = t.total(), u = t.unexposed(), risk = t.cases() / n, u2 = u * u;
  const Gradient g{(1 - risk) / n, -risk / n, (1 - risk) / n - t.d / u2, -risk / n + t.c / u2};
  double first = 0, second = 0;
  const double cells[] = {t.a, t.b, t.c, t.d};
  for (size_t i = 0; i < g.size(); ++i) first += cells[i] * g[i], second += cells[i] * g[i] * g[i];
  const Spread spread{second - first * first / n, released_norm(g, options.counted)};
  return interval_on_own_scale(Measure::kPopulationRiskDifference, Method::kDelta, risk - t.c / u, spread,
                               options);
}

}  // namespace sluis::epi
