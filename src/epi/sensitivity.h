// What the estimate would have to survive: unmeasured confounding, several hypotheses at once, and a
// threshold that decided what is seen.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "epi/estimate.h"

namespace sluis::epi {

// The scale on which a ratio was estimated. For common outcomes (> 15 %) an odds ratio or hazard ratio is
// first turned into an approximate risk ratio: sqrt(OR); (1 - ½^sqrt(HR))/(1 - ½^sqrt(1/HR)).
enum class RatioScale { kRiskRatio, kCommonOddsRatio, kCommonHazardRatio };
// REQUIRES: ratio > 0.
double as_risk_ratio(double ratio, RatioScale scale);

// E-value (VanderWeele & Ding 2017, Ann Intern Med 167:268): the risk ratio that an unmeasured factor must
// have with both exposure and outcome to explain the estimate away: RR + sqrt(RR (RR - 1)), RR < 1 inverted.
// REQUIRES: risk_ratio > 0.
double e_value(double risk_ratio);
// E-value of the limit nearest 1; 1 if the interval includes 1. REQUIRES: 0 < lower <= upper.
double e_value_of_limit(double lower, double upper);
// Largest bias by a factor with these two risk ratios (Ding & VanderWeele 2016): RR_EU RR_UD/(RR_EU+RR_UD-1).
// REQUIRES: both >= 1.
double bounding_factor(double exposure_confounder, double confounder_outcome);

// Adjusted p-values in the order given (R's p.adjust). REQUIRES: 0 <= p <= 1.
std::vector<double> adjust_bonferroni(std::span<const double> p);
std::vector<double> adjust_holm(std::span<const double> p);  // the registered list of hypotheses
std::vector<double> adjust_hochberg(std::span<const double> p);
std::vector<double> adjust_benjamini_hochberg(std::span<const double> p);  // exploration
std::vector<double> adjust_benjamini_yekutieli(std::span<const double> p);

// Whether the warning of section 8 is due: a case cell shows one of the two lowest values that a threshold
// and rounding let through (10 or 15 for threshold 10, base 5), so the table may be seen only because chance
// lifted it over the threshold. REQUIRES: threshold >= 1, round_base >= 1.
bool just_above_threshold(double shown, int threshold, int round_base);

}  // namespace sluis::epi
