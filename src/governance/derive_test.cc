#include "governance/derive.h"

#include <gtest/gtest.h>

#include <map>

namespace sluis::governance {
namespace {

std::optional<double> value(const std::string& text) {
  const auto formula = parse_derive(text);
  if (!formula.ok()) return std::nullopt;
  static const std::map<std::string, double> kValues{{"a", 6}, {"b", 3}, {"zero", 0}, {"start_2", 10}};
  return evaluate(*formula, [](const std::string& column) { return kValues.at(column); });
}

TEST(Derive, ComputesWithTheUsualPrecedence) {
  EXPECT_EQ(value("1000 * a / b"), 2000);
  EXPECT_EQ(value("a - b - 1"), 2);
  EXPECT_EQ(value("a - (b - 1)"), 4);
  EXPECT_EQ(value("a + b * 2"), 12);
  EXPECT_EQ(value("(a+b)*2.5"), 22.5);
  EXPECT_EQ(value("a / b / 2"), 1);
  EXPECT_EQ(value("start_2"), 10);
  EXPECT_EQ(value("a / zero"), std::nullopt);
}

TEST(Derive, RefusesEverythingElse) {
  for (const char* text : {"", "a b", "a +", "(a", "a)", "-a", "a > b", "round(a)", "a; b", "1e3", "a ** b",
                           "1..2", "A", "a\n+b", "'a'", "12a", "1234567890123"})
    EXPECT_FALSE(parse_derive(text).ok()) << text;
  EXPECT_FALSE(parse_derive(std::string(200, '(') + "a" + std::string(199, ')')).ok());
  std::string many = "a";
  for (int i = 0; i < 40; ++i) many += "+a";
  EXPECT_FALSE(parse_derive(many).ok());
  EXPECT_EQ(parse_derive("a + * b").error().summary(), "S1005.expression [a + * b] [5]");
}

TEST(Derive, NamesItsColumnsOnce) {
  EXPECT_EQ(parse_derive("b * a + a")->columns(), (std::vector<std::string>{"b", "a"}));
}

}  // namespace
}  // namespace sluis::governance
