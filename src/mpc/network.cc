#include "mpc/network.h"

#include <algorithm>

namespace sluis::mpc {

const NetworkProfile& profile(Network network) {
  static constexpr std::array<NetworkProfile, 4> kProfiles = {{
      {"loopback", 0, 0},
      {"lan", 0.0002, 1.25e9},
      {"nl", 0.003, 1.25e8},
      {"wan", 0.020, 1.25e8},
  }};
  return kProfiles[static_cast<size_t>(network)];
}

std::optional<Network> network_of(std::string_view name) {
  for (const Network network : kNetworks)
    if (name == profile(network).name) return network;
  return std::nullopt;
}

double cpu_seconds(const Cost& cost) {
  return 1e-9 * (kCpu.ns_per_byte * static_cast<double>(cost.total()) / 3 +
                 kCpu.ns_per_word * static_cast<double>(cost.words));
}

double modelled_seconds(Network network, const Cost& cost, double cpu_s_one_party) {
  const NetworkProfile& p = profile(network);
  double seconds =
      cpu_s_one_party + static_cast<double>(cost.rounds) * (p.one_way_s() + 1e-6 * kCpu.us_per_round);
  if (p.bytes_per_second > 0) seconds += static_cast<double>(cost.busiest_link()) / p.bytes_per_second;
  return seconds;
}

double modelled_seconds(Network network, const Cost& cost) {
  return modelled_seconds(network, cost, cpu_seconds(cost));
}

const CompareChoice& compare_choice(uint64_t planes, uint64_t rows, Network network) {
  const uint64_t words = (rows + 63) / 64;
  return *std::ranges::min_element(compare_choices(planes), {}, [&](const CompareChoice& choice) {
    const uint64_t bytes = 8 * words * choice.bits;
    return modelled_seconds(network, {choice.rounds, {0, 0, 0}, {bytes, bytes, bytes}});
  });
}

}  // namespace sluis::mpc
