// What the parts of a running node share.
#pragma once

#include <memory>
#include <string>

#include "governance/audit_log.h"
#include "governance/key_registry.h"
#include "governance/ledger.h"
#include "governance/policy.h"
#include "net/tls_context.h"
#include "node/catalogue.h"
#include "node/config.h"
#include "node/share_store.h"
#include "node/supervisor.h"

namespace sluis::node {

// Everything is set once, before connections are accepted; catalogue, store and supervisor lock by
// themselves.
struct NodeState {
  NodeConfig config;
  std::string program;       // path of this executable, for job processes
  std::string program_name;  // "sluis 0.1.0 sha256:…"
  governance::KeyRegistry registry;
  std::vector<governance::OwnerPolicy> policies;
  net::Identity identity;
  std::vector<std::string> certificates;  // enrolled, PEM
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<ShareStore> store;
  std::unique_ptr<governance::Ledger> ledger;
  std::unique_ptr<Supervisor> supervisor;
};

// Loads configuration, keys, registry, policies, certificates and opens catalogue and store. Used by the
// daemon and by each job's process. Errors: those of the parts; S1601.party (registry and configuration
// differ), S1601.key (a key here is not the registered one).
enum class Role : uint8_t { kDaemon, kJob };
Result<std::unique_ptr<NodeState>> load_state(const std::string& config_file, Role role);
// The node's audit log, waiting a little while another process of the node holds it. Errors: S1603.*.
Result<std::unique_ptr<governance::AuditLog>> open_audit_log(const NodeState& state);
// Appends one event; failures are not hidden: the caller decides. The log is open only while it is written,
// as two processes share it.
Status audit(const NodeState& state, governance::AuditEvent event);

// Directories under config.data.
std::string run_directory(const NodeConfig& config, const std::string& run);
std::string audit_file(const NodeConfig& config);
int64_t unix_now();

}  // namespace sluis::node
