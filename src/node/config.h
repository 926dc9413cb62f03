// Configuration of a node, format `sluis-node/1` (docs/formats/node_configuration.md): one TOML file, unknown
// keys are errors.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "governance/key_registry.h"
#include "mpc/network.h"

namespace sluis::node {

struct Endpoint {
  std::string host;
  uint16_t port = 0;
};
// "host:port"; port 0 takes a free one (tests). Errors: S1005.address.
Result<Endpoint> parse_endpoint(const std::string& text);

struct NodeConfig {
  std::string name;          // as in the key registry
  int party = 0;             // 0, 1, 2
  Endpoint listen;           // owners and recipients
  Endpoint peer_listen;      // the two other nodes
  std::string data;          // directory of everything the node keeps
  std::string registry;      // key registry file
  std::string certificates;  // directory of enrolled certificates (*.pem)
  std::string policies;      // directory of owner policies (*.toml); may be empty
  std::string tls_key, tls_certificate, receipt_key, storage_key;  // files
  int max_connections = 64;
  int deadline_s = 30;                          // silence after which a peer counts as lost
  mpc::Network network = mpc::kDefaultNetwork;  // the same at all three nodes, or runs end (S1302)
  std::string file;                             // this file, for the job's process
};

// Relative paths count from the file's directory. All faults at once.
struct ConfigParse {
  std::optional<NodeConfig> config;
  Errors errors;
};
ConfigParse parse_config(std::string_view bytes, const std::string& file);
Result<NodeConfig> load_config(const std::string& file);

}  // namespace sluis::node
