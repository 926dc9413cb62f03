#include "epi/estimate.h"

namespace sluis::epi {

const char* measure_name(Measure measure) {
  switch (measure) {
    case Measure::kRiskRatio:
      return "risk_ratio";
    case Measure::kRiskDifference:
      return "risk_difference";
    case Measure::kOddsRatio:
      return "odds_ratio";
    case Measure::kNumberNeeded:
      return "number_needed";
    case Measure::kAttributableFraction:
      return "attributable_fraction";
    case Measure::kPopulationFraction:
      return "population_fraction";
    case Measure::kPopulationRiskDifference:
      return "population_risk_difference";
    case Measure::kAttributableCases:
      return "attributable_cases";
    case Measure::kMantelHaenszelRiskRatio:
      return "mantel_haenszel_risk_ratio";
    case Measure::kMantelHaenszelOddsRatio:
      return "mantel_haenszel_odds_ratio";
    case Measure::kMantelHaenszelRiskDifference:
      return "mantel_haenszel_risk_difference";
    case Measure::kRateRatio:
      return "rate_ratio";
    case Measure::kRateDifference:
      return "rate_difference";
    case Measure::kMantelHaenszelRateRatio:
      return "mantel_haenszel_rate_ratio";
    case Measure::kProportion:
      return "proportion";
  }
  return "";
}

const char* method_name(Method method) {
  switch (method) {
    case Method::kLogWald:
      return "log_wald";
    case Method::kKoopmanScore:
      return "koopman_score";
    case Method::kWald:
      return "wald";
    case Method::kMeeScore:
      return "mee_score";
    case Method::kOddsRatioScore:
      return "odds_ratio_score";
    case Method::kConditionalExact:
      return "conditional_exact";
    case Method::kMidP:
      return "mid_p";
    case Method::kRiskRatioLimits:
      return "risk_ratio_limits";
    case Method::kDeltaLogComplement:
      return "delta_log_complement";
    case Method::kDelta:
      return "delta";
    case Method::kGreenlandRobins:
      return "greenland_robins";
    case Method::kRobinsBreslowGreenland:
      return "robins_breslow_greenland";
    case Method::kSato:
      return "sato";
    case Method::kWilsonScore:
      return "wilson_score";
  }
  return "";
}

}  // namespace sluis::epi
