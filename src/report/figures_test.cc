#include "report/figures.h"

#include <gtest/gtest.h>

#include "epi/mantel_haenszel.h"
#include "report/test_models.h"

namespace sluis::report {
namespace {

TEST(Totals, SumShownCellsAndCountTheRest) {
  const ResultModel model = example_withheld();
  const ShownTotal total = shown_total(model.outputs[0], 1);
  EXPECT_EQ(total.sum, 110 + 150 + 20 + 170);
  EXPECT_EQ(total.shown, 4);
  EXPECT_EQ(total.withheld, 2);
  EXPECT_EQ(withheld_cells(model), 4);
  EXPECT_FALSE(everything_withheld(model));
}

TEST(Derive, FollowsTheRulesOfTheRelease) {
  Output output = example_answer();
  const Policy policy;
  const auto value = [&](const std::string& expression) {
    return derived_column(output, {"x", expression}, policy)->values[0];
  };
  EXPECT_DOUBLE_EQ(*value("1000 * start_pleegzorg / kinderen"), 1000.0 * 15 / 1220);
  EXPECT_DOUBLE_EQ(*value("(kinderen - start_pleegzorg) / 2"), 602.5);      // a constant may be small
  EXPECT_EQ(value("kinderen / start_pleegzorg"), std::nullopt);             // a divisor of 15 < 30
  EXPECT_EQ(value("kinderen / (2 * start_pleegzorg - 30)"), std::nullopt);  // zero
  EXPECT_EQ(value("1 / 0"), std::nullopt);
  output.rows[0].counts[1].reset();
  EXPECT_EQ(value("1000 * start_pleegzorg / kinderen"), std::nullopt);
  EXPECT_EQ(derived_column(output, {"x", "1000 * onbekend / kinderen"}, policy).error().id, "S1708");
  EXPECT_EQ(derived_column(output, {"x", "1000 *"}, policy).error().id, "S1005.expression");
}

TEST(Statistic, EqualsMantelHaenszelOnTheReleasedNumbers) {
  const Output output = example_answer();
  const StatisticFigures figures = *statistic_figures(output, output.statistics[0], {});
  const epi::Strata strata = {epi::TwoByTwo::from_totals(15, 1220, 110, 25780),
                              epi::TwoByTwo::from_totals(20, 1305, 150, 27410),
                              epi::TwoByTwo::from_totals(20, 1135, 170, 23765)};
  const epi::Estimate rounded = *epi::mantel_haenszel_risk_ratio(
      strata, {.level = 0.95, .protection = {5, 0}, .counted = epi::Counted::kTotals});
  EXPECT_EQ(figures.ratio->value, rounded.value);
  EXPECT_EQ(figures.ratio->lower, rounded.lower);
  EXPECT_TRUE(figures.ratio->noise_aware);
  EXPECT_LT(figures.ratio->lower, epi::mantel_haenszel_risk_ratio(strata)->lower);
  EXPECT_EQ(figures.unexposed_value, "nee");
  EXPECT_TRUE(figures.just_above_threshold);
  EXPECT_EQ(figures.strata.size(), 3U);
  EXPECT_TRUE(figures.strata[0].ratio.has_value());
}

TEST(Statistic, WithheldInputGivesAReasonAndOnlySometimesARange) {
  const ResultModel model = example_withheld();
  const Output& output = model.outputs[0];
  Policy policy;
  StatisticFigures figures = *statistic_figures(output, output.statistics[0], policy);
  EXPECT_FALSE(figures.ratio || figures.range || figures.totals);
  EXPECT_EQ(figures.reason->id, "S1706");
  EXPECT_TRUE(figures.strata[2].ratio.has_value());  // the complete stratum keeps its own ratio
  policy.threshold_is_the_only_rule = true;
  figures = *statistic_figures(output, output.statistics[0], policy);
  ASSERT_TRUE(figures.range.has_value());
  EXPECT_LT(figures.range->lowest, figures.range->highest);
  Output no_denominator = output;
  no_denominator.rows[0].counts[0].reset();
  EXPECT_FALSE(statistic_figures(no_denominator, output.statistics[0], policy)->range.has_value());
}

TEST(Statistic, SmallGroupsGiveNoRatio) {
  Output output = example_answer();
  output.rows[0].counts = {25, 10};
  const StatisticFigures figures = *statistic_figures(output, output.statistics[0], {});
  EXPECT_FALSE(figures.ratio.has_value());
  EXPECT_EQ(figures.reason->id, "S1705");
}

TEST(Statistic, FaultsOfTheStudyAreNamed) {
  const Output output = example_answer();
  const auto error_with = [&](auto change) {
    StatisticSpec spec = output.statistics[0];
    change(spec);
    return statistic_figures(output, spec, {}).error().summary();
  };
  EXPECT_EQ(error_with([](auto& s) { s.kind = "mean"; }), "S1708 [mean]");
  EXPECT_EQ(error_with([](auto& s) { s.event = "x"; }), "S1708 [x]");
  EXPECT_EQ(error_with([](auto& s) { s.total = "y"; }), "S1708 [y]");
  EXPECT_EQ(error_with([](auto& s) { s.exposed_value = "z"; }), "S1708 [ouder_in_schuldhulp]");
  EXPECT_EQ(error_with([](auto& s) { s.strata = {}; }), "S1708 [rr]");
  EXPECT_EQ(error_with([](auto& s) { s.strata = {"q"}; }), "S1708 [q]");
}

}  // namespace
}  // namespace sluis::report
