#include "epi/numeric.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "base/check.h"

namespace sluis::epi {

using boost::math::cdf;
using boost::math::complement;
using boost::math::quantile;

double normal_quantile(double level) {
  CHECK(level > 0 && level < 1);
  return quantile(complement(boost::math::normal(), (1 - level) / 2));
}

double normal_two_sided(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double chi_square_tail(double x, double degrees) {
  CHECK(degrees > 0 && !std::isnan(x));
  if (x <= 0) return 1;
  return cdf(complement(boost::math::chi_squared(degrees), x));
}

double binomial_cdf(double k, double n, double p) {
  CHECK(n >= 1 && p >= 0 && p <= 1);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return cdf(boost::math::binomial(n, p), k);
}

double binomial_pmf(double k, double n, double p) {
  CHECK(k >= 0 && k <= n && n >= 1 && p >= 0 && p <= 1);
  return pdf(boost::math::binomial(n, p), k);
}

std::pair<double, double> clopper_pearson(double k, double n, double level) {
  CHECK(k >= 0 && k <= n && n >= 1);
  const double tail = (1 - level) / 2;
  const double lower = k == 0 ? 0 : quantile(boost::math::beta_distribution<>(k, n - k + 1), tail);
  const double upper =
      k == n ? 1 : quantile(complement(boost::math::beta_distribution<>(k + 1, n - k), tail));
  return {lower, upper};
}

std::optional<double> find_root(const std::function<double(double)>& f, double from, double to) {
  const double lo = std::min(from, to), hi = std::max(from, to);
  const double at_lo = f(lo), at_hi = f(hi);
  if (!std::isfinite(at_lo) || !std::isfinite(at_hi)) return std::nullopt;
  if (at_lo == 0) return lo;
  if (at_hi == 0) return hi;
  if ((at_lo > 0) == (at_hi > 0)) return std::nullopt;
  std::uintmax_t steps = 300;
  const auto [left, right] = boost::math::tools::toms748_solve(
      f, lo, hi, at_lo, at_hi, boost::math::tools::eps_tolerance<double>(50), steps);
  return (left + right) / 2;
}

}  // namespace sluis::epi
