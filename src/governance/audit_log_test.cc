#include "governance/audit_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.h"

namespace sluis::governance {
namespace {

class AuditLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() / ("sluis-audit-" + std::to_string(getpid()))).string();
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  void write_lines(int n) {
    auto log = AuditLog::open(path_);
    ASSERT_TRUE(log.ok());
    for (int i = 0; i < n; ++i)
      ASSERT_TRUE(
          (*log)
              ->append(
                  {1'800'000'000 + i, "run.started", "node:a", "run:" + std::to_string(i), {{"rows", "12"}}})
              .ok());
  }
  std::string text() { return *read_file(path_, 1 << 20); }
  void overwrite(const std::string& text) {
    std::ofstream(path_, std::ios::trunc | std::ios::binary) << text;
  }
  std::string verdict(const std::optional<AuditHead>& anchor = std::nullopt) {
    const auto head = verify_audit_log(path_, anchor);
    return head.ok() ? "" : head.error().summary().substr(0, head.error().summary().find(' '));
  }
  std::string path_;
};

TEST_F(AuditLogTest, ChainsLinesAcrossOpenings) {
  write_lines(3);
  write_lines(2);
  const auto head = verify_audit_log(path_);
  ASSERT_TRUE(head.ok()) << head.error().summary();
  EXPECT_EQ(head->lines, 5u);
  const std::string all = text();
  const size_t last = all.rfind('\n', all.size() - 2) + 1;
  EXPECT_EQ(head->last, crypto::sha256(all.substr(last, all.size() - last - 1)));
  EXPECT_EQ(AuditLog::open(path_).value()->head(), *head);
}

// Every byte changed in turn, every line removed, doubled, moved.
TEST_F(AuditLogTest, FindsEveryChange) {
  write_lines(4);
  const AuditHead head = *verify_audit_log(path_);
  const std::string good = text();
  for (size_t i = 0; i + 1 < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    overwrite(bad);
    // In the last line only an anchor can tell.
    EXPECT_NE(verdict(head), "") << i;
  }
  std::vector<std::string> lines;
  for (size_t at = 0; at < good.size(); at = good.find('\n', at) + 1)
    lines.push_back(good.substr(at, good.find('\n', at) + 1 - at));
  ASSERT_EQ(lines.size(), 4u);
  overwrite(lines[0] + lines[2] + lines[3]);
  EXPECT_EQ(verdict(), "S1603.line");
  overwrite(lines[1] + lines[2] + lines[3]);
  EXPECT_EQ(verdict(), "S1603.line");
  overwrite(lines[0] + lines[0] + lines[1]);
  EXPECT_EQ(verdict(), "S1603.line");
  overwrite(lines[0] + lines[2] + lines[1] + lines[3]);
  EXPECT_EQ(verdict(), "S1603.line");
  overwrite(lines[0] + lines[1]);
  EXPECT_EQ(verdict(), "");  // the chain alone cannot tell that an end is missing
  EXPECT_EQ(verdict(head), "S1603.anchor");
  overwrite(good);
  EXPECT_EQ(verdict(head), "");
}

TEST_F(AuditLogTest, GoesOnAfterATornLine) {
  write_lines(2);
  const std::string good = text();
  overwrite(good + good.substr(0, 40));
  EXPECT_EQ(verdict(), "S1603.line");
  write_lines(1);
  EXPECT_EQ(verify_audit_log(path_)->lines, 3u);
  EXPECT_EQ(text().substr(0, good.size()), good);
}

TEST_F(AuditLogTest, IsNotContinuedAfterDamage) {
  write_lines(2);
  overwrite("{}\n" + text());
  EXPECT_EQ(AuditLog::open(path_).error().id, "S1603.line");
}

TEST_F(AuditLogTest, HasOneWriter) {
  const auto first = AuditLog::open(path_);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(AuditLog::open(path_).error().id, "S1603.busy");
}

TEST_F(AuditLogTest, MasksWhatLooksLikeAPerson) {
  {
    auto log = AuditLog::open(path_);
    ASSERT_TRUE((*log)
                    ->append({1,
                              "x.y",
                              "oin:00000099000000002001",
                              "",
                              {{"note", "bsn 123456782, 12345678; oin 00000099000000002001, 2026"},
                               {"long", std::string(500, 'x')}}})
                    .ok());
  }
  const std::string all = text();
  EXPECT_EQ(all.find("123456782"), std::string::npos);
  EXPECT_EQ(all.find("12345678"), std::string::npos);
  EXPECT_NE(all.find("#########, ########; oin 00000099000000002001, 2026"), std::string::npos);
  EXPECT_LT(all.size(), 700u);
  EXPECT_EQ(verdict(), "");
}

TEST_F(AuditLogTest, HandsOverItsLines) {
  write_lines(3);
  std::string seen;
  ASSERT_TRUE(read_audit_log(path_, [&](std::string_view line) { seen.append(line) += '\n'; }).ok());
  EXPECT_EQ(seen, text());
}

}  // namespace
}  // namespace sluis::governance
