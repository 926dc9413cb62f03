// Summary measures over strata, and tests that the strata agree. Notation per stratum as in epi/ratio.h;
// sums run over strata with persons in both rows.
#pragma once

#include <span>

#include "epi/table.h"

namespace sluis::epi {

// RR_MH = sum(AU/N) / sum(CE/N). Interval: Greenland & Robins (1985, Biometrics 41:55),
// var ln = sum[(MEU - ACN)/N^2] / (sum(AU/N) sum(CE/N)).
// Errors: S1701; S1703 if no exposed or no unexposed person in a comparable stratum is a case.
Result<Estimate> mantel_haenszel_risk_ratio(std::span<const TwoByTwo> strata, const Options& options = {});

// OR_MH = sum R / sum S, R = AD/N, S = BC/N. Interval: Robins, Breslow & Greenland (1986, Biometrics 42:311),
// var ln = sum PR/(2 R+^2) + sum(PS+QR)/(2 R+ S+) + sum QS/(2 S+^2), P = (A+D)/N, Q = (B+C)/N.
// Errors: S1701; S1703 if R+ or S+ is 0.
Result<Estimate> mantel_haenszel_odds_ratio(std::span<const TwoByTwo> strata, const Options& options = {});

// RD_MH = sum[(AU-CE)/N] / sum w, w = EU/N. Interval: Sato (1989, Biometrics 45:1323),
// var = [RD sum{(E^2 C - U^2 A + EU(U-E)/2)/N^2} + sum{(A(U-C) + C(E-A))/(2N)}] / (sum w)^2.
// Errors: S1701, S1703.
Result<Estimate> mantel_haenszel_risk_difference(std::span<const TwoByTwo> strata,
                                                 const Options& options = {});
// The same with the variance of Greenland & Robins (1985): sum[(A B U^3 + C D E^3)/(E U N^2)] / (sum w)^2.
Result<Estimate> mantel_haenszel_risk_difference_greenland(std::span<const TwoByTwo> strata,
                                                           const Options& options = {});

// Cochran-Mantel-Haenszel chi-square without continuity correction (or with ½):
// (|sum(A - EM/N)| - c)^2 / sum[E U M (N-M) / (N^2 (N-1))]. Errors: S1701; S1703 if the variance is 0.
Result<TestResult> cochran_mantel_haenszel(std::span<const TwoByTwo> strata, bool continuity = false);

// Woolf's test that the odds ratios agree, with ½ added to every cell of every stratum (Woolf 1955):
// sum w (ln OR - mean)^2, w = 1/sum(1/cell). chi-square with K-1. Errors: S1701; S1703 if fewer than two
// strata.
Result<TestResult> woolf_homogeneity(std::span<const TwoByTwo> strata);
// Inverse-variance test that the risk ratios agree. Errors: S1702 if a stratum has no case in a row; S1703.
Result<TestResult> risk_ratio_homogeneity(std::span<const TwoByTwo> strata);
// Breslow-Day at the Mantel-Haenszel odds ratio: sum (A - a)^2 / var(a) with a the fitted count; Tarone
// (1985) subtracts (sum(A - a))^2 / sum var(a). Errors: as mantel_haenszel_odds_ratio; S1703 if fewer than
// two strata.
Result<TestResult> breslow_day_homogeneity(std::span<const TwoByTwo> strata, bool tarone_correction = true);

}  // namespace sluis::epi
