#include "epi/table.h"

#include <algorithm>
#include <cmath>

namespace sluis::epi {

double TwoByTwo::smallest() const { return std::min({a, b, c, d}); }

TwoByTwo collapse(std::span<const TwoByTwo> strata) {
  TwoByTwo sum;
  for (const TwoByTwo& t : strata) sum = {sum.a + t.a, sum.b + t.b, sum.c + t.c, sum.d + t.d};
  return sum;
}

namespace {

bool in_range(const TwoByTwo& t) {
  constexpr double kLargest = 1e12;  // four margins multiplied stay far from overflow
  for (const double n : {t.a, t.b, t.c, t.d})
    if (!std::isfinite(n) || n < 0 || n > kLargest) return false;
  return true;
}

}  // namespace

Status check_table(const TwoByTwo& table) {
  if (!in_range(table) || table.exposed() <= 0 || table.unexposed() <= 0) return unusable_table();
  return {};
}

Result<Strata> usable_strata(std::span<const TwoByTwo> strata) {
  Strata kept;
  for (const TwoByTwo& t : strata) {
    if (!in_range(t)) return unusable_table();
    if (t.exposed() > 0 && t.unexposed() > 0) kept.push_back(t);
  }
  if (kept.empty()) return separated_strata();
  return kept;
}

double released_norm(const Gradient& by_cell, Counted counted) {
  Gradient g = by_cell;
  if (counted == Counted::kTotals) g = {g[0] - g[1], g[1], g[2] - g[3], g[3]};
  return g[0] * g[0] + g[1] * g[1] + g[2] * g[2] + g[3] * g[3];
}

}  // namespace sluis::epi
