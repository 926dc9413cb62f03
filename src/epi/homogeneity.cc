// Tests over strata: is there an association at all, and do the strata agree?
#include <algorithm>
#include <cmath>

#include "epi/mantel_haenszel.h"
#include "epi/numeric.h"
#include "epi/ratio.h"

namespace sluis::epi {
namespace {

TestResult chi_square(double statistic, double degrees) {
  return {statistic, degrees, chi_square_tail(statistic, degrees)};
}

// sum w (x - mean)^2 with the weighted mean: K - 1 degrees of freedom.
struct WeightedSpread {
  double weight = 0, first = 0, second = 0;
  int count = 0;
  void add(double x, double w) { weight += w, first += w * x, second += w * x * x, ++count; }
  TestResult test() const { return chi_square(second - first * first / weight, count - 1); }
};

// Fitted A of one stratum under a common odds ratio psi: the root of A (U - M + A) = psi (E - A)(M - A)
// between max(0, M - U) and min(E, M).
double fitted_count(const TwoByTwo& t, double psi) {
  const double e = t.exposed(), u = t.unexposed(), m = t.cases();
  if (std::abs(psi - 1) < 1e-12) return e * m / t.total();
  const double qa = 1 - psi, qb = u - m + psi * (e + m), qc = -psi * e * m;
  const double root = std::sqrt(std::max(0.0, qb * qb - 4 * qa * qc));
  // q-form: no cancellation whichever sign qb has; the feasible root is the one inside the margins.
  const double q = -(qb + std::copysign(root, qb)) / 2;
  const double x1 = q / qa, x2 = qc / q;
  const double lo = std::max(0.0, m - u), hi = std::min(e, m);
  return x2 >= lo && x2 <= hi ? x2 : x1;
}

}  // namespace

Result<TestResult> cochran_mantel_haenszel(std::span<const TwoByTwo> all, bool continuity) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  double deviation = 0, variance = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), e = t.exposed(), u = t.unexposed(), m = t.cases();
    if (n <= 1) continue;
    deviation += t.a - e * m / n;
    variance += e * u * m * (n - m) / (n * n * (n - 1));
  }
  if (variance <= 0) return separated_strata();
  const double distance = std::abs(deviation);
  const double corrected = distance - (continuity && distance >= 0.5 ? 0.5 : 0);
  return chi_square(corrected * corrected / variance, 1);
}

Result<TestResult> woolf_homogeneity(std::span<const TwoByTwo> all) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  if (strata.size() < 2) return separated_strata();
  WeightedSpread spread;
  for (const TwoByTwo& t : strata) {
    const double a = t.a + 0.5, b = t.b + 0.5, c = t.c + 0.5, d = t.d + 0.5;
    spread.add(std::log(a * d / (b * c)), 1 / (1 / a + 1 / b + 1 / c + 1 / d));
  }
  return spread.test();
}

Result<TestResult> risk_ratio_homogeneity(std::span<const TwoByTwo> all) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  if (strata.size() < 2) return separated_strata();
  WeightedSpread spread;
  for (const TwoByTwo& t : strata) {
    const double variance = 1 / t.a - 1 / t.exposed() + 1 / t.c - 1 / t.unexposed();
    if (t.a == 0 || t.c == 0 || variance <= 0) return zero_cell();
    spread.add(std::log(t.a * t.unexposed() / (t.exposed() * t.c)), 1 / variance);
  }
  return spread.test();
}

Result<TestResult> breslow_day_homogeneity(std::span<const TwoByTwo> all, bool tarone_correction) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  SLUIS_ASSIGN(const Estimate common, mantel_haenszel_odds_ratio(all));
  double statistic = 0, deviations = 0, variances = 0;
  int informative = 0;
  for (const TwoByTwo& t : strata) {
    if (t.cases() == 0 || t.noncases() == 0) continue;  // says nothing about an odds ratio
    const double fitted = fitted_count(t, common.value);
    const double b = t.exposed() - fitted, c = t.cases() - fitted, d = t.unexposed() - c;
    if (!(fitted > 0) || b <= 0 || c <= 0 || d <= 0) continue;  // beyond double precision
    const double variance = 1 / (1 / fitted + 1 / b + 1 / c + 1 / d), deviation = t.a - fitted;
    statistic += deviation * deviation / variance;
    deviations += deviation, variances += variance;
    ++informative;
  }
  if (informative < 2) return separated_strata();
  if (tarone_correction) statistic -= deviations * deviations / variances;
  return chi_square(statistic, informative - 1);
}

}  // namespace sluis::epi
