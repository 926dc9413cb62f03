// Which part of all cases goes with the exposure. "Attributable" is a word for a causal reading; the report
// prints it only in conditional form (disclosure-and-statistics.md section 9).
#pragma once

#include <span>

#include "epi/table.h"

namespace sluis::epi {

// Crude cohort PAF = 1 - (C/U)/(M/N). Interval: delta method on ln(1 - PAF) with the multinomial gradient
// 1/N-1/M, 1/N, 1/C-1/U-1/M+1/N, 1/N-1/U; var = sum n_i g_i^2. Errors: S1701; S1702 if C or A is 0.
Result<Estimate> population_fraction(const TwoByTwo& table, const Options& options = {});

// Miettinen's PAF = p (1 - 1/RR_MH), p = sum A / sum M, right under confounding where Levin's form is not
// (Miettinen 1974). Interval: delta method on ln(1 - PAF) (Greenland 1987):
// [p/(RR(1-PAF))]^2 [V + 2(RR-1)/A + C(RR-1)^2/(AM)], V = var ln RR_MH; A, C, M summed over strata.
// The protection enters by central differences. Errors: as mantel_haenszel_risk_ratio; S1702 if PAF >= 1.
Result<Estimate> population_fraction_miettinen(std::span<const TwoByTwo> strata, const Options& options = {});
// p (1 - 1/ratio) for a ratio from elsewhere (case-control: the odds ratio). REQUIRES: 0 <= p <= 1, ratio >
// 0.
double miettinen_fraction(double exposed_among_cases, double ratio);

// PAF * M with the limits of PAF. REQUIRES: fraction is a population fraction; cases >= 0.
Estimate attributable_cases(const Estimate& fraction, double cases);

// M/N - C/U. Interval: delta method with the multinomial covariance of the two risks (Pirikahu 2014).
// Errors: S1701.
Result<Estimate> population_risk_difference(const TwoByTwo& table, const Options& options = {});

}  // namespace sluis::epi
