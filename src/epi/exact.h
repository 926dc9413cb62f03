// Tests and exact intervals for one 2x2 table.
#pragma once

#include "epi/table.h"

namespace sluis::epi {

// Pearson's chi-square, uncorrected, or with Yates' correction (only where readers expect to see it: after
// rounding neither Yates nor Fisher is exact). Errors: S1701; S1702 if a margin is 0.
Result<TestResult> pearson_chi_square(const TwoByTwo& table, bool yates = false);

// Fisher's two-sided p: sum of the probabilities of all tables with these margins that are not more probable
// than this one (R's rule, with its relative slack of 1e-7). REQUIRES: whole numbers. Errors: S1701; S1704.
Result<TestResult> fisher_exact(const TwoByTwo& table);
// One-sided: P(A >= a) under an odds ratio of 1 if `greater`, else P(A <= a).
Result<TestResult> fisher_exact_one_sided(const TwoByTwo& table, bool greater);
// Mid-P: 2 min(tail beyond a + half the probability of a), at most 1 (Lancaster 1961).
Result<TestResult> fisher_mid_p(const TwoByTwo& table);

// Odds ratio by conditional maximum likelihood with the exact interval (Cornfield 1956; noncentral
// hypergeometric). At the edge of the table value 0 or +infinity, limit 0 or +infinity. Protection cannot
// enter an exact interval: options.protection is ignored and noise_aware stays false.
// REQUIRES: whole numbers. Errors: S1701; S1702 if the margins leave no freedom; S1704.
Result<Estimate> odds_ratio_exact(const TwoByTwo& table, const Options& options = {});

// The largest p that `test` gives over the 16 corners of the rounding box: each released number moved by
// half the rounding base less a half (2 for base 5) up or down. Corners that are no table are left out.
// Errors: those of `test` if it fails at every corner.
using Test = Result<TestResult> (*)(const TwoByTwo&);
Result<TestResult> largest_p_over_rounding(const TwoByTwo& released, const Options& options, Test test);
// The tests above in the form that the function takes.
Result<TestResult> chi_square_test(const TwoByTwo& table);

// Two-sided exact mid-P test that `first` and `second` come from one Poisson rate (binomial with ½ given the
// sum): did it happen as often before as after? REQUIRES: whole numbers >= 0. Errors: S1701 if both are 0.
Result<TestResult> equal_counts(double first, double second);

}  // namespace sluis::epi
