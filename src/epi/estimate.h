// What every statistic of epi/ returns: a number, its interval, and the names of both.
#pragma once

#include <array>

#include "base/result.h"

namespace sluis::epi {

// The estimand: what is estimated.
enum class Measure {
  kRiskRatio,
  kRiskDifference,
  kOddsRatio,
  kNumberNeeded,              // 1 / risk difference
  kAttributableFraction,      // among the exposed, 1 - 1/RR
  kPopulationFraction,        // PAF
  kPopulationRiskDifference,  // M/N - C/U
  kAttributableCases,         // PAF * M
  kMantelHaenszelRiskRatio,
  kMantelHaenszelOddsRatio,
  kMantelHaenszelRiskDifference,
  kRateRatio,
  kRateDifference,
  kMantelHaenszelRateRatio,
  kProportion,
};

// How the interval was made.
enum class Method {
  kLogWald,
  kKoopmanScore,
  kWald,
  kMeeScore,
  kOddsRatioScore,
  kConditionalExact,
  kMidP,
  kRiskRatioLimits,     // transformed limits of the risk ratio
  kDeltaLogComplement,  // delta method on ln(1 - PAF)
  kDelta,
  kGreenlandRobins,
  kRobinsBreslowGreenland,
  kSato,
  kWilsonScore,
};

// Language-neutral names, for JSON and as the last part of text keys: "risk_ratio", "log_wald".
const char* measure_name(Measure measure);
const char* method_name(Method method);

// How released counts differ from true counts (disclosure-and-statistics.md section 8).
struct Protection {
  int round_base = 1;         // counts are released as multiples of this odd number; 1: not rounded
  double noise_variance = 0;  // s^2: sigma^2 for noise drawn in MPC, 1.5 sigma^2 for noise by node
  // v = (b^2 - 1)/12 + s^2, the variance that protection adds to one released count.
  double variance() const { return (static_cast<double>(round_base) * round_base - 1) / 12 + noise_variance; }
};

// Which four numbers of a 2x2 table were released, and so carry the protection's error.
enum class Counted {
  kCells,   // A, B, C, D: cases and non-cases of exposed and unexposed
  kTotals,  // A, E, C, U: cases and persons; B = E - A and D = U - C are derived
};

// REQUIRES of every function that takes it: 0 < level < 1, round_base >= 1, noise_variance >= 0.
struct Options {
  double level = 0.95;
  Protection protection = {};
  Counted counted = Counted::kCells;
};

// INVARIANT: no NaN. lower <= value <= upper. upper may be +infinity and value 0 or +infinity only for the
// exact and score methods, which exist at the edge of the table.
struct Estimate {
  Measure measure = Measure::kRiskRatio;
  Method method = Method::kLogWald;
  double value = 0;
  double lower = 0;
  double upper = 0;
  double level = 0.95;
  bool noise_aware = false;  // the interval includes the error of rounding and noise

  bool includes(double point) const { return lower <= point && point <= upper; }
};

// A test: the statistic, its degrees of freedom (0: an exact test, which has none) and the two-sided p.
struct TestResult {
  double statistic = 0;
  double degrees = 0;
  double p = 1;
};

// d g / d n for the four numbers of one table, in the order A, B, C, D.
using Gradient = std::array<double, 4>;

// Named failures, with texts in src/text: S1701 unusable numbers, S1702 a zero cell, S1703 no stratum says
// anything (separated or empty), S1704 table too large for an exact method.
inline Error unusable_table() { return {.id = "S1701", .args = {}, .file = {}}; }
inline Error zero_cell() { return {.id = "S1702", .args = {}, .file = {}}; }
inline Error separated_strata() { return {.id = "S1703", .args = {}, .file = {}}; }
inline Error too_large_for_exact() { return {.id = "S1704", .args = {}, .file = {}}; }

}  // namespace sluis::epi
