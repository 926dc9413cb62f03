// Numbers with a fixed number of decimals as scaled integers: 12.34 is 1234 at scale 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluis::relation {

struct Decimal {
  int64_t value = 0;  // number * 10^scale
  int scale = 0;      // digits written after the point
  bool operator==(const Decimal&) const = default;
};

// 10^n. REQUIRES: 0 <= n <= 18.
int64_t power_of_ten(int n);
// A number as PostgreSQL reads one: sign, digits, at most one point ("12.34", "-.5", "7."); no exponent, no
// blanks. Nothing: not of that form, or more than 18 digits in all.
std::optional<Decimal> parse_decimal(std::string_view text);
// The number at another scale: exact when that is finer, else rounded half away from zero, as PostgreSQL
// rounds numeric. REQUIRES: scales within 0..18 and a result within 64 bits.
int64_t rescaled(int64_t value, int from, int to);
// As PostgreSQL prints numeric: all `scale` decimals, "-0.50".
std::string decimal_text(int64_t value, int scale);

}  // namespace sluis::relation
