// What an owner took back is not used: not the table, not the decision.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "world.h"

namespace sluis::three_process {
namespace {

using demo::Output;

TEST(Refusal, WithdrawnTablesAndRevokedDecisionsAreOutOfTheStudy) {
  World world({.seed = 31, .families = 200});
  world.share_all();
  const Output early = world.sluis(kApplicant, {"run", "start", world.study});
  EXPECT_TRUE(says(early, "S1201")) << early.error;
  EXPECT_EQ(early.code, static_cast<int>(Exit::kNotApproved));
  world.approve_all(world.study);

  // One changed byte is another study: no decision is about it.
  const std::string changed =
      world.study_with("INTERVAL '12 months'", "INTERVAL '13 months'", "changed.toml");
  EXPECT_EQ(world.sluis(kApplicant, {"study", "submit", changed}).code, 0);
  const Output other = world.sluis(kApplicant, {"run", "start", changed});
  EXPECT_TRUE(says(other, "S1207")) << other.error;
  EXPECT_EQ(other.code, static_cast<int>(Exit::kNotApproved));

  const auto status = [&] {
    return world.sluis(kApplicant, {"study", "status", world.study, "-o", "json"}).text;
  };
  EXPECT_NE(status().find("\"permitted\":true"), std::string::npos) << status();
  const Output withdrawn = world.sluis(kDemostad, {"data", "withdraw", "schuldhulp@1"});
  EXPECT_EQ(withdrawn.code, 0) << withdrawn.error;
  for (int party = 0; party < 3; ++party)  // a signed receipt of each
    EXPECT_NE(withdrawn.text.find(demo::Network::kNames[static_cast<size_t>(party)]), std::string::npos);
  EXPECT_NE(world.sluis(kDemostad, {"data", "withdraw", "schuldhulp@1"}).code, 0);
  // Two of three institutions revoke: the minimum of the study is not met.
  for (const char* oin : {"00000099000000003001", "00000099000000003002"}) {
    const Output revoked =
        world.decide(oin, "revoke", world.study, {"--mandate", "register", "--reasons", "vergissing"});
    EXPECT_EQ(revoked.code, 0) << revoked.error;
  }
  EXPECT_NE(status().find("\"permitted\":false"), std::string::npos) << status();
  const Output refused = world.sluis(kApplicant, {"run", "start", world.study});
  EXPECT_TRUE(says(refused, "S12")) << refused.error;
  EXPECT_EQ(refused.code, static_cast<int>(Exit::kNotApproved)) << refused.error;
}

TEST(Refusal, AStudyWhoseTimeIsOverDoesNotRun) {
  World world({.seed = 37, .families = 60});
  const Result<std::string> bytes = read_file(world.study, 1 << 20);
  const size_t at = bytes->find("run_before");
  ASSERT_NE(at, std::string::npos);
  const std::string line = bytes->substr(at, bytes->find('\n', at) - at);
  const std::string old = world.study_with(line, "run_before = 2024-03-01", "old.toml");
  // Refused where it is submitted, or where it is started: it never runs.
  const Output submitted = world.sluis(kApplicant, {"study", "submit", old});
  const Output started = world.sluis(kApplicant, {"run", "start", old});
  EXPECT_NE(started.code, 0);
  EXPECT_TRUE(says(submitted, "S1") || says(started, "S12")) << submitted.error << started.error;
}

}  // namespace
}  // namespace sluis::three_process
