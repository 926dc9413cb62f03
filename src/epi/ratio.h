// Measures of one 2x2 table: risk ratio, risk difference, odds ratio, and what follows from the risk ratio
// alone. Notation of disclosure-and-statistics.md section 7: A, B, C, D cells; E, U persons exposed and
// unexposed; M cases; N all.
//
// With options.protection every interval includes the error of rounding and noise:
// V = V_sampling + v * sum (dg/dn)^2 (section 8); score intervals keep their shape and widen each arm in
// quadrature by z * sqrt(v * sum (dg/dn)^2) (the square-and-add rule of Zou & Donner 2008, on the scale of
// g).
#pragma once

#include "epi/table.h"

namespace sluis::epi {

// RR = (A/E)/(C/U). Interval: log-Wald, var ln RR = 1/A - 1/E + 1/C - 1/U (Katz et al. 1978).
// Errors: S1701; S1702 if A or C is 0.
Result<Estimate> risk_ratio_log_wald(const TwoByTwo& table, const Options& options = {});
// RR with Koopman's score interval (Koopman 1984, Biometrics 40:513): all phi with chi2(phi) <= z^2. Exists
// with a zero case cell: A = 0 gives 0 with lower 0, C = 0 gives +infinity with upper +infinity.
// Errors: S1701; S1702 if A = C = 0, or a case cell is 0 while the protection is on (a protected count of 0
// does not occur: released counts start at the threshold).
Result<Estimate> risk_ratio_koopman(const TwoByTwo& table, const Options& options = {});
// The rule for print: Koopman if one of the four cells is below 20, log-Wald otherwise.
Result<Estimate> risk_ratio(const TwoByTwo& table, const Options& options = {});

// RD = A/E - C/U. Interval: Wald, var = AB/E^3 + CD/U^3. Errors: S1701.
Result<Estimate> risk_difference_wald(const TwoByTwo& table, const Options& options = {});
// RD with Mee's score interval, without the factor N/(N-1) (Mee 1984; restricted estimates in closed form,
// Farrington & Manning 1990). Errors: S1701.
Result<Estimate> risk_difference_mee(const TwoByTwo& table, const Options& options = {});
// 1/RD, only from a Wald interval of RD that excludes 0: limits 1/upper, 1/lower. Errors: S1701; S1702 if
// RD = 0 or the interval includes 0.
Result<Estimate> number_needed(const TwoByTwo& table, const Options& options = {});

// OR = AD/(BC). Interval: log-Wald, var ln OR = 1/A + 1/B + 1/C + 1/D (Woolf 1955). Errors: S1701; S1702 if a
// cell is 0.
Result<Estimate> odds_ratio_log_wald(const TwoByTwo& table, const Options& options = {});
// OR with the score interval of two binomials (Miettinen & Nurminen 1985, without N/(N-1)). Errors: as above.
Result<Estimate> odds_ratio_score(const TwoByTwo& table, const Options& options = {});

// AF = 1 - 1/RR among the exposed; limits from the log-Wald limits of RR. Errors: as risk_ratio_log_wald.
Result<Estimate> attributable_fraction(const TwoByTwo& table, const Options& options = {});

// p = cases/persons with Wilson's score interval (Wilson 1927), widened for protection in quadrature; limits
// kept within [0, 1]. Errors: S1701 unless 0 <= cases <= persons and persons > 0.
Result<Estimate> proportion(double cases, double persons, const Options& options = {});

// Gradients by A, B, C, D (section 8). REQUIRES: no zero in the cells that they divide by.
Gradient gradient_log_risk_ratio(const TwoByTwo& table);
Gradient gradient_risk_difference(const TwoByTwo& table);
Gradient gradient_log_odds_ratio(const TwoByTwo& table);

}  // namespace sluis::epi
