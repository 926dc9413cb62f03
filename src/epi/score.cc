// Score intervals: all values of the measure that a score test at `level` does not reject.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "epi/interval.h"
#include "epi/numeric.h"
#include "epi/ratio.h"

namespace sluis::epi {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Koopman's chi-square for p1/p0 = phi, with the restricted estimate of p1 in closed form.
double koopman_statistic(const TwoByTwo& t, double phi) {
  const double e = t.exposed(), u = t.unexposed(), n = t.total();
  const double sum = phi * (e + t.c) + t.a + u;
  const double root = std::sqrt(std::max(0.0, sum * sum - 4 * phi * n * t.cases()));
  const double p1 = 2 * phi * t.cases() / (sum + root);  // the smaller root, without cancellation
  const double deviation = t.a - e * p1;
  if (deviation == 0) return 0;
  return deviation * deviation / (e * p1 * (1 - p1)) * (1 + e * (phi - p1) / (u * (1 - p1)));
}

// The value in (lo, hi) where a function that falls from above 0 to below 0 crosses it; the nearest end if it
// does not cross.
double falling_root(const std::function<double(double)>& f, double lo, double hi) {
  for (int step = 0; step < 200 && hi - lo > 1e-16 * (std::abs(lo) + std::abs(hi)); ++step) {
    const double mid = lo + (hi - lo) / 2;
    (f(mid) > 0 ? lo : hi) = mid;
  }
  return lo + (hi - lo) / 2;
}

// Mee's chi-square for p1 - p0 = delta: variance at the likelihood's maximum under that restriction.
double mee_statistic(const TwoByTwo& t, double delta) {
  const double p0 = falling_root(
      [&](double p) { return t.a / (p + delta) - t.b / (1 - p - delta) + t.c / p - t.d / (1 - p); },
      std::max(0.0, -delta), std::min(1.0, 1 - delta));
  const double p1 = p0 + delta;
  const double deviation = t.a / t.exposed() - t.c / t.unexposed() - delta;
  const double variance = p1 * (1 - p1) / t.exposed() + p0 * (1 - p0) / t.unexposed();
  if (deviation == 0) return 0;
  return variance <= 0 ? kInfinity : deviation * deviation / variance;
}

// Score chi-square for an odds ratio psi: p1 = psi p0/(1 - p0 + psi p0) with E p1 + U p0 = M.
double odds_statistic(const TwoByTwo& t, double psi) {
  const double e = t.exposed(), u = t.unexposed(), m = t.cases();
  const double p0 = falling_root([&](double p) { return m - u * p - e * psi * p / (1 - p + psi * p); }, 0, 1);
  const double p1 = psi * p0 / (1 - p0 + psi * p0);
  const double deviation = t.a - e * p1;
  return deviation * deviation * (1 / (e * p1 * (1 - p1)) + 1 / (u * p0 * (1 - p0)));
}

// Where `statistic`, 0 at the estimate, reaches `critical` between `from` and `to`; `to` if it does not. A
// statistic can be infinite far out, so the search sees it bounded: s/(s + critical) - 1/2.
double limit(const std::function<double(double)>& statistic, double critical, double from, double to) {
  const auto bounded = [&](double x) {
    const double s = statistic(x);
    return std::isfinite(s) ? s / (s + critical) - 0.5 : 0.5;
  };
  return find_root(bounded, from, to).value_or(to);
}

Estimate score(Measure measure, Method method, double level) {
  Estimate estimate{measure, method};
  estimate.level = level;
  return estimate;
}

constexpr double kFarLog = 40;  // e^40: beyond every ratio of counts below 1e12

}  // namespace

Result<Estimate> risk_ratio_koopman(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  const bool at_edge = t.a == 0 || t.c == 0;
  if (t.cases() == 0 || (at_edge && options.protection.variance() > 0)) return zero_cell();
  const double z = normal_quantile(options.level), critical = z * z;
  const auto statistic = [&](double log_phi) { return koopman_statistic(t, std::exp(log_phi)); };
  Estimate estimate = score(Measure::kRiskRatio, Method::kKoopmanScore, options.level);
  estimate.value = t.c == 0 ? kInfinity : (t.a / t.exposed()) / (t.c / t.unexposed());
  const double start = t.c == 0 ? kFarLog : t.a == 0 ? -kFarLog : std::log(estimate.value);
  estimate.lower = t.a == 0 ? 0 : std::exp(limit(statistic, critical, start, -kFarLog));
  estimate.upper = t.c == 0 ? kInfinity : std::exp(limit(statistic, critical, start, kFarLog));
  if (at_edge) return estimate;
  return widen_log_scale(estimate, released_norm(gradient_log_risk_ratio(t), options.counted), options);
}

Result<Estimate> risk_difference_mee(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  const double z = normal_quantile(options.level), critical = z * z;
  const auto statistic = [&](double delta) { return mee_statistic(t, delta); };
  Estimate estimate = score(Measure::kRiskDifference, Method::kMeeScore, options.level);
  estimate.value = t.a / t.exposed() - t.c / t.unexposed();
  constexpr double kEdge = 1 - 1e-12;
  estimate.lower = estimate.value <= -kEdge ? -1 : limit(statistic, critical, estimate.value, -kEdge);
  estimate.upper = estimate.value >= kEdge ? 1 : limit(statistic, critical, estimate.value, kEdge);
  estimate = widen_own_scale(estimate, released_norm(gradient_risk_difference(t), options.counted), options);
  estimate.lower = std::max(estimate.lower, -1.0);
  estimate.upper = std::min(estimate.upper, 1.0);
  return estimate;
}

Result<Estimate> odds_ratio_score(const TwoByTwo& t, const Options& options) {
  SLUIS_TRY(check_table(t));
  if (t.smallest() == 0) return zero_cell();
  const double z = normal_quantile(options.level), critical = z * z;
  const auto statistic = [&](double log_psi) { return odds_statistic(t, std::exp(log_psi)); };
  Estimate estimate = score(Measure::kOddsRatio, Method::kOddsRatioScore, options.level);
  estimate.value = t.a * t.d / (t.b * t.c);
  const double start = std::log(estimate.value);
  estimate.lower = std::exp(limit(statistic, critical, start, start - 20));
  estimate.upper = std::exp(limit(statistic, critical, start, start + 20));
  return widen_log_scale(estimate, released_norm(gradient_log_odds_ratio(t), options.counted), options);
}

Result<Estimate> proportion(double cases, double persons, const Options& options) {
  const TwoByTwo as_table{cases, persons - cases, 0, 1};
  if (!(persons > 0) || !check_table(as_table).ok()) return unusable_table();
  const double z = normal_quantile(options.level), z2 = z * z, p = cases / persons;
  const double centre = (p + z2 / (2 * persons)) / (1 + z2 / persons);
  const double half =
      z * std::sqrt(p * (1 - p) / persons + z2 / (4 * persons * persons)) / (1 + z2 / persons);
  Estimate estimate = score(Measure::kProportion, Method::kWilsonScore, options.level);
  estimate.value = p;
  estimate.lower = std::min(p, centre - half);
  estimate.upper = std::max(p, centre + half);
  // d p/d cases and d p/d persons, or by cases and non-cases.
  const double by_a = (persons - cases) / (persons * persons), by_b = -cases / (persons * persons);
  estimate = widen_own_scale(estimate, released_norm({by_a, by_b, 0, 0}, options.counted), options);
  estimate.lower = std::max(estimate.lower, 0.0);
  estimate.upper = std::min(estimate.upper, 1.0);
  return estimate;
}

}  // namespace sluis::epi
