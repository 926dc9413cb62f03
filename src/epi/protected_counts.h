// What protection (rounding, noise, withholding) does to a statistic when no formula is at hand.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "epi/table.h"

namespace sluis::epi {

// Variance of ln(value) behind an interval made on the log scale. REQUIRES: such an interval.
double log_variance(const Estimate& estimate);

// A statistic of strata, on the scale of its interval.
using StrataFunction = std::function<Result<double>(std::span<const TwoByTwo>)>;
// sum of (dg/dn)^2 over all released numbers by central differences of one hundredth of a person.
// Errors: those of g.
Result<double> released_norm_by_differences(std::span<const TwoByTwo> strata, Counted counted,
                                            const StrataFunction& g);

// One released number: a value, or withheld with what is known about it.
struct ReleasedNumber {
  std::optional<double> value;
  double lowest = 0;  // bounds of a withheld number; read only if `value` is empty
  double highest = 0;
};
// cases and persons of the exposed, then of the unexposed.
struct ReleasedStratum {
  ReleasedNumber cases_exposed, exposed, cases_unexposed, unexposed;
};
struct Range {
  double lowest = 0;
  double highest = 0;
};
// Smallest and largest value of `g` over all completions of the withheld numbers. Exact for risk ratio, risk
// difference, odds ratio and their Mantel-Haenszel forms: each is linear-fractional, so monotone, in every
// single count while the others stand still, and its extremes lie at corners. A completion with more cases
// than persons, or where g does not exist, is left out. REQUIRES: lowest <= highest where withheld.
// Errors: S1706 if more than 12 numbers are withheld (no range is printed then) or no completion has a value.
Result<Range> range_over_completions(std::span<const ReleasedStratum> strata, const StrataFunction& g);

}  // namespace sluis::epi
