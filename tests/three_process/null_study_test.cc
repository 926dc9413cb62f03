// Null test through the nodes: where counselling does nothing (planted risk ratio 1), three regions go
// through the shipped program and three node processes over TLS, and the released risk ratio with its
// interval is the one that the plain counts give. (That such intervals hold 1 as often as they should is
// counted over 200 regions in tests/null_test; whether one interval does is no test: one in twenty does not.)
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "base/bytes.h"
#include "base/json.h"
#include "demo/compare.h"
#include "epi/mantel_haenszel.h"
#include "world.h"

namespace sluis::three_process {
namespace {

constexpr int kRoundBase = 5;  // of the example study

double rounded(int64_t count) {
  return static_cast<double>((count + kRoundBase / 2) / kRoundBase * kRoundBase);
}

// The study's statistic over the plain counts, rounded as a release rounds them.
Result<epi::Estimate> plain_ratio(const demo::PlainAnswer& plain) {
  epi::Strata strata;
  for (const auto& band : plain.together)
    strata.push_back(epi::TwoByTwo::from_totals(rounded(band[0].started), rounded(band[0].children),
                                                rounded(band[1].started), rounded(band[1].children)));
  epi::Options options;
  options.protection.round_base = kRoundBase;
  options.counted = epi::Counted::kTotals;
  return epi::mantel_haenszel_risk_ratio(strata, options);
}

double number(const JsonValue& value) {
  if (value.is(JsonValue::Kind::kInteger)) return static_cast<double>(value.integer);
  return std::strtod(value.text.c_str(), nullptr);
}

// value, lower, upper of the first statistic in resultaat.json.
std::array<double, 3> released_ratio(const std::string& text) {
  const Result<JsonValue> json = parse_json(text, {.max_bytes = 64 << 20});
  CHECK(json.ok());
  const JsonValue& first = json->find("outputs")->items.at(0);
  const JsonValue* estimate = first.find("statistics")->items.at(0).find("estimate");
  CHECK(estimate != nullptr);
  return {number(*estimate->find("value")), number(*estimate->find("lower")),
          number(*estimate->find("upper"))};
}

class NullThroughNodes : public testing::TestWithParam<uint64_t> {};

TEST_P(NullThroughNodes, ReleasedRatioIsThatOfThePlainCounts) {
  World world({.seed = GetParam(), .families = 1'500, .risk_ratio = 1, .base_rate = 0.15, .together = 0});
  world.share_all();
  world.approve_all(world.study);
  std::string run;
  ASSERT_EQ(world.start(world.study, run, true).code, 0);
  ASSERT_EQ(world.sluis(kApplicant, {"result", "get", run, "--out", world.path("out"), "--invented"}).code,
            0);
  const Result<std::string> json = read_file(world.path("out/resultaat.json"), 64 << 20);
  ASSERT_TRUE(json.ok());
  const demo::PlainAnswer plain = demo::plain_answer(world.region);
  const auto comparison = demo::compare_with_plain(*json, plain);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->different, 0) << comparison->table;
  EXPECT_GE(comparison->equal, 12) << comparison->table;  // all twelve counts of `samen`, at least
  const Result<epi::Estimate> expected = plain_ratio(plain);
  ASSERT_TRUE(expected.ok());
  const std::array<double, 3> released = released_ratio(*json);
  EXPECT_NEAR(released[0], expected->value, 1e-9);
  EXPECT_NEAR(released[1], expected->lower, 1e-9);
  EXPECT_NEAR(released[2], expected->upper, 1e-9);
  std::cout << "seed " << GetParam() << " through the nodes: RR " << released[0] << " (" << released[1] << "-"
            << released[2] << ")\n";
}

INSTANTIATE_TEST_SUITE_P(Seeds, NullThroughNodes, testing::Values(1, 2, 3));

}  // namespace
}  // namespace sluis::three_process
