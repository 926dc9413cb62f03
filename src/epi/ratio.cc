#include "epi/ratio.h"

#include <algorithm>
#include <cmath>

#include "epi/interval.h"

namespace sluis::epi {

Gradient gradient_log_risk_ratio(const TwoByTwo& t) {
  return {1 / t.a - 1 / t.exposed(), -1 / t.exposed(), 1 / t.unexposed() - 1 / t.c, 1 / t.unexposed()};
}

Gradient gradient_risk_difference(const TwoByTwo& t) {
  const double e2 = t.exposed() * t.exposed(), u2 = t.unexposed() * t.unexposed();
  return {t.b / e2, -t.a / e2, -t.d / u2, t.c / u2};
}

Gradient gradient_log_odds_ratio(const TwoByTwo& t) { return {1 / t.a, -1 / t.b, -1 / t.c, 1 / t.d}; }

Result<Estimate> risk_ratio_log_wald(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  if (t.a == 0 || t.c == 0) return zero_cell();
  const double value = (t.a / t.exposed()) / (t.c / t.unexposed());
  const Spread spread{1 / t.a - 1 / t.exposed() + 1 / t.c - 1 / t.unexposed(),
                      released_norm(gradient_log_risk_ratio(t), options.counted)};
  return interval_on_log_scale(Measure::kRiskRatio, Method::kLogWald, value, spread, options);
}

Result<Estimate> risk_ratio(const TwoByTwo& table, const Options& options) {
  return table.smallest() < 20 ? risk_ratio_koopman(table, options) : risk_ratio_log_wald(table, options);
}

Result<Estimate> risk_difference_wald(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  const double e = t.exposed(), u = t.unexposed();
  const Spread spread{t.a * t.b / (e * e * e) + t.c * t.d / (u * u * u),
                      released_norm(gradient_risk_difference(t), options.counted)};
  return interval_on_own_scale(Measure::kRiskDifference, Method::kWald, t.a / e - t.c / u, spread, options);
}

Result<Estimate> number_needed(const TwoByTwo& table, const Options& options) {
  SLUIS_ASSIGN(const Estimate difference, risk_difference_wald(table, options));
  if (difference.value == 0 || difference.includes(0)) return zero_cell();
  Estimate number = difference;
  number.measure = Measure::kNumberNeeded;
  number.value = 1 / difference.value;
  number.lower = 1 / difference.upper;
  number.upper = 1 / difference.lower;
  return number;
}

Result<Estimate> odds_ratio_log_wald(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  if (t.smallest() == 0) return zero_cell();
  const Spread spread{1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d,
                      released_norm(gradient_log_odds_ratio(t), options.counted)};
  return interval_on_log_scale(Measure::kOddsRatio, Method::kLogWald, t.a * t.d / (t.b * t.c), spread,
                               options);
}

Result<Estimate> attributable_fraction(const TwoByTwo& table, const Options& options) {
  SLUIS_ASSIGN(const Estimate ratio, risk_ratio_log_wald(table, options));
  Estimate fraction = ratio;
  fraction.measure = Measure::kAttributableFraction;
  fraction.method = Method::kRiskRatioLimits;
  fraction.value = 1 - 1 / ratio.value;
  fraction.lower = 1 - 1 / ratio.lower;
  fraction.upper = 1 - 1 / ratio.upper;
  return fraction;
}

}  // namespace sluis::epi
