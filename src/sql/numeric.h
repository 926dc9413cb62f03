// PostgreSQL's numeric, digit for digit: numbers of any length with a display scale, for figures after
// opening.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <string>

namespace sluis::sql {

// value * 10^-scale, printed with `scale` decimals.
struct Numeric {
  using Integer = boost::multiprecision::cpp_int;
  Integer value = 0;
  int scale = 0;
};

Numeric add(const Numeric& a, const Numeric& b);  // the larger scale
Numeric subtract(const Numeric& a, const Numeric& b);
Numeric multiply(const Numeric& a, const Numeric& b);  // the sum of the scales
// Rounded half away from zero at the scale that PostgreSQL's select_div_scale picks: at least 16 significant
// digits. REQUIRES: b is not 0.
Numeric divide(const Numeric& a, const Numeric& b);
// a - b * trunc(a / b), at the larger scale. REQUIRES: b is not 0.
Numeric modulo(const Numeric& a, const Numeric& b);
// -1, 0 or 1.
int compare(const Numeric& a, const Numeric& b);
// ROUND(a, decimals): half away from zero; before the point if negative.
Numeric rounded(const Numeric& a, int decimals);
// VAR_SAMP (sample) or VAR_POP from SUM(x), SUM(x * x) and COUNT(x), and its square root, as PostgreSQL's
// numeric_stddev_internal. REQUIRES: count >= 1, of a sample >= 2.
Numeric variance(const Numeric& sum, const Numeric& sum_of_squares, int64_t count, bool sample);
Numeric standard_deviation(const Numeric& sum, const Numeric& sum_of_squares, int64_t count, bool sample);
std::string numeric_text(const Numeric& a);

}  // namespace sluis::sql
