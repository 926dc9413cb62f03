// Null test: where counselling does nothing (planted risk ratio 1), the study finds nothing. 200 invented
// regions in clear text, three of them through the shares (and three through node processes:
// tests/three_process/null_study_test.cc): the figures are rounded as a release rounds them,
// then go through the study's own statistic with its interval.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "demo/region.h"
#include "epi/mantel_haenszel.h"
#include "pipeline.h"

namespace sluis {
namespace {

constexpr int kRoundBase = 5;  // of the example study

using Bands = std::array<std::array<demo::PlainCell, 2>, 3>;

// Small regions with high rates: every cell passes the thresholds, so that nothing is withheld.
demo::RegionOptions null_region(uint64_t seed, double placed_together) {
  demo::RegionOptions options;
  options.seed = seed;
  options.families = 8'000;
  options.planted_risk_ratio = 1;
  options.debt_rate = 0.15;
  options.base_rate = 0.05;
  options.placed_together = placed_together;
  return options;
}

double rounded(int64_t count) {
  return static_cast<double>((count + kRoundBase / 2) / kRoundBase * kRoundBase);
}

// The study's statistic over released counts: Mantel-Haenszel over age bands, the interval aware of rounding.
epi::Estimate released_ratio(const Bands& bands) {
  epi::Strata strata;
  for (const auto& band : bands)
    strata.push_back(epi::TwoByTwo::from_totals(rounded(band[0].started), rounded(band[0].children),
                                                rounded(band[1].started), rounded(band[1].children)));
  epi::Options options;
  options.protection.round_base = kRoundBase;
  options.counted = epi::Counted::kTotals;
  const Result<epi::Estimate> estimate = epi::mantel_haenszel_risk_ratio(strata, options);
  EXPECT_TRUE(estimate.ok());
  return estimate.ok() ? *estimate : epi::Estimate{};
}

struct Summary {
  double mean = 0;             // of the risk ratios
  double coverage = 0;         // part of the intervals that hold 1
  double spread = 0;           // standard deviation of ln RR
  double stated = 0;           // mean standard error that the intervals state
  int64_t smallest = 1 << 30;  // of all counts
};

Summary repeat(uint64_t seeds, double placed_together) {
  Summary out;
  double sum = 0, squares = 0;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const Bands bands = demo::plain_answer(demo::make_region(null_region(seed, placed_together))).together;
    for (const auto& band : bands)
      for (const demo::PlainCell& cell : band) out.smallest = std::min(out.smallest, cell.started);
    const epi::Estimate ratio = released_ratio(bands);
    out.mean += ratio.value;
    out.coverage += ratio.includes(1) ? 1 : 0;
    sum += std::log(ratio.value);
    squares += std::log(ratio.value) * std::log(ratio.value);
    out.stated += std::log(ratio.upper / ratio.lower) / (2 * 1.959964);
  }
  const auto n = static_cast<double>(seeds);
  out.spread = std::sqrt(squares / n - sum * sum / n / n);
  out.mean /= n, out.coverage /= n, out.stated /= n;
  std::cout << "seeds 1.." << seeds << ", placed together " << placed_together << ": mean RR " << out.mean
            << ", coverage " << out.coverage << ", spread of ln RR " << out.spread << ", stated "
            << out.stated << "\n";
  return out;
}

// Children are placed independently of each other, as the interval supposes.
TEST(NullTest, NothingPlantedNothingFound) {
  const Summary summary = repeat(200, 0);
  EXPECT_GE(summary.smallest, 10);
  EXPECT_GE(summary.mean, 0.97);
  EXPECT_LE(summary.mean, 1.03);
  EXPECT_GE(summary.coverage, 0.93);
  EXPECT_LE(summary.coverage, 0.97);
  // The intervals are as wide as they must be.
  EXPECT_NEAR(summary.stated, summary.spread, 0.12 * summary.spread);
}

// Brothers and sisters who are placed on one day count as one event, not as several: the mean stays right,
// but 95 % intervals hold the truth less often. Stated here, because real families are like this.
TEST(NullTest, SiblingsPlacedTogetherMakeTheIntervalTooNarrow) {
  const Summary summary = repeat(200, 0.45);
  EXPECT_GE(summary.mean, 0.97);
  EXPECT_LE(summary.mean, 1.03);
  EXPECT_GT(summary.spread, summary.stated);
  EXPECT_GE(summary.coverage, 0.85);
  EXPECT_LE(summary.coverage, 0.97);
}

// A planted effect is found: the test above can fail.
TEST(NullTest, PlantedEffectIsFound) {
  demo::RegionOptions options = null_region(1, 0);
  options.planted_risk_ratio = 2.6;
  const epi::Estimate ratio = released_ratio(demo::plain_answer(demo::make_region(options)).together);
  EXPECT_GT(ratio.lower, 1.5);
  // Tracks without a usable key count as `nee`, so a little of the effect is lost.
  EXPECT_NEAR(ratio.value, 2.6, 0.5);
}

// Three seeds through files, importers and shares: the same figures, so the same ratio. (Whether one interval
// holds 1 is no test: one in twenty does not.)
TEST(NullTest, ThreeSeedsThroughTheShares) {
  const governance::Study study = pipeline::example_study();
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    demo::RegionOptions options = null_region(seed, 0);
    options.families = 1'500;
    options.base_rate = 0.15;
    options.debt_rate = 0.3;
    const demo::Region region = demo::make_region(options);
    const pipeline::TemporaryDirectory directory;
    const Result<pipeline::Shared> shared = pipeline::share_region(study, region, directory.path());
    ASSERT_TRUE(shared.ok()) << shared.error().summary();
    sql::Plan together = shared->plan;
    together.outputs.resize(1);
    const engine::PlanRun run = engine::run_plan(together, shared->tables, seed);
    const std::vector<int64_t> children = pipeline::figures(run.outputs[0], 0);
    const std::vector<int64_t> started = pipeline::figures(run.outputs[0], 1);
    Bands bands;
    for (size_t cell = 0; cell < 6; ++cell) bands[cell / 2][cell % 2] = {children[cell], started[cell]};
    const epi::Estimate on_shares = released_ratio(bands);
    const epi::Estimate plain = released_ratio(demo::plain_answer(region).together);
    EXPECT_EQ(on_shares.value, plain.value);
    EXPECT_EQ(on_shares.lower, plain.lower);
    EXPECT_EQ(on_shares.upper, plain.upper);
    std::cout << "seed " << seed << " on shares: RR " << on_shares.value << " (" << on_shares.lower << "-"
              << on_shares.upper << ")\n";
  }
}

}  // namespace
}  // namespace sluis
