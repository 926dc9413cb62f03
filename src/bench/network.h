// The network profiles of mpc/network.h as a mesh that waits.
#pragma once

#include <array>
#include <memory>

#include "mpc/network.h"
#include "net/mesh.h"

namespace sluis::bench {

using mpc::Network;
using mpc::NetworkProfile;
using mpc::profile;
inline constexpr std::array<Network, 3> kModelledNetworks = {Network::kLan, Network::kNl, Network::kWan};

// mpc::modelled_seconds with processor seconds as measured here: of all three parties.
inline double modelled_s(Network network, const mpc::Cost& cost, double cpu_s_all_parties) {
  return mpc::modelled_seconds(network, cost, cpu_s_all_parties / 3);
}

// Emulation in place of the model: each message reaches the protocol no sooner than delay and rate of the
// profile allow. Six directed links, each with its own rate. The links outlive the meshes.
struct EmulatedLinks;
std::shared_ptr<EmulatedLinks> make_emulated_links(Network network);
std::unique_ptr<net::Mesh> emulate(std::unique_ptr<net::Mesh> mesh, std::shared_ptr<EmulatedLinks> links);

}  // namespace sluis::bench
