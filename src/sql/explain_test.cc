#include "sql/explain.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "sql/example_study_for_test.h"

namespace sluis::sql {
namespace {

// One round per node, a byte per row of joins and group-bys.
class FlatCosts : public CostModel {
 public:
  StepCost node(const Node& node) const override {
    const bool sorts = node.kind == NodeKind::kJoin || node.kind == NodeKind::kGroupBy;
    const uint64_t bytes = sorts ? node.max_rows : 0;
    return {1, 2, bytes, 2 * bytes, bytes, sorts};
  }
  StepCost output(const Output&) const override { return {3, 3, 1500, 1500, 1500, false}; }
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
  EXPECT_EQ(rounds, nodes + 3 * 4);
  EXPECT_EQ(explanation_.total.rounds, rounds);
  EXPECT_EQ(explanation_.total.bytes, 5 * 1000U + 4 * 1500);  // 2 joins and 3 group-bys of 1,000 rows
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
}

TEST_F(Explain, JsonHoldsTheSameFigures) {
  const auto json = parse_json(explain_json(explanation_));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->find("steps")->items.size(), explanation_.steps.size());
  EXPECT_EQ(json->find("total")->find("rounds")->integer, static_cast<int64_t>(explanation_.total.rounds));
  EXPECT_EQ(json->find("visible")->items.size(), 3U);
  EXPECT_NE(json->find("steps")->items[0].find("seconds")->find("WAN"), nullptr);
}

TEST(NetworkSeconds, RoundsAndTheBusiestLink) {
  StepCost cost;
  cost.rounds = 10;
  cost.link_bytes = 125'000'000;  // one gigabit
  EXPECT_DOUBLE_EQ(network_seconds(cost, {"x", 20, 1}), 0.2 + 1);
}

}  // namespace
}  // namespace sluis::sql
