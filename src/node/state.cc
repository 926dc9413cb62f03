#include "node/state.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/bytes.h"

namespace sluis::node {
namespace {

namespace fs = std::filesystem;

Error state_error(const char* id, std::string what) {
  Error error;
  error.id = id;
  error.args = {std::move(what)};
  return error;
}

// Files of a directory with this extension, in order of name, each read whole.
Result<std::vector<std::pair<std::string, std::string>>> read_directory(const std::string& directory,
                                                                        const std::string& extension,
                                                                        size_t max_bytes) {
  std::error_code fault;
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, fault))
    if (entry.path().extension() == extension) paths.push_back(entry.path().string());
  if (fault) return state_error("S1002.read", fault.message());
  std::sort(paths.begin(), paths.end());
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& path : paths) {
    SLUIS_ASSIGN(std::string text, read_file(path, max_bytes));
    files.emplace_back(path, std::move(text));
  }
  return files;
}

// 64 hexadecimal digits and a line end, readable by the owner only.
Result<SecretBytes> load_storage_key(const std::string& path) {
  std::error_code fault;
  const fs::perms perms = fs::status(path, fault).permissions();
  if (!fault && (perms & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
    return state_error("S1601.permission", path);
  SLUIS_ASSIGN(std::string text, read_file(path, 256));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::optional<Bytes> bytes = from_hex(text);
  secure_wipe(text.data(), text.size());
  if (!bytes || bytes->size() != crypto::kSealKeyBytes) return state_error("S1601.storage_key", path);
  SecretBytes key = SecretBytes::copy_of(*bytes);
  secure_wipe(bytes->data(), bytes->size());
  return key;
}

Status load_registry(NodeState& state) {
  const std::string& file = state.config.registry;
  SLUIS_ASSIGN(const std::string bytes, read_file(file, kMaxTomlBytes));
  governance::RegistryParse parsed = governance::parse_registry(bytes, file);
  if (!parsed.registry) return parsed.errors.front();
  state.registry = std::move(*parsed.registry);
  const governance::NodeEntry& own = state.registry.nodes[static_cast<size_t>(state.config.party)];
  if (own.name != state.config.name) return state_error("S1601.party", state.config.name);
  if (own.tls_spki != state.identity.fingerprint)
    return state_error("S1601.key", state.config.tls_certificate);
  return {};
}

Status load_policies(NodeState& state) {
  if (state.config.policies.empty()) return {};
  SLUIS_ASSIGN(const auto files, read_directory(state.config.policies, ".toml", kMaxTomlBytes));
  for (const auto& [path, text] : files) {
    governance::PolicyParse parsed = governance::parse_policy(text, path);
    if (!parsed.policy) return parsed.errors.front();
    state.policies.push_back(std::move(*parsed.policy));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<NodeState>> load_state(const std::string& config_file, Role role) {
  auto state = std::make_unique<NodeState>();
  SLUIS_ASSIGN(state->config, load_config(config_file));
  const NodeConfig& config = state->config;
  SLUIS_ASSIGN(state->identity, net::load_identity(config.tls_key, config.tls_certificate));
  SLUIS_TRY(load_registry(*state));
  SLUIS_TRY(load_policies(*state));
  SLUIS_ASSIGN(const auto certificates, read_directory(config.certificates, ".pem", 64 * 1024));
  for (const auto& [path, pem] : certificates) state->certificates.push_back(pem);
  std::error_code fault;
  for (const char* part : {"", "/runs"}) {
    fs::create_directories(config.data + part, fault);
    if (fault) return state_error("S1002.write", fault.message());
    fs::permissions(config.data + part, fs::perms::owner_all, fault);
  }
  SLUIS_ASSIGN(SecretBytes storage_key, load_storage_key(config.storage_key));
  SLUIS_ASSIGN(ShareStore store, ShareStore::open(config.data + "/shares", config.party,
                                                  std::move(storage_key), role == Role::kDaemon));
  state->store = std::make_unique<ShareStore>(std::move(store));
  SLUIS_ASSIGN(state->catalogue, Catalogue::open(config.data + "/catalogue.sqlite"));
  SLUIS_ASSIGN(state->ledger, governance::Ledger::open(config.data + "/ledger.sqlite"));
  return state;
}

std::string run_directory(const NodeConfig& config, const std::string& run) {
  return config.data + "/runs/" + run;
}

std::string audit_file(const NodeConfig& config) { return config.data + "/audit.jsonl"; }

Result<std::unique_ptr<governance::AuditLog>> open_audit_log(const NodeState& state) {
  for (int attempt = 0;; ++attempt) {
    Result<std::unique_ptr<governance::AuditLog>> log = governance::AuditLog::open(audit_file(state.config));
    if (log.ok() || log.error().id != "S1603.busy" || attempt >= 50) return log;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

Status audit(const NodeState& state, governance::AuditEvent event) {
  event.time = unix_now();
  SLUIS_ASSIGN(const std::unique_ptr<governance::AuditLog> log, open_audit_log(state));
  return log->append(event);
}

int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace sluis::node
