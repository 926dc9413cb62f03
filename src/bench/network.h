// Network profiles: what a round and a byte cost between three real organisations; as a formula, and as a
// mesh that waits.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "mpc/compare.h"
#include "mpc/cost.h"
#include "net/mesh.h"

namespace sluis::bench {

enum class Network : uint8_t { kLoopback, kLan, kNl, kWan };
inline constexpr std::array<Network, 3> kModelledNetworks = {Network::kLan, Network::kNl, Network::kWan};

struct NetworkProfile {
  const char* name;
  double round_trip_s;
  double bytes_per_second;  // of each directed link
  mpc::CompareDepth depth;  // comparisons of large batches: bytes against rounds
};
// LAN 0.2 ms, 10 Gbit/s; NL 3 ms, 1 Gbit/s; WAN 20 ms, 1 Gbit/s. Loopback has neither delay nor bound.
const NetworkProfile& profile(Network network);
std::optional<Network> network_of(std::string_view name);

// Modelled seconds (protocols.md 7): processor seconds of one party, half a round trip per round (all send,
// then all receive), busiest link over its rate. An upper estimate: none of the three overlaps.
double modelled_seconds(Network network, const mpc::Cost& cost, double cpu_s_all_parties);

// Emulation in place of the model: each message reaches the protocol no sooner than delay and rate of the
// profile allow. Six directed links, each with its own rate. The links outlive the meshes.
struct EmulatedLinks;
std::shared_ptr<EmulatedLinks> make_emulated_links(Network network);
std::unique_ptr<net::Mesh> emulate(std::unique_ptr<net::Mesh> mesh, std::shared_ptr<EmulatedLinks> links);

}  // namespace sluis::bench
