// The invented network: three node operators, a requesting region, ten owners; keys for all, one registry.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "demo/process.h"
#include "demo/region.h"
#include "demo/relay.h"

namespace sluis::demo {

// Directories: <root>/network (registry, certificates), <root>/nodes/node-a … , <root>/who/<oin> (identity,
// persons' keys).
class Network {
 public:
  static constexpr std::array<const char*, 3> kNames = {"knooppunt-a", "knooppunt-b", "knooppunt-c"};
  static constexpr const char* kApplicant = "00000099000000001000";

  // Makes all keys and files. `program` is sluis. Errors: S1002.*, S1390.*, what `sluis node init` says.
  static Result<std::unique_ptr<Network>> create(const std::string& root, const std::string& program,
                                                 const Region& region);

  // Starts all three and waits until they listen. Errors: S1301.unreachable.
  Status start();
  Status start_node(int party);
  void kill_node(int party) { nodes_[static_cast<size_t>(party)]->kill(); }

  std::string directory() const { return root_ + "/network"; }
  std::string identity(const std::string& oin) const { return root_ + "/who/" + oin; }
  std::string node_directory(int party) const {
    return root_ + "/nodes/" + kNames[static_cast<size_t>(party)];
  }
  std::string node_log(int party) const { return node_directory(party) + "/node.log"; }
  std::string wire_file() const { return root_ + "/wire.bin"; }  // what passed between owners and node A

 private:
  Network() = default;
  Status make_nodes();
  Status make_people(const Region& region);
  Status write_registry(const Region& region);

  std::string root_, program_;
  std::array<uint16_t, 3> ports_{}, peer_ports_{};
  std::array<std::string, 3> node_facts_;  // lines for the registry
  std::vector<std::string> people_;        // [[organisation]] and [[person]] tables
  std::array<std::unique_ptr<Daemon>, 3> nodes_;
  std::unique_ptr<Relay> relay_;
};

}  // namespace sluis::demo
