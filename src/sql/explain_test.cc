#include "sql/explain.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "sql/example_study_for_test.h"

namespace sluis::sql {
namespace {

// One round per node, a byte per row of joins and group-bys.
class FlatCosts : public CostModel {
 public:
  std::vector<std::string> profiles() const override { return {"near", "far"}; }
  std::string network() const override { return "near"; }
  StepCost node(const Node& node) const override {
    const bool sorts = node.kind == NodeKind::kJoin || node.kind == NodeKind::kGroupBy;
    const uint64_t bytes = sorts ? node.max_rows : 0;
    StepCost cost{1, 2, bytes, 2 * bytes, bytes, sorts, {0.5, 1.5}};
    if (sorts) cost.sorts = {{node.kind == NodeKind::kJoin, node.max_rows, 30, 7}};
    return cost;
  }
  StepCost output(const Output&) const override { return {3, 3, 1500, 1500, 1500, false, {1, 2}}; }
  std::vector<AfterStep> after(const Output&) const override {
    return {{StepKind::kGuard, 6, {20, 20, 900, 900, 900, false, {2, 3}}},
            {StepKind::kRelease, 6, {1, 1, 96, 96, 96, false, {0, 1}}}};
  }
};

class Explain : public testing::Test {
 protected:
  void SetUp() override {
    const std::string bytes = example_bytes();
    const BindResult result = bind_study(example_study(bytes));
    ASSERT_TRUE(result.plan.has_value());
    plan_ = *result.plan;
    explanation_ = explain(plan_, FlatCosts());
  }

  Plan plan_;
  Explanation explanation_;
};

TEST_F(Explain, OneStepPerViewAndOutputAndNothingIsLost) {
  std::vector<std::string> names, operations;
  for (const ExplainStep& step : explanation_.steps) {
    if (step.kind != StepKind::kPlan) continue;
    names.push_back(step.name);
    operations.push_back(step.operation);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"kinderen", "schuld", "pleegzorg", "volg", "samen", "volgorde",
                                             "koppeling", "spiegel"}));
  EXPECT_EQ(operations[0], "WHERE + LEFT JOIN + GROUP BY");
  EXPECT_EQ(operations[4], "WHERE + 6x2");  // six cells, two figures
  size_t nodes = 0;
  uint64_t rounds = 0;
  for (const ExplainStep& step : explanation_.steps) {
    nodes += step.details.size();
    rounds += step.cost.rounds;
  }
  constexpr uint64_t kOutputs = 4;
  EXPECT_EQ(rounds, nodes + (3 + 20 + 1) * kOutputs);
  EXPECT_EQ(explanation_.total.rounds, rounds);
  // 2 joins and 3 group-bys of 1,000 rows
  EXPECT_EQ(explanation_.total.bytes, 5 * 1000U + (1500 + 900 + 96) * kOutputs);
  ASSERT_EQ(explanation_.total.seconds.size(), 2U);
  EXPECT_DOUBLE_EQ(explanation_.total.seconds[0], 0.5 * static_cast<double>(nodes) + 3 * kOutputs);
  EXPECT_EQ(explanation_.total.sorts.size(), 5U);
}

TEST_F(Explain, DisclosureControlAndReleaseFollowTheirOutput) {
  for (size_t s = 0; s < explanation_.steps.size(); ++s) {
    if (explanation_.steps[s].kind != StepKind::kGuard) continue;
    ASSERT_GT(s, 0U);
    EXPECT_EQ(explanation_.steps[s - 1].kind, StepKind::kPlan);
    EXPECT_EQ(explanation_.steps[s - 1].name, explanation_.steps[s].name);
    EXPECT_EQ(explanation_.steps[s + 1].kind, StepKind::kRelease);
    EXPECT_EQ(explanation_.steps[s + 1].name, explanation_.steps[s].name);
  }
  EXPECT_NE(explain_text(explanation_, text::Language::kEnglish).find("disclosure control"),
            std::string::npos);
}

TEST_F(Explain, TextSaysWhatNodesSee) {
  const std::string dutch = explain_text(explanation_, text::Language::kDutch);
  EXPECT_NE(dutch.find("1.000"), std::string::npos);
  EXPECT_NE(dutch.find("zichtbaar voor knooppunten"), std::string::npos);
  EXPECT_NE(dutch.find("aanmelding_van"), std::string::npos);
  explanation_.leaks = {"unique-violation"};
  const std::string english = explain_text(explanation_, text::Language::kEnglish);
  EXPECT_NE(english.find("1,000"), std::string::npos);
  EXPECT_NE(english.find("unique-violation"), std::string::npos);
  EXPECT_NE(english.find("near / far"), std::string::npos);
  EXPECT_NE(english.find("by comparing"), std::string::npos);
  EXPECT_NE(english.find("by digits"), std::string::npos);
}

TEST_F(Explain, JsonHoldsTheSameFigures) {
  const auto json = parse_json(explain_json(explanation_));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->find("steps")->items.size(), explanation_.steps.size());
  EXPECT_EQ(json->find("total")->find("rounds")->integer, static_cast<int64_t>(explanation_.total.rounds));
  EXPECT_EQ(json->find("visible")->items.size(), 3U);
  EXPECT_NE(json->find("steps")->items[0].find("seconds")->find("far"), nullptr);
  EXPECT_EQ(json->find("total")->find("measured"), nullptr);
}

TEST_F(Explain, MeasuredStandsBesideEstimated) {
  ASSERT_TRUE(add_measured(explanation_, {{"kinderen: WHERE", {2, 10, 0.25}},
                                          {"kinderen: GROUP BY", {3, 70, 0.5}},
                                          {"samen", {4, 5, 0.125}},
                                          {after_label("samen", StepKind::kGuard), {21, 901, 1.5}}}));
  EXPECT_EQ(explanation_.steps[0].measured->rounds, 5U);
  EXPECT_EQ(explanation_.steps[0].measured->bytes, 80U);
  EXPECT_DOUBLE_EQ(explanation_.steps[0].measured->seconds, 0.75);
  for (const ExplainStep& step : explanation_.steps) {
    if (step.name != "samen") continue;
    if (step.kind == StepKind::kRelease) {
      EXPECT_FALSE(step.measured.has_value());
      continue;
    }
    EXPECT_EQ(step.measured->rounds, step.kind == StepKind::kPlan ? 4U : 21U);
  }
  EXPECT_EQ(explanation_.measured->rounds, 30U);
  EXPECT_NE(explain_text(explanation_, text::Language::kEnglish).find("0.75 s"), std::string::npos);
  const auto json = parse_json(explain_json(explanation_));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->find("steps")->items[0].find("measured")->find("bytes")->integer, 80);
  EXPECT_EQ(json->find("total")->find("measured")->find("rounds")->integer, 30);
}

TEST_F(Explain, ARunOfAnotherPlanIsNotPutBesideIt) {
  EXPECT_FALSE(add_measured(explanation_, {{"elders: WHERE", {1, 1, 1}}}));
}

}  // namespace
}  // namespace sluis::sql
