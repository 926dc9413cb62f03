// Source: PostgreSQL 15, src/backend/utils/adt/numeric.c (select_div_scale, numeric_stddev_internal,
// sqrt_var): what they compute, not how.
#include "sql/numeric.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::sql {
namespace {

using Integer = Numeric::Integer;

Integer power_of_ten(int n) { return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(n)); }

// a / b rounded half away from zero. REQUIRES: b > 0.
Integer nearest(const Integer& a, const Integer& b) {
  const Integer magnitude = (2 * abs(a) + b) / (2 * b);
  return a < 0 ? Integer(-magnitude) : magnitude;
}

Integer at_scale(const Numeric& a, int scale) {
  if (scale >= a.scale) return a.value * power_of_ten(scale - a.scale);
  return nearest(a.value, power_of_ten(a.scale - scale));
}

// The first digit in base 10,000, and its place: 0 is the one just before the point. 0 of the number 0.
struct Lead {
  int weight = 0;
  int digit = 0;
};

Lead lead_of(const Numeric& a) {
  if (a.value == 0) return {};
  const int pad = (4 - a.scale % 4) % 4;
  const std::string digits = Integer(abs(a.value) * power_of_ten(pad)).str();
  const int groups = static_cast<int>((digits.size() + 3) / 4);
  const size_t first = digits.size() - 4 * static_cast<size_t>(groups - 1);
  return {groups - 1 - (a.scale + pad) / 4, std::stoi(digits.substr(0, first))};
}

int division_scale(const Numeric& a, const Numeric& b) {
  const Lead x = lead_of(a), y = lead_of(b);
  const int weight = x.weight - y.weight - (x.digit <= y.digit ? 1 : 0);
  return std::clamp(std::max({16 - 4 * weight, a.scale, b.scale}), 0, 1000);
}

Numeric divide_at(const Numeric& a, const Numeric& b, int scale) {
  // a.value 10^-sa / (b.value 10^-sb) = value 10^-scale.
  const int shift = scale + b.scale - a.scale;
  Integer top = a.value * power_of_ten(std::max(shift, 0));
  Integer bottom = b.value * power_of_ten(std::max(-shift, 0));
  if (bottom < 0) top = -top, bottom = -bottom;
  return {nearest(top, bottom), scale};
}

// Of the number 0 PostgreSQL prints no decimals here.
struct Variance {
  Numeric value;
  int scale = 0;
};

Variance variance_of(const Numeric& sum, const Numeric& squares, int64_t count, bool sample) {
  const Numeric n{count, 0};
  const Numeric top = subtract(multiply(n, squares), multiply(sum, sum));
  if (top.value <= 0) return {};
  const Numeric bottom = multiply(n, Numeric{sample ? count - 1 : count, 0});
  const int scale = division_scale(top, bottom);
  return {divide_at(top, bottom, scale), scale};
}

}  // namespace

Numeric add(const Numeric& a, const Numeric& b) {
  const int scale = std::max(a.scale, b.scale);
  return {at_scale(a, scale) + at_scale(b, scale), scale};
}

Numeric subtract(const Numeric& a, const Numeric& b) { return add(a, {-b.value, b.scale}); }

Numeric multiply(const Numeric& a, const Numeric& b) { return {a.value * b.value, a.scale + b.scale}; }

Numeric divide(const Numeric& a, const Numeric& b) {
  CHECK(b.value != 0);
  return divide_at(a, b, division_scale(a, b));
}

Numeric modulo(const Numeric& a, const Numeric& b) {
  CHECK(b.value != 0);
  const int scale = std::max(a.scale, b.scale);
  return {at_scale(a, scale) % at_scale(b, scale), scale};
}

int compare(const Numeric& a, const Numeric& b) {
  const Integer difference = subtract(a, b).value;
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

Numeric rounded(const Numeric& a, int decimals) {
  if (decimals >= 0) return {at_scale(a, decimals), decimals};
  return {nearest(a.value, power_of_ten(a.scale - decimals)) * power_of_ten(-decimals), 0};
}

Numeric variance(const Numeric& sum, const Numeric& sum_of_squares, int64_t count, bool sample) {
  CHECK(count > (sample ? 1 : 0));
  return variance_of(sum, sum_of_squares, count, sample).value;
}

Numeric standard_deviation(const Numeric& sum, const Numeric& sum_of_squares, int64_t count, bool sample) {
  CHECK(count > (sample ? 1 : 0));
  const Variance square = variance_of(sum, sum_of_squares, count, sample);
  if (square.value.value == 0) return square.value;
  // One more digit, cut off, then rounded: the nearest, since a cut-off 5 rounds up as what it was would.
  const Integer root = boost::multiprecision::sqrt(at_scale(square.value, 2 * (square.scale + 1)));
  return {nearest(root, 10), square.scale};
}

std::string numeric_text(const Numeric& a) {
  std::string digits = Integer(abs(a.value)).str();
  const auto decimals = static_cast<size_t>(a.scale);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, ".");
  return a.value < 0 ? "-" + digits : digits;
}

}  // namespace sluis::sql
