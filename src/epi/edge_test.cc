// The edges: zero cells, separated strata, hostile numbers, withheld numbers; and Simpson's reversal.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "epi/attributable.h"
#include "epi/ecological.h"
#include "epi/exact.h"
#include "epi/mantel_haenszel.h"
#include "epi/protected_counts.h"
#include "epi/rate.h"
#include "epi/ratio.h"
#include "epi/sensitivity.h"

namespace sluis::epi {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

template <typename T>
std::string error_of(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().id;
}

void expect_sound(const Result<Estimate>& e, const char* what) {
  if (!e.ok()) return;
  EXPECT_FALSE(std::isnan(e->value) || std::isnan(e->lower) || std::isnan(e->upper)) << what;
  EXPECT_LE(e->lower, e->value + 1e-9) << what;
  EXPECT_GE(e->upper, e->value - 1e-9) << what;
}

// Every table of 0, 1, 2, 7 and a large number in every cell, protected or not: a named error or a sound
// interval.
TEST(Edges, NeverNanWhateverTheCells) {
  const double values[] = {0, 1, 2, 7, 5e8};
  int errors = 0, answers = 0;
  for (const double a : values)
    for (const double b : values)
      for (const double c : values)
        for (const double d : values)
          for (const int base : {1, 5}) {
            const TwoByTwo t{a, b, c, d};
            const Options o{.protection = {base, 0}};
            const Strata twice = {t, t};
            const Result<Estimate> all[] = {risk_ratio_log_wald(t, o),
                                            risk_ratio_koopman(t, o),
                                            risk_ratio(t, o),
                                            risk_difference_wald(t, o),
                                            risk_difference_mee(t, o),
                                            odds_ratio_log_wald(t, o),
                                            odds_ratio_score(t, o),
                                            attributable_fraction(t, o),
                                            population_fraction(t, o),
                                            population_risk_difference(t, o),
                                            mantel_haenszel_risk_ratio(twice, o),
                                            mantel_haenszel_odds_ratio(twice, o),
                                            mantel_haenszel_risk_difference(twice, o),
                                            population_fraction_miettinen(twice, o),
                                            proportion(a, a + b, o)};
            for (const auto& e : all) {
              expect_sound(e, e.ok() ? method_name(e->method) : "");
              ++(e.ok() ? answers : errors);
            }
            for (const auto& test : {pearson_chi_square(t, false), cochran_mantel_haenszel(twice),
                                     woolf_homogeneity(twice), breslow_day_homogeneity(twice)}) {
              if (test.ok()) {
                EXPECT_FALSE(std::isnan(test->p) || test->p < 0 || test->p > 1);
              }
            }
          }
  EXPECT_GT(errors, 1000);
  EXPECT_GT(answers, 5000);
}

TEST(Edges, NamedErrors) {
  EXPECT_EQ(error_of(risk_ratio_log_wald({0, 50, 3, 40})), "S1702");
  EXPECT_EQ(error_of(odds_ratio_log_wald({3, 0, 3, 40})), "S1702");
  EXPECT_EQ(error_of(risk_ratio_log_wald({kNan, 50, 3, 40})), "S1701");
  EXPECT_EQ(error_of(risk_ratio_log_wald({-1, 50, 3, 40})), "S1701");
  EXPECT_EQ(error_of(risk_ratio_log_wald({1, 50, 0, 0})), "S1701");
  EXPECT_EQ(error_of(risk_ratio_log_wald({kInf, 50, 3, 40})), "S1701");
  EXPECT_EQ(error_of(mantel_haenszel_risk_ratio(Strata{})), "S1703");
  EXPECT_EQ(error_of(mantel_haenszel_risk_ratio(Strata{{5, 5, 0, 0}, {0, 0, 3, 9}})), "S1703");
  EXPECT_EQ(error_of(mantel_haenszel_odds_ratio(Strata{{5, 0, 4, 0}})), "S1703");
  EXPECT_EQ(error_of(fisher_exact({1e9, 1e9, 1e9, 1e9})), "S1704");
  EXPECT_EQ(error_of(fisher_exact({1.5, 2, 2, 2})), "S1701");
  EXPECT_EQ(error_of(number_needed({10, 90, 10, 90})), "S1702");
  EXPECT_EQ(error_of(rate_ratio_wald({3, 0, 2, 100})), "S1701");
  EXPECT_EQ(error_of(goodman(std::vector<Area>{{0.1, 0.2}, {0.1, 0.3}, {0.1, 0.1}})), "S1701");
}

// A stratum without one of the two groups says nothing and changes nothing.
TEST(MantelHaenszel, IgnoresStrataWithoutComparison) {
  const Strata strata = {{20, 180, 30, 970}, {15, 85, 40, 860}};
  Strata more = strata;
  more.push_back({4, 9, 0, 0});
  EXPECT_EQ(mantel_haenszel_risk_ratio(strata)->value, mantel_haenszel_risk_ratio(more)->value);
  EXPECT_EQ(mantel_haenszel_risk_ratio(strata)->upper, mantel_haenszel_risk_ratio(more)->upper);
}

// One stratum: Mantel-Haenszel is the crude ratio, and Greenland-Robins is log-Wald.
TEST(MantelHaenszel, OfOneStratumIsCrude) {
  const TwoByTwo t{25, 975, 110, 24000};
  const Estimate crude = *risk_ratio_log_wald(t), mh = *mantel_haenszel_risk_ratio(Strata{t});
  EXPECT_NEAR(mh.value, crude.value, 1e-12);
  EXPECT_NEAR(mh.lower, crude.lower, 1e-12);
  const Estimate odds = *odds_ratio_log_wald(t), mh_odds = *mantel_haenszel_odds_ratio(Strata{t});
  EXPECT_NEAR(mh_odds.upper, odds.upper, 1e-11);
}

// Two groups in which the exposed do worse, though together they seem to do better.
TEST(MantelHaenszel, ShowsSimpsonsReversal) {
  const Strata strata = {{60, 40, 500, 500}, {300, 2700, 8, 92}};
  EXPECT_LT(risk_ratio_log_wald(collapse(strata))->value, 1);
  EXPECT_GT(mantel_haenszel_risk_ratio(strata)->value, 1);
}

TEST(Rates, MantelHaenszelOfOneStratumIsCrude) {
  const RateTable t{41, 28010, 15, 19017};
  EXPECT_NEAR(mantel_haenszel_rate_ratio(std::vector{t})->value, rate_ratio_wald(t)->value, 1e-12);
  EXPECT_NEAR(mantel_haenszel_rate_ratio(std::vector{t})->upper, rate_ratio_wald(t)->upper, 1e-9);
}

TEST(Fractions, MiettinenOfOneStratumIsCrude) {
  const TwoByTwo t{60, 940, 300, 19700};
  const Estimate crude = *population_fraction(t), miettinen = *population_fraction_miettinen(Strata{t});
  EXPECT_NEAR(miettinen.value, crude.value, 1e-12);
  EXPECT_NEAR(miettinen.lower, crude.lower, 2e-3);  // Greenland's variance is an approximation of the same
  EXPECT_NEAR(attributable_cases(miettinen, 360).value, 360 * crude.value, 1e-9);
}

ReleasedNumber shown(double value) { return {value, 0, 0}; }

TEST(Range, HoldsEveryCompletionAndIsReached) {
  const ReleasedNumber hidden{std::nullopt, 0, 9};
  const std::vector<ReleasedStratum> strata = {{hidden, shown(1200), shown(110), shown(25000)},
                                               {shown(20), shown(1100), hidden, shown(1500)}};
  const auto g = [](std::span<const TwoByTwo> at) -> Result<double> {
    const Result<Estimate> e = mantel_haenszel_risk_ratio(at);
    if (!e.ok()) return e.error();
    return e->value;
  };
  const Range range = *range_over_completions(strata, g);
  double lowest = kInf, highest = 0;
  for (double x = 0; x <= 9; ++x)
    for (double y = 0; y <= 9; ++y) {
      const double value =
          *g(Strata{TwoByTwo::from_totals(x, 1200, 110, 25000), TwoByTwo::from_totals(20, 1100, y, 1500)});
      lowest = std::min(lowest, value), highest = std::max(highest, value);
    }
  EXPECT_DOUBLE_EQ(range.lowest, lowest);
  EXPECT_DOUBLE_EQ(range.highest, highest);
}

TEST(Range, NoneBeyondTwelveWithheld) {
  const ReleasedNumber hidden{std::nullopt, 0, 9};
  const std::vector<ReleasedStratum> strata(7, {hidden, shown(100), hidden, shown(100)});
  const auto one = [](std::span<const TwoByTwo>) -> Result<double> { return 1.0; };
  EXPECT_EQ(error_of(range_over_completions(strata, one)), "S1706");
  EXPECT_TRUE(range_over_completions(std::span(strata).first(6), one).ok());
}

TEST(Tests, LargestPOverTheRoundingBox) {
  const TwoByTwo t = TwoByTwo::from_totals(25, 1200, 110, 25000);
  const Options options{.protection = {5, 0}, .counted = Counted::kTotals};
  const double worst = largest_p_over_rounding(t, options, chi_square_test)->p;
  EXPECT_GT(worst, pearson_chi_square(t)->p);
  EXPECT_GE(worst, pearson_chi_square(TwoByTwo::from_totals(23, 1202, 112, 24998))->p);
  EXPECT_DOUBLE_EQ(largest_p_over_rounding(t, {}, chi_square_test)->p, pearson_chi_square(t)->p);
}

TEST(Tests, EqualCounts) {
  EXPECT_DOUBLE_EQ(equal_counts(20, 20)->p, 1);
  EXPECT_DOUBLE_EQ(equal_counts(15, 40)->p, equal_counts(40, 15)->p);
  EXPECT_NEAR(equal_counts(0, 5)->p, 0.03125, 1e-12);  // 2 (1/32 - 1/64)
  EXPECT_EQ(error_of(equal_counts(0, 0)), "S1701");
}

TEST(Sensitivity, EValueAndBoundingFactorAgree) {
  // A factor with the E-value on both sides explains exactly the estimate.
  for (const double ratio : {1.2, 2.0, 5.0}) {
    const double e = e_value(ratio);
    EXPECT_NEAR(bounding_factor(e, e), ratio, 1e-12);
    EXPECT_DOUBLE_EQ(e_value(1 / ratio), e);
  }
  EXPECT_DOUBLE_EQ(e_value_of_limit(0.9, 2), 1);
}

}  // namespace
}  // namespace sluis::epi
