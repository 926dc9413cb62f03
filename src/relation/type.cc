#include "relation/type.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::relation {

Type Type::category(std::vector<std::string> domain) {
  CHECK(!domain.empty());
  std::sort(domain.begin(), domain.end());
  domain.erase(std::unique(domain.begin(), domain.end()), domain.end());
  const int64_t hi = static_cast<int64_t>(domain.size()) - 1;
  return {Kind::kCategory, 0, hi, std::move(domain)};
}

int Type::bits() const {
  CHECK(lo <= hi);
  int n = lo < 0 ? 2 : 1;
  const int sign = lo < 0 ? 1 : 0;
  const auto fits = [&](int64_t v) {
    const uint64_t magnitude = v < 0 ? ~static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
    return n - sign >= 64 || (magnitude >> (n - sign)) == 0;
  };
  while (!fits(lo) || !fits(hi)) ++n;
  return n;
}

int64_t Type::code(const std::string& text) const {
  const auto at = std::lower_bound(domain.begin(), domain.end(), text);
  return at != domain.end() && *at == text ? at - domain.begin() : -1;
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kInteger:
      return "integer";
    case Kind::kDate:
      return "date";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kCategory:
      return "category";
    case Kind::kDecimal:
      return "decimal";
    case Kind::kNumeric:
      return "numeric";
  }
  return "?";
}

}  // namespace sluis::relation
