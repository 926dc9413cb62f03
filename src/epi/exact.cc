#include "epi/exact.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <functional>
#include "epi/numeric.h"

namespace sluis::epi {
namespace {

constexpr double kLargestSupport = 2e6;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Distribution of A given all margins, for an odds ratio exp(log_psi): p[i] = P(A = lo + i).
class Hypergeometric {
 public:
  static Result<Hypergeometric> of(const TwoByTwo& t) {
    SLUIS_TRY(check_table(t));
    for (const double n : {t.a, t.b, t.c, t.d})
      if (n != std::floor(n)) return unusable_table();
    const double lo = std::max(0.0, t.cases() - t.unexposed()), hi = std::min(t.exposed(), t.cases());
    if (hi - lo > kLargestSupport) return too_large_for_exact();
    return Hypergeometric(t, lo, hi);
  }

  // Normalised probabilities under exp(log_psi).
  std::vector<double> probabilities(double log_psi) const {
    std::vector<double> p(log_weight_.size());
    double largest = -kInfinity, sum = 0;
    for (size_t i = 0; i < p.size(); ++i) {
      p[i] = log_weight_[i] + static_cast<double>(i) * log_psi;
      largest = std::max(largest, p[i]);
    }
    for (double& x : p) sum += x = std::exp(x - largest);
    for (double& x : p) x /= sum;
    return p;
  }
  size_t observed() const { return observed_; }
  size_t size() const { return log_weight_.size(); }

 private:
  Hypergeometric(const TwoByTwo& t, double lo, double hi) : observed_(static_cast<size_t>(t.a - lo)) {
    double log_weight = 0;
    for (double a = lo; a <= hi; ++a) {
      log_weight_.push_back(log_weight);
      log_weight += std::log((t.exposed() - a) * (t.cases() - a)) -
                    std::log((a + 1) * (t.unexposed() - t.cases() + a + 1));
    }
  }
  std::vector<double> log_weight_;
  size_t observed_;
};

double lower_tail(const std::vector<double>& p, size_t observed) {
  double sum = 0;
  for (size_t i = 0; i <= observed; ++i) sum += p[i];
  return std::min(1.0, sum);
}

double upper_tail(const std::vector<double>& p, size_t observed) {
  double sum = 0;
  for (size_t i = p.size(); i-- > observed;) sum += p[i];
  return std::min(1.0, sum);
}

double mean(const std::vector<double>& p) {
  double sum = 0;
  for (size_t i = 0; i < p.size(); ++i) sum += static_cast<double>(i) * p[i];
  return sum;
}

double solve_log_psi(const std::function<double(double)>& f) {
  return std::exp(find_root(f, -45, 45).value_or(0));
}

}  // namespace

Result<TestResult> pearson_chi_square(const TwoByTwo& t, bool yates) {
  SLUIS_TRY(check_table(t));
  if (t.cases() == 0 || t.noncases() == 0) return zero_cell();
  const double n = t.total(), difference = std::abs(t.a * t.d - t.b * t.c);
  const double used = yates ? std::max(0.0, difference - n / 2) : difference;
  const double statistic = used / (t.exposed() * t.unexposed()) * (used / (t.cases() * t.noncases())) * n;
  return TestResult{statistic, 1, chi_square_tail(statistic, 1)};
}

Result<TestResult> chi_square_test(const TwoByTwo& table) { return pearson_chi_square(table, false); }

Result<TestResult> fisher_exact(const TwoByTwo& table) {
  SLUIS_ASSIGN(const Hypergeometric distribution, Hypergeometric::of(table));
  const std::vector<double> p = distribution.probabilities(0);
  constexpr double kSlack = 1 + 1e-7;
  double sum = 0;
  for (const double x : p)
    if (x <= p[distribution.observed()] * kSlack) sum += x;
  return TestResult{table.a, 0, std::min(1.0, sum)};
}

Result<TestResult> fisher_exact_one_sided(const TwoByTwo& table, bool greater) {
  SLUIS_ASSIGN(const Hypergeometric distribution, Hypergeometric::of(table));
  const std::vector<double> p = distribution.probabilities(0);
  const size_t at = distribution.observed();
  return TestResult{table.a, 0, greater ? upper_tail(p, at) : lower_tail(p, at)};
}

Result<TestResult> fisher_mid_p(const TwoByTwo& table) {
  SLUIS_ASSIGN(const Hypergeometric distribution, Hypergeometric::of(table));
  const std::vector<double> p = distribution.probabilities(0);
  const size_t at = distribution.observed();
  const double half = p[at] / 2;
  const double smaller = std::min(upper_tail(p, at), lower_tail(p, at)) - half;
  return TestResult{table.a, 0, std::min(1.0, 2 * smaller)};
}

Result<Estimate> odds_ratio_exact(const TwoByTwo& table, const Options& options) {
  SLUIS_ASSIGN(const Hypergeometric distribution, Hypergeometric::of(table));
  if (distribution.size() < 2) return zero_cell();
  const size_t at = distribution.observed(), last = distribution.size() - 1;
  const double tail = (1 - options.level) / 2;
  Estimate estimate{Measure::kOddsRatio, Method::kConditionalExact, 0, 0, kInfinity, options.level};
  if (at == last) {
    estimate.value = kInfinity;
  } else if (at > 0) {
    estimate.value = solve_log_psi(
        [&](double log_psi) { return mean(distribution.probabilities(log_psi)) - static_cast<double>(at); });
  }
  if (at > 0)
    estimate.lower = solve_log_psi(
        [&](double log_psi) { return upper_tail(distribution.probabilities(log_psi), at) - tail; });
  if (at < last)
    estimate.upper = solve_log_psi(
        [&](double log_psi) { return lower_tail(distribution.probabilities(log_psi), at) - tail; });
  return estimate;
}

Result<TestResult> largest_p_over_rounding(const TwoByTwo& t, const Options& options, Test test) {
  const double reach = (options.protection.round_base - 1) / 2.0;
  std::optional<TestResult> largest;
  std::optional<Error> failure;
  for (unsigned corner = 0; corner < 16; ++corner) {
    const auto moved = [&](double n, unsigned bit) { return n + (corner >> bit & 1 ? reach : -reach); };
    const TwoByTwo at = options.counted == Counted::kCells
                            ? TwoByTwo{moved(t.a, 0), moved(t.b, 1), moved(t.c, 2), moved(t.d, 3)}
                            : TwoByTwo::from_totals(moved(t.a, 0), moved(t.exposed(), 1), moved(t.c, 2),
                                                    moved(t.unexposed(), 3));
    Result<TestResult> result = test(at);
    if (!result.ok()) {
      failure = result.error();
    } else if (!largest || result->p > largest->p) {
      largest = *result;
    }
  }
  if (!largest) return *failure;
  return *largest;
}

Result<TestResult> equal_counts(double first, double second) {
  const double n = first + second;
  if (!(first >= 0) || !(second >= 0) || n < 1 || n > 1e9) return unusable_table();
  const double smaller = std::min(first, second);
  const double p = 2 * (binomial_cdf(smaller, n, 0.5) - binomial_pmf(smaller, n, 0.5) / 2);
  return TestResult{first, 0, std::min(1.0, p)};
}

}  // namespace sluis::epi
