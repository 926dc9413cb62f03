#include "epi/protected_counts.h"

#include <algorithm>
#include <cmath>

#include "epi/numeric.h"

namespace sluis::epi {

double log_variance(const Estimate& estimate) {
  const double sd = std::log(estimate.upper / estimate.lower) / 2 / normal_quantile(estimate.level);
  return sd * sd;
}

namespace {

// The released numbers of a table, and the table from them.
Gradient released_of(const TwoByTwo& t, Counted counted) {
  if (counted == Counted::kCells) return {t.a, t.b, t.c, t.d};
  return {t.a, t.exposed(), t.c, t.unexposed()};
}

TwoByTwo table_of(const Gradient& n, Counted counted) {
  if (counted == Counted::kCells) return {n[0], n[1], n[2], n[3]};
  return TwoByTwo::from_totals(n[0], n[1], n[2], n[3]);
}

}  // namespace

Result<double> released_norm_by_differences(std::span<const TwoByTwo> strata, Counted counted,
                                            const StrataFunction& g) {
  constexpr double kStep = 0.01;
  Strata moved(strata.begin(), strata.end());
  double norm = 0;
  for (TwoByTwo& table : moved) {
    const TwoByTwo original = table;
    const Gradient numbers = released_of(original, counted);
    for (size_t i = 0; i < numbers.size(); ++i) {
      Gradient up = numbers, down = numbers;
      up[i] += kStep, down[i] -= kStep;
      table = table_of(up, counted);
      SLUIS_ASSIGN(const double above, g(moved));
      table = table_of(down, counted);
      SLUIS_ASSIGN(const double below, g(moved));
      const double slope = (above - below) / (2 * kStep);
      norm += slope * slope;
      table = original;
    }
  }
  return norm;
}

namespace {

constexpr size_t kMostWithheld = 12;

Error no_range() { return {.id = "S1706", .args = {}, .file = {}}; }

std::vector<ReleasedNumber> flatten(std::span<const ReleasedStratum> strata) {
  std::vector<ReleasedNumber> numbers;
  for (const ReleasedStratum& s : strata)
    numbers.insert(numbers.end(), {s.cases_exposed, s.exposed, s.cases_unexposed, s.unexposed});
  return numbers;
}

// The strata with the i-th withheld number at its upper end where bit i of `corner` is set.
Strata completion(const std::vector<ReleasedNumber>& numbers, size_t corner) {
  Strata strata;
  std::vector<double> filled;
  for (const ReleasedNumber& n : numbers) {
    filled.push_back(n.value ? *n.value : corner & 1 ? n.highest : n.lowest);
    if (!n.value) corner >>= 1;
  }
  for (size_t i = 0; i < filled.size(); i += 4)
    strata.push_back(TwoByTwo::from_totals(filled[i], filled[i + 1], filled[i + 2], filled[i + 3]));
  return strata;
}

}  // namespace

Result<Range> range_over_completions(std::span<const ReleasedStratum> strata, const StrataFunction& g) {
  const std::vector<ReleasedNumber> numbers = flatten(strata);
  const size_t withheld =
      static_cast<size_t>(std::ranges::count_if(numbers, [](const auto& n) { return !n.value; }));
  if (withheld > kMostWithheld) return no_range();
  std::optional<Range> range;
  for (size_t corner = 0; corner < size_t{1} << withheld; ++corner) {
    const Result<double> value = g(completion(numbers, corner));
    if (!value.ok()) continue;
    if (!range) range = Range{*value, *value};
    range->lowest = std::min(range->lowest, *value);
    range->highest = std::max(range->highest, *value);
  }
  if (!range) return no_range();
  return *range;
}

}  // namespace sluis::epi
