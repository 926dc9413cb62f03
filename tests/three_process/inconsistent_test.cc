// Nodes that do not see the same, and a wire between nodes that changes what passes.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/bytes.h"
#include "peers.h"

namespace sluis::three_process {
namespace {

using demo::Output;
using Damage = DamagingRelay::Damage;

void edit(const std::string& file, const std::string& from, const std::string& to) {
  Result<std::string> text = read_file(file, 1 << 20);
  ASSERT_TRUE(text.ok());
  const size_t at = text->find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text->replace(at, from.size(), to);
  ASSERT_TRUE(write_file(file, *text).ok());
}

TEST(Inconsistent, ARegistryThatDiffersAtOneNodeStopsTheRun) {
  World world({.seed = 23, .families = 300, .max_runs = 9});
  world.share_all();
  world.approve_all(world.study);
  // Node C gets a registry of its own, equal in all but the serial number.
  const std::string shared = world.network->directory() + "/registry.toml";
  const std::string other = world.path("registry.toml");
  std::filesystem::copy_file(shared, other);
  edit(other, "serial = 1", "serial = 2");
  world.network->kill_node(2);
  const std::string config = world.network->node_directory(2) + "/node.toml";
  const Result<std::string> before = read_file(config, 1 << 20);
  edit(config, "network/registry.toml", other);
  ASSERT_TRUE(world.network->start_node(2).ok());
  std::string run;
  ASSERT_EQ(world.start(world.study, run, false).code, 0);
  bool noticed = false;
  for (int party = 0; party < 3; ++party) {
    const std::string state = world.end_at(party, run, 40);
    EXPECT_NE(state, "") << party;
    EXPECT_NE(state, "released") << party;
    noticed = noticed || state == "aborted_inconsistent";
  }
  EXPECT_TRUE(noticed);
  EXPECT_NE(world.sluis(kApplicant, {"result", "get", run, "--out", world.path("none")}).code, 0);
  // With the same registry again all is well.
  world.network->kill_node(2);
  ASSERT_TRUE(write_file(config, *before).ok());
  ASSERT_TRUE(world.network->start_node(2).ok());
  const Output again = world.start(world.study, run, true);
  EXPECT_EQ(again.code, 0) << again.text << again.error;
}

TEST(Inconsistent, AWireThatFlipsCutsOrAddsBytesStopsTheRun) {
  World world({.seed = 29, .families = 1'500, .max_runs = 9});
  // The two others reach node B through the relay.
  const uint16_t target = port_of(world, 1, "peer_listen");
  DamagingRelay relay(target);
  for (int party = 0; party < 3; ++party) world.network->kill_node(party);
  edit(world.network->directory() + "/registry.toml", "\"127.0.0.1:" + std::to_string(target) + "\"",
       "\"127.0.0.1:" + std::to_string(relay.port()) + "\"");
  ASSERT_TRUE(world.network->start().ok());
  world.share_all();
  world.approve_all(world.study);
  for (const Damage damage : {Damage::kFlip, Damage::kCut, Damage::kExtra}) {
    relay.arm(damage, 60'000);
    std::string run;
    const Output output = world.start(world.study, run, false);
    ASSERT_EQ(output.code, 0) << output.error;
    for (int party = 0; party < 3; ++party) {
      const std::string state = world.end_at(party, run, 40);
      EXPECT_NE(state, "") << party;
      EXPECT_NE(state, "released") << party;
    }
    EXPECT_TRUE(relay.done());
    EXPECT_NE(world.sluis(kApplicant, {"result", "get", run, "--out", world.path("none")}).code, 0);
  }
  std::string run;
  const Output again = world.start(world.study, run, true);
  EXPECT_EQ(again.code, 0) << again.text << again.error;
}

}  // namespace
}  // namespace sluis::three_process
