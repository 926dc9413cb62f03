#include "epi/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/check.h"

namespace sluis::epi {

double as_risk_ratio(double ratio, RatioScale scale) {
  CHECK(ratio > 0);
  switch (scale) {
    case RatioScale::kRiskRatio:
      return ratio;
    case RatioScale::kCommonOddsRatio:
      return std::sqrt(ratio);
    case RatioScale::kCommonHazardRatio:
      return (1 - std::pow(0.5, std::sqrt(ratio))) / (1 - std::pow(0.5, std::sqrt(1 / ratio)));
  }
  return ratio;
}

double e_value(double risk_ratio) {
  CHECK(risk_ratio > 0);
  const double ratio = std::max(risk_ratio, 1 / risk_ratio);
  return ratio + std::sqrt(ratio * (ratio - 1));
}

double e_value_of_limit(double lower, double upper) {
  CHECK(lower > 0 && lower <= upper);
  if (lower <= 1 && upper >= 1) return 1;
  return e_value(lower > 1 ? lower : upper);
}

double bounding_factor(double exposure_confounder, double confounder_outcome) {
  CHECK(exposure_confounder >= 1 && confounder_outcome >= 1);
  return exposure_confounder * confounder_outcome / (exposure_confounder + confounder_outcome - 1);
}

namespace {

std::vector<size_t> ascending(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t i, size_t j) { return p[i] < p[j]; });
  return order;
}

// Adjusted p = running maximum, from the smallest p up, of factor(rank) * p; ranks 1..n.
std::vector<double> step_down(std::span<const double> p, const std::function<double(double)>& factor) {
  std::vector<double> adjusted(p.size());
  double running = 0, rank = 0;
  for (const size_t i : ascending(p))
    adjusted[i] = running = std::min(1.0, std::max(running, factor(++rank) * p[i]));
  return adjusted;
}

// Adjusted p = running minimum, from the largest p down.
std::vector<double> step_up(std::span<const double> p, const std::function<double(double)>& factor) {
  std::vector<double> adjusted(p.size());
  std::vector<size_t> order = ascending(p);
  std::ranges::reverse(order);
  double running = 1, rank = static_cast<double>(p.size()) + 1;
  for (const size_t i : order) adjusted[i] = running = std::min(running, factor(--rank) * p[i]);
  return adjusted;
}

}  // namespace

std::vector<double> adjust_bonferroni(std::span<const double> p) {
  std::vector<double> adjusted;
  for (const double x : p) adjusted.push_back(std::min(1.0, static_cast<double>(p.size()) * x));
  return adjusted;
}

std::vector<double> adjust_holm(std::span<const double> p) {
  const double n = static_cast<double>(p.size());
  return step_down(p, [n](double rank) { return n - rank + 1; });
}

std::vector<double> adjust_hochberg(std::span<const double> p) {
  const double n = static_cast<double>(p.size());
  return step_up(p, [n](double rank) { return n - rank + 1; });
}

std::vector<double> adjust_benjamini_hochberg(std::span<const double> p) {
  const double n = static_cast<double>(p.size());
  return step_up(p, [n](double rank) { return n / rank; });
}

std::vector<double> adjust_benjamini_yekutieli(std::span<const double> p) {
  const double n = static_cast<double>(p.size());
  double harmonic = 0;
  for (double i = 1; i <= n; ++i) harmonic += 1 / i;
  return step_up(p, [n, harmonic](double rank) { return harmonic * n / rank; });
}

bool just_above_threshold(double shown, int threshold, int round_base) {
  CHECK(threshold >= 1 && round_base >= 1);
  return shown < threshold + 2.0 * round_base;
}

}  // namespace sluis::epi
