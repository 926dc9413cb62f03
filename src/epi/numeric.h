// The few distribution functions and the root finder that epi/ needs, from Boost.Math.
#pragma once

#include <functional>
#include <optional>
#include <utility>

namespace sluis::epi {

// z with P(|Z| <= z) = level for a standard normal Z: 1.959964 for 0.95. REQUIRES: 0 < level < 1.
double normal_quantile(double level);
// P(|Z| >= |z|).
double normal_two_sided(double z);
// P(X >= x) for chi-square with `degrees` degrees of freedom; 1 for x <= 0. REQUIRES: degrees > 0.
double chi_square_tail(double x, double degrees);
// P(X <= k) for X binomial(n, p); 0 for k < 0, 1 for k >= n. REQUIRES: 0 <= p <= 1, n >= 1.
double binomial_cdf(double k, double n, double p);
// P(X = k). REQUIRES: 0 <= k <= n, whole numbers.
double binomial_pmf(double k, double n, double p);
// Clopper-Pearson limits for k of n at `level`. REQUIRES: 0 <= k <= n, n >= 1.
std::pair<double, double> clopper_pearson(double k, double n, double level);

// The root of a continuous function between two points, in any order, to full double precision (TOMS 748), or
// nothing if f has the same sign at both or is not finite there.
std::optional<double> find_root(const std::function<double(double)>& f, double from, double to);

}  // namespace sluis::epi
