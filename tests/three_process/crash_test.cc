// Nodes that die, decisions that change and tables that vanish in the middle of a run.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/bytes.h"
#include "base/result.h"
#include "world.h"

namespace sluis::three_process {
namespace {

using demo::Output;
using std::chrono::milliseconds;

constexpr int kDeadlineSeconds = 4;

uint64_t chosen_seed() {
  if (const char* given = std::getenv("SLUIS_TEST_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

bool is_released(const std::string& state) { return state == "released"; }

// Nothing can be fetched from a run that did not release.
void expect_no_figure(const World& world, const std::string& run) {
  const Output got = world.sluis(kApplicant, {"result", "get", run, "--out", world.path("nothing")});
  EXPECT_NE(got.code, 0) << got.text;
}

TEST(Crash, ANodeKilledAtARandomMomentStopsTheRunAndLosesNothing) {
  World world({.seed = 11, .families = 2'500, .max_runs = 9, .deadline_s = kDeadlineSeconds});
  world.share_all();
  world.approve_all(world.study);
  const uint64_t seed = chosen_seed();
  std::printf("SLUIS_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 4; ++round) {
    const int victim = round < 3 ? round : static_cast<int>(random() % 3);
    const auto wait = milliseconds(random() % 350);
    std::string run;
    const Output started = world.start(world.study, run, false);
    ASSERT_EQ(started.code, 0) << started.error;
    std::this_thread::sleep_for(wait);
    world.network->kill_node(victim);
    SCOPED_TRACE("round " + std::to_string(round) + " node " + std::to_string(victim) + " after " +
                 std::to_string(wait.count()) + " ms");
    bool released = false;
    for (const int other : {(victim + 1) % 3, (victim + 2) % 3}) {
      const std::string state = world.end_at(other, run, kDeadlineSeconds + 10);
      EXPECT_FALSE(state.empty()) << "node " << other << " goes on";
      released = released || is_released(state);
    }
    ASSERT_TRUE(world.network->start_node(victim).ok());
    if (released) {  // a fast machine: all three had signed before the blow, and all three say so
      for (int party = 0; party < 3; ++party) EXPECT_EQ(world.state_at(party, run), "released") << party;
      ASSERT_GT(round, 0) << "no run was hit";
      return;
    }
    expect_no_figure(world, run);
    EXPECT_EQ(world.state_at(victim, run), "failed");
  }
  std::string run;
  const Output again = world.start(world.study, run, true);  // the same shares, at all three
  EXPECT_EQ(again.code, 0) << again.text << again.error;
  const Output got = world.sluis(kApplicant, {"result", "get", run, "--out", world.path("out")});
  EXPECT_EQ(got.code, 0) << got.error;
}

class During : public testing::Test {
 protected:
  During() : world({.seed = 13, .families = 6'000, .max_runs = 9, .deadline_s = kDeadlineSeconds}) {
    world.share_all();
    world.approve_all(world.study);
  }
  World world;
};

TEST_F(During, ASecondRunWaitsItsTurnAndARevokedDecisionStopsTheFirst) {
  std::string run;
  ASSERT_EQ(world.start(world.study, run, false).code, 0);
  std::string second;
  const Output busy = world.start(world.study, second, false);
  EXPECT_TRUE(says(busy, "S1215") || says(busy, "S1305")) << busy.text << busy.error;
  EXPECT_NE(busy.code, 0);
  // One owner of ten: the others would do, but its rows are in this run.
  const Output revoked = world.decide("00000099000000002007", "revoke", world.study,
                                      {"--reasons", "vergissing", "--mandate", "register"});
  ASSERT_EQ(revoked.code, 0) << revoked.error;
  for (int party = 0; party < 3; ++party) {
    const std::string state = world.end_at(party, run, kDeadlineSeconds + 31);
    EXPECT_FALSE(state.empty() || is_released(state)) << party << " " << state;
  }
  EXPECT_EQ(world.state_at(0, run), "cancelled_by_owner");
  expect_no_figure(world, run);
}

TEST_F(During, AWithdrawnTableStopsTheRunAndIsGone) {
  std::string run;
  ASSERT_EQ(world.start(world.study, run, false).code, 0);
  const Output withdrawn = world.sluis(kDemostad, {"data", "withdraw", "schuldhulp@1"});
  ASSERT_EQ(withdrawn.code, 0) << withdrawn.error;
  for (int party = 0; party < 3; ++party) {
    const std::string state = world.end_at(party, run, kDeadlineSeconds + 31);
    EXPECT_FALSE(state.empty() || is_released(state)) << party << " " << state;
  }
  expect_no_figure(world, run);
  std::string again;
  const Output refused = world.start(world.study, again, true);
  EXPECT_NE(refused.code, 0) << refused.text;
}

}  // namespace
}  // namespace sluis::three_process
