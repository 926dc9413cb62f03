#include "relation/bsn.h"

namespace sluis::relation {

bool passes_eleven_test(int64_t value) {
  int64_t sum = -(value % 10);
  value /= 10;
  for (int64_t weight = 2; weight <= 9; ++weight, value /= 10) sum += weight * (value % 10);
  return sum % 11 == 0;
}

Bsn parse_bsn(std::string_view text) {
  constexpr size_t kDigits = 9;
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
  Bsn bsn;
  bsn.kind = BsnKind::kInvalid;
  if (text.size() > kDigits) return bsn;
  int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return bsn;
    value = 10 * value + (c - '0');
  }
  bsn.padded = text.size() < kDigits;
  if (value == 0 || value == 999'999'999) {
    bsn.kind = BsnKind::kPlaceholder;
    return bsn;
  }
  if (!passes_eleven_test(value)) return bsn;
  bsn.kind = BsnKind::kValid;
  bsn.value = value;
  bsn.sample = value == 123'456'782 || value == 111'222'333;
  bsn.test_range = value / 100'000 == 9999;
  return bsn;
}

}  // namespace sluis::relation
