#include "epi/rate.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "epi/interval.h"
#include "epi/numeric.h"

namespace sluis::epi {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Status check_rates(const RateTable& t) {
  for (const double n : {t.cases_exposed, t.cases_unexposed})
    if (!std::isfinite(n) || n < 0 || n > 1e12) return unusable_table();
  for (const double time : {t.time_exposed, t.time_unexposed})
    if (!std::isfinite(time) || time <= 0 || time > 1e15) return unusable_table();
  return {};
}

double cases_of(const RateTable& t) { return t.cases_exposed + t.cases_unexposed; }
double time_of(const RateTable& t) { return t.time_exposed + t.time_unexposed; }

// Rate ratio from the share of the cases that is exposed.
double ratio_of_share(const RateTable& t, double share) {
  return share >= 1 ? kInfinity : share / (1 - share) * t.time_unexposed / t.time_exposed;
}

}  // namespace

Result<Estimate> rate_ratio_wald(const RateTable& t, const Options& options) {
  SLUIS_TRY(check_rates(t));
  const double a = t.cases_exposed, c = t.cases_unexposed;
  if (a == 0 || c == 0) return zero_cell();
  const Spread spread{1 / a + 1 / c, 1 / (a * a) + 1 / (c * c)};
  return interval_on_log_scale(Measure::kRateRatio, Method::kLogWald, ratio_of_share(t, a / (a + c)), spread,
                               options);
}

Result<Estimate> rate_ratio_exact(const RateTable& t, const Options& options) {
  SLUIS_TRY(check_rates(t));
  if (cases_of(t) < 1) return zero_cell();
  const auto [lower, upper] = clopper_pearson(t.cases_exposed, cases_of(t), options.level);
  return Estimate{
      Measure::kRateRatio,      Method::kConditionalExact, ratio_of_share(t, t.cases_exposed / cases_of(t)),
      ratio_of_share(t, lower), ratio_of_share(t, upper),  options.level};
}

Result<Estimate> rate_ratio_mid_p(const RateTable& t, const Options& options) {
  SLUIS_TRY(check_rates(t));
  const double a = t.cases_exposed, m = cases_of(t);
  if (m < 1 || a != std::floor(a) || m != std::floor(m)) return zero_cell();
  const auto upper_mid = [&](double share) {
    return 1 - binomial_cdf(a, m, share) + binomial_pmf(a, m, share) / 2;
  };
  const auto at = [&](double wanted, double edge) {
    const auto root = find_root([&](double share) { return upper_mid(share) - wanted; }, 1e-15, 1 - 1e-15);
    return ratio_of_share(t, root.value_or(edge));
  };
  const double tail = (1 - options.level) / 2;
  return Estimate{Measure::kRateRatio,
                  Method::kMidP,
                  at(0.5, a == 0 ? 0 : 1),
                  a == 0 ? 0 : at(tail, 0),
                  a == m ? kInfinity : at(1 - tail, 1),
                  options.level};
}

Result<Estimate> rate_difference(const RateTable& t, const Options& options) {
  SLUIS_TRY(check_rates(t));
  const double by_a = 1 / t.time_exposed, by_c = 1 / t.time_unexposed;
  const Spread spread{t.cases_exposed * by_a * by_a + t.cases_unexposed * by_c * by_c,
                      by_a * by_a + by_c * by_c};
  return interval_on_own_scale(Measure::kRateDifference, Method::kWald,
                               t.cases_exposed * by_a - t.cases_unexposed * by_c, spread, options);
}

Result<TestResult> rate_test_exact(const RateTable& t) {
  SLUIS_TRY(check_rates(t));
  const double m = cases_of(t);
  if (m < 1 || m > 1e7 || m != std::floor(m) || t.cases_exposed != std::floor(t.cases_exposed))
    return unusable_table();
  const double share = t.time_exposed / time_of(t), observed = binomial_pmf(t.cases_exposed, m, share);
  double sum = 0;
  for (double k = 0; k <= m; ++k) {
    const double p = binomial_pmf(k, m, share);
    if (p <= observed * (1 + 1e-7)) sum += p;
  }
  return TestResult{t.cases_exposed, 0, std::min(1.0, sum)};
}

Result<TestResult> rate_test_mid_p(const RateTable& t) {
  SLUIS_TRY(check_rates(t));
  const double a = t.cases_exposed, m = cases_of(t), share = t.time_exposed / time_of(t);
  if (m < 1 || m > 1e9 || m != std::floor(m) || a != std::floor(a)) return unusable_table();
  const double below = binomial_cdf(a, m, share) - binomial_pmf(a, m, share) / 2;
  return TestResult{a, 0, std::min(1.0, 2 * std::min(below, 1 - below))};
}

Result<TestResult> rate_test_score(const RateTable& t) {
  SLUIS_TRY(check_rates(t));
  const double m = cases_of(t), share = t.time_exposed / time_of(t);
  if (m == 0) return zero_cell();
  const double deviation = t.cases_exposed - m * share;
  const double statistic = deviation * deviation / (m * share * (1 - share));
  return TestResult{statistic, 1, chi_square_tail(statistic, 1)};
}

Result<Estimate> mantel_haenszel_rate_ratio(std::span<const RateTable> strata, const Options& options) {
  double r = 0, s = 0, variance = 0;
  for (const RateTable& t : strata) {
    SLUIS_TRY(check_rates(t));
    const double time = time_of(t);
    r += t.cases_exposed * t.time_unexposed / time;
    s += t.cases_unexposed * t.time_exposed / time;
    variance += t.time_exposed * t.time_unexposed * cases_of(t) / (time * time);
  }
  if (r <= 0 || s <= 0) return separated_strata();
  double norm = 0;
  for (const RateTable& t : strata) {
    const double by_a = t.time_unexposed / time_of(t) / r, by_c = t.time_exposed / time_of(t) / s;
    norm += by_a * by_a + by_c * by_c;
  }
  return interval_on_log_scale(Measure::kMantelHaenszelRateRatio, Method::kGreenlandRobins, r / s,
                               {variance / (r * s), norm}, options);
}

}  // namespace sluis::epi
