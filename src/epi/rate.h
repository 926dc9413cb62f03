// Person-time: events a over time T1 among the exposed, c over T0 among the unexposed; T = T1 + T0, m = a +
// c.
#pragma once

#include <span>

#include "epi/estimate.h"

namespace sluis::epi {

struct RateTable {
  double cases_exposed = 0;    // a
  double time_exposed = 0;     // T1, person-time in any unit
  double cases_unexposed = 0;  // c
  double time_unexposed = 0;   // T0, same unit
};

// IRR = (a/T1)/(c/T0). Interval: log-Wald, var ln = 1/a + 1/c. The protection widens it by v (1/a^2 + 1/c^2)
// (counts only; noise on person-time is not included). Errors: S1701; S1702 if a or c is 0.
Result<Estimate> rate_ratio_wald(const RateTable& table, const Options& options = {});
// Exact interval: a is binomial given a + c; Clopper-Pearson limits of the share. Protection is ignored.
Result<Estimate> rate_ratio_exact(const RateTable& table, const Options& options = {});
// Median-unbiased estimate and mid-P limits (Rothman). Protection is ignored. REQUIRES: whole numbers.
Result<Estimate> rate_ratio_mid_p(const RateTable& table, const Options& options = {});
// a/T1 - c/T0. Interval: Wald, var = a/T1^2 + c/T0^2. Errors: S1701.
Result<Estimate> rate_difference(const RateTable& table, const Options& options = {});
// Two-sided exact p that the rates are equal: all splits of m cases not more probable than this one (R's
// binom.test rule). REQUIRES: whole numbers. Errors: S1701.
Result<TestResult> rate_test_exact(const RateTable& table);
// Mid-P: 2 min(tail + half the probability of a), at most 1. REQUIRES: whole numbers. Errors: S1701.
Result<TestResult> rate_test_mid_p(const RateTable& table);
// Chi-square score test (a - m T1/T)^2 / (m T1 T0/T^2).
Result<TestResult> rate_test_score(const RateTable& table);

// IRR_MH = sum(a T0/T) / sum(c T1/T); var ln = sum[T1 T0 m/T^2] / (sum(a T0/T) sum(c T1/T)) (Greenland &
// Robins 1985). Errors: S1701; S1703.
Result<Estimate> mantel_haenszel_rate_ratio(std::span<const RateTable> strata, const Options& options = {});

}  // namespace sluis::epi
