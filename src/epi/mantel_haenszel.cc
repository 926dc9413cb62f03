#include "epi/mantel_haenszel.h"

#include <cmath>

#include "epi/interval.h"

namespace sluis::epi {
namespace {

// Sum over strata of the released norm of d ln(R+/S+), where stratum k contributes r and s with gradients
// r_by, s_by.
double ratio_norm(const Gradient& r_by, const Gradient& s_by, double r_sum, double s_sum, Counted counted) {
  Gradient g;
  for (size_t i = 0; i < g.size(); ++i) g[i] = r_by[i] / r_sum - s_by[i] / s_sum;
  return released_norm(g, counted);
}

struct RiskRatioSums {
  double r = 0, s = 0, variance = 0;
};

RiskRatioSums risk_ratio_sums(const Strata& strata) {
  RiskRatioSums sums;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), e = t.exposed(), u = t.unexposed();
    sums.r += t.a * u / n;
    sums.s += t.c * e / n;
    sums.variance += (t.cases() * e * u - t.a * t.c * n) / (n * n);
  }
  return sums;
}

double risk_ratio_norm(const Strata& strata, const RiskRatioSums& sums, Counted counted) {
  double norm = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), r = t.a * t.unexposed() / n, s = t.c * t.exposed() / n;
    const Gradient r_by{(t.unexposed() - r) / n, -r / n, (t.a - r) / n, (t.a - r) / n};
    const Gradient s_by{(t.c - s) / n, (t.c - s) / n, (t.exposed() - s) / n, -s / n};
    norm += ratio_norm(r_by, s_by, sums.r, sums.s, counted);
  }
  return norm;
}

// Gradients of R = AD/N and S = BC/N.
double odds_ratio_norm(const Strata& strata, double r_sum, double s_sum, Counted counted) {
  double norm = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), r = t.a * t.d / n, s = t.b * t.c / n;
    const Gradient r_by{(t.d - r) / n, -r / n, -r / n, (t.a - r) / n};
    const Gradient s_by{-s / n, (t.c - s) / n, (t.b - s) / n, -s / n};
    norm += ratio_norm(r_by, s_by, r_sum, s_sum, counted);
  }
  return norm;
}

struct DifferenceSums {
  double value = 0, weight = 0, released_norm = 0;
};

DifferenceSums difference_sums(const Strata& strata, Counted counted) {
  DifferenceSums sums;
  for (const TwoByTwo& t : strata) {
    sums.value += (t.a * t.unexposed() - t.c * t.exposed()) / t.total();
    sums.weight += t.exposed() * t.unexposed() / t.total();
  }
  sums.value /= sums.weight;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), e = t.exposed(), u = t.unexposed();
    const double x = (t.a * u - t.c * e) / n, w = e * u / n;
    const Gradient x_by{(u - t.c - x) / n, (-t.c - x) / n, (t.a - e - x) / n, (t.a - x) / n};
    const Gradient w_by{(u - w) / n, (u - w) / n, (e - w) / n, (e - w) / n};
    Gradient g;
    for (size_t i = 0; i < g.size(); ++i) g[i] = (x_by[i] - sums.value * w_by[i]) / sums.weight;
    sums.released_norm += released_norm(g, counted);
  }
  return sums;
}

}  // namespace

Result<Estimate> mantel_haenszel_risk_ratio(std::span<const TwoByTwo> all, const Options& options) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  const RiskRatioSums sums = risk_ratio_sums(strata);
  if (sums.r <= 0 || sums.s <= 0) return separated_strata();
  const Spread spread{sums.variance / (sums.r * sums.s), risk_ratio_norm(strata, sums, options.counted)};
  return interval_on_log_scale(Measure::kMantelHaenszelRiskRatio, Method::kGreenlandRobins, sums.r / sums.s,
                               spread, options);
}

Result<Estimate> mantel_haenszel_odds_ratio(std::span<const TwoByTwo> all, const Options& options) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  double r_sum = 0, s_sum = 0, pr = 0, mixed = 0, qs = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), r = t.a * t.d / n, s = t.b * t.c / n;
    const double p = (t.a + t.d) / n, q = (t.b + t.c) / n;
    r_sum += r, s_sum += s, pr += p * r, mixed += p * s + q * r, qs += q * s;
  }
  if (r_sum <= 0 || s_sum <= 0) return separated_strata();
  const double variance = pr / (2 * r_sum * r_sum) + mixed / (2 * r_sum * s_sum) + qs / (2 * s_sum * s_sum);
  const Spread spread{variance, odds_ratio_norm(strata, r_sum, s_sum, options.counted)};
  return interval_on_log_scale(Measure::kMantelHaenszelOddsRatio, Method::kRobinsBreslowGreenland,
                               r_sum / s_sum, spread, options);
}

Result<Estimate> mantel_haenszel_risk_difference(std::span<const TwoByTwo> all, const Options& options) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  const DifferenceSums sums = difference_sums(strata, options.counted);
  double first = 0, second = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), e = t.exposed(), u = t.unexposed();
    first += (e * e * t.c - u * u * t.a + e * u * (u - e) / 2) / (n * n);
    second += (t.a * (u - t.c) + t.c * (e - t.a)) / (2 * n);
  }
  const Spread spread{(sums.value * first + second) / (sums.weight * sums.weight), sums.released_norm};
  return interval_on_own_scale(Measure::kMantelHaenszelRiskDifference, Method::kSato, sums.value, spread,
                               options);
}

Result<Estimate> mantel_haenszel_risk_difference_greenland(std::span<const TwoByTwo> all,
                                                           const Options& options) {
  SLUIS_ASSIGN(const Strata strata, usable_strata(all));
  const DifferenceSums sums = difference_sums(strata, options.counted);
  double variance = 0;
  for (const TwoByTwo& t : strata) {
    const double n = t.total(), e = t.exposed(), u = t.unexposed();
    variance += (t.a * t.b * u * u * u + t.c * t.d * e * e * e) / (e * u * n * n);
  }
  const Spread spread{variance / (sums.weight * sums.weight), sums.released_norm};
  return interval_on_own_scale(Measure::kMantelHaenszelRiskDifference, Method::kGreenlandRobins, sums.value,
                               spread, options);
}

}  // namespace sluis::epi
