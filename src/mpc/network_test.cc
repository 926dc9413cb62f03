#include "mpc/network.h"

#include <gtest/gtest.h>

namespace sluis::mpc {
namespace {

TEST(Network, ProfilesByName) {
  for (const Network network : kNetworks) EXPECT_EQ(network_of(profile(network).name), network);
  EXPECT_FALSE(network_of("LAN").has_value());
  EXPECT_DOUBLE_EQ(profile(Network::kNl).one_way_s(), 0.0015);
}

TEST(Network, SecondsAreProcessorAndRoundsOneWayAndTheBusiestLink) {
  Cost cost{10, {0, 0, 125'000'000}, {25'000'000, 0, 0}};
  const double rounds = 10 * (0.010 + 1e-6 * kCpu.us_per_round);
  EXPECT_DOUBLE_EQ(modelled_seconds(Network::kWan, cost, 0.5), 0.5 + rounds + 1);
  EXPECT_DOUBLE_EQ(modelled_seconds(Network::kWan, cost), 0.05 * kCpu.ns_per_byte + rounds + 1);
  EXPECT_DOUBLE_EQ(modelled_seconds(Network::kLoopback, cost, 0.5), 0.5 + 1e-5 * kCpu.us_per_round);
  cost.words = 1'000'000'000;
  EXPECT_DOUBLE_EQ(cpu_seconds(cost), 0.05 * kCpu.ns_per_byte + kCpu.ns_per_word);
}

// By exact cost of the circuits themselves, not by the counts that the choice is made from.
TEST(Network, NoOtherRecipeIsQuicker) {
  for (const Network network : kNetworks)
    for (const uint64_t planes : {1, 7, 30, 50, 64, 84})
      for (const uint64_t rows : {1, 700, 1 << 14, 1 << 20, 1 << 27}) {
        const CompareChoice& chosen = compare_choice(planes, rows, network);
        const double seconds = modelled_seconds(network, cost_less(rows, planes, chosen.recipe));
        for (const CompareChoice& other : compare_choices(planes))
          EXPECT_LE(seconds, modelled_seconds(network, cost_less(rows, planes, other.recipe)) * (1 + 1e-12));
      }
}

TEST(Network, MoreRowsAndNearerNodesFavourBytesOverRounds) {
  for (const uint64_t planes : {30, 50, 64}) {
    uint64_t before = 0;
    for (uint64_t rows = 1; rows < uint64_t{1} << 40; rows *= 2) {
      const uint64_t rounds = compare_choice(planes, rows, Network::kNl).rounds;
      EXPECT_GE(rounds, before);
      before = rounds;
    }
    EXPECT_EQ(compare_choice(planes, uint64_t{1} << 26, Network::kLoopback).recipe, CompareRecipe{});
    EXPECT_LT(compare_choice(planes, 1 << 20, Network::kWan).rounds,
              compare_choice(planes, 1 << 20, Network::kLan).rounds);
    EXPECT_EQ(compare_choice(planes, 1, Network::kWan).rounds, compare_choices(planes).front().rounds);
  }
}

}  // namespace
}  // namespace sluis::mpc
