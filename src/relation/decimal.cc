#include "relation/decimal.h"

#include "base/check.h"

namespace sluis::relation {

int64_t power_of_ten(int n) {
  CHECK(n >= 0 && n <= 18);
  int64_t power = 1;
  for (int i = 0; i < n; ++i) power *= 10;
  return power;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  Decimal out;
  int digits = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > 18) return std::nullopt;
    out.value = 10 * out.value + (c - '0');
    if (point) ++out.scale;
  }
  if (digits == 0) return std::nullopt;
  if (negative) out.value = -out.value;
  return out;
}

int64_t rescaled(int64_t value, int from, int to) {
  if (to >= from) return value * power_of_ten(to - from);
  const int64_t divisor = power_of_ten(from - to);
  const int64_t rest = value % divisor;
  const int64_t away = rest >= divisor / 2 ? 1 : -rest >= divisor / 2 ? -1 : 0;
  return value / divisor + away;
}

std::string decimal_text(int64_t value, int scale) {
  const bool negative = value < 0;
  std::string digits =
      std::to_string(negative ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value));
  const auto decimals = static_cast<size_t>(scale);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, ".");
  return negative ? "-" + digits : digits;
}

}  // namespace sluis::relation
