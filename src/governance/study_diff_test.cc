#include "governance/study_diff.h"

#include <gtest/gtest.h>

#include <random>

namespace sluis::governance {
namespace {

std::string join(const std::vector<DiffLine>& diff, DiffLine::Kind without) {
  std::string out;
  for (const DiffLine& line : diff)
    if (line.kind != without) out += line.text + '\n';
  return out;
}

// Length of a longest common subsequence, the plain way.
size_t common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> best(a.size() + 1, std::vector<size_t>(b.size() + 1, 0));
  for (size_t i = 1; i <= a.size(); ++i)
    for (size_t j = 1; j <= b.size(); ++j)
      best[i][j] = a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : std::max(best[i - 1][j], best[i][j - 1]);
  return best[a.size()][b.size()];
}

TEST(StudyDiff, IsAShortestScriptThatRebuildsBothTexts) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> a(random() % 30), b(random() % 30);
    for (auto* lines : {&a, &b})
      for (std::string& line : *lines) line = std::string(1, static_cast<char>('a' + random() % 4));
    std::string before, after;
    for (const std::string& line : a) before += line + '\n';
    for (const std::string& line : b) after += line + '\n';
    const std::vector<DiffLine> diff = diff_lines(before, after);
    EXPECT_EQ(join(diff, DiffLine::Kind::kAdded), before);
    EXPECT_EQ(join(diff, DiffLine::Kind::kRemoved), after);
    size_t same = 0;
    for (const DiffLine& line : diff) same += line.kind == DiffLine::Kind::kSame;
    EXPECT_EQ(same, common(a, b)) << before << "---\n" << after;
  }
}

TEST(StudyDiff, PrintsChangesWithContext) {
  const std::vector<DiffLine> diff = diff_lines("a\nb\nc\nd\ne\nf\ng\n", "a\nb\nC\nd\ne\nf\ng\nh\n");
  EXPECT_EQ(changed_lines(diff), 2u);
  EXPECT_EQ(diff_text(diff, 1), " 2 b\n-3 c\n+3 C\n 4 d\n...\n 7 g\n+8 h\n");
  EXPECT_EQ(changed_lines(diff_lines("x\n", "x\n")), 0u);
  EXPECT_EQ(changed_lines(diff_lines("", "x\ny\n")), 2u);
}

// Two unrelated texts of many lines: bounded work, and still both texts.
TEST(StudyDiff, IsBounded) {
  std::string before, after;
  for (int i = 0; i < 60'000; ++i) {
    before += std::to_string(i) + '\n';
    after += std::to_string(-1 - i) + '\n';
  }
  const std::vector<DiffLine> diff = diff_lines(before, after);
  EXPECT_EQ(join(diff, DiffLine::Kind::kAdded), before);
  EXPECT_EQ(join(diff, DiffLine::Kind::kRemoved), after);
  EXPECT_EQ(changed_lines(diff), 60'000u);
}

}  // namespace
}  // namespace sluis::governance
