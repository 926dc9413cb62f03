// The one model of what a run takes: network profiles, processor time, seconds. Used by the planner (choice
// of circuits and sorts), by EXPLAIN and by the benchmarks; docs/protocols/cost_model.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mpc/compare.h"
#include "mpc/cost.h"

namespace sluis::mpc {

// Where the three nodes stand. Public, and the same at all three: it decides which circuits they run.
enum class Network : uint8_t { kLoopback, kLan, kNl, kWan };
inline constexpr std::array<Network, 4> kNetworks = {Network::kLoopback, Network::kLan, Network::kNl,
                                                     Network::kWan};
// What is assumed where nobody says: three organisations in one country.
inline constexpr Network kDefaultNetwork = Network::kNl;

struct NetworkProfile {
  const char* name;  // "loopback", "lan", "nl", "wan"
  double round_trip_s;
  double bytes_per_second;  // of each directed link; 0: no bound
  double one_way_s() const { return round_trip_s / 2; }
};
// lan 0.2 ms, 10 Gbit/s; nl 3 ms, 1 Gbit/s; wan 20 ms, 1 Gbit/s. loopback has neither delay nor bound.
const NetworkProfile& profile(Network network);
std::optional<Network> network_of(std::string_view name);

// Processor time of one party, calibrated with `sluis bench` (docs/protocols/cost_model.md says when, on
// what, and with which error).
struct CpuModel {
  double ns_per_byte;   // sent and received over TLS, with the gates and masks behind it
  double ns_per_word;   // Cost::words: permuted, transposed, split
  double us_per_round;  // waking up and system calls: passes on every network, also on loopback
};
inline constexpr CpuModel kCpu = {2.2, 1.2, 15};

// Processor seconds of one party.
double cpu_seconds(const Cost& cost);
// T = CPU + rounds x (one way + software) + busiest link / rate (protocols.md 7). An upper estimate: none of
// the three overlaps.
double modelled_seconds(Network network, const Cost& cost);
// The same with processor seconds of one party as measured.
double modelled_seconds(Network network, const Cost& cost, double cpu_s_one_party);

// x < y on so many planes, `rows` at once: of the recipes of compare_choices() the one that takes the least
// modelled time. Depends on public numbers only. REQUIRES: planes >= 1.
const CompareChoice& compare_choice(uint64_t planes, uint64_t rows, Network network);

}  // namespace sluis::mpc
