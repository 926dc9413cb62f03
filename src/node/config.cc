#include "node/config.h"

#include <charconv>
#include <filesystem>

#include "base/bytes.h"
#include "base/toml.h"

namespace sluis::node {
namespace {

std::string beside(const std::string& file, const std::string& path) {
  const std::filesystem::path given(path);
  return given.is_absolute() ? path : (std::filesystem::path(file).parent_path() / given).string();
}

Endpoint endpoint(TomlReader& toml, const char* key) {
  const std::string text = toml.text(key, 300);
  const Result<Endpoint> parsed = parse_endpoint(text);
  if (parsed) return *parsed;
  toml.fault("S1005.address", {toml.path(key)}, toml.at(key));
  return {};
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  Endpoint out;
  if (colon != std::string::npos && colon > 0) {
    out.host = text.substr(0, colon);
    if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']')
      out.host = out.host.substr(1, out.host.size() - 2);
    const char* end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data() + colon + 1, end, out.port);
    if (fault == std::errc() && at == end) return out;
  }
  Error error;
  error.id = "S1005.address";
  error.args = {"host:port"};
  return error;
}

ConfigParse parse_config(std::string_view bytes, const std::string& file) {
  ConfigParse out;
  TomlParse parsed = parse_toml(bytes, file);
  if (!parsed.root) return {std::nullopt, std::move(parsed.errors)};
  TomlReader toml(*parsed.root, "", file, out.errors);
  NodeConfig config;
  config.file = file;
  (void)toml.choice("format", {"sluis-node/1"});
  config.name = toml.text("name", 64);
  config.party = static_cast<int>(toml.integer("party", 0, 2));
  config.listen = endpoint(toml, "listen");
  config.peer_listen = endpoint(toml, "peer_listen");
  config.data = beside(file, toml.text("data"));
  config.registry = beside(file, toml.text("registry"));
  config.certificates = beside(file, toml.text("certificates"));
  if (const std::string dir = toml.optional_text("policies"); !dir.empty())
    config.policies = beside(file, dir);
  config.tls_key = beside(file, toml.text("tls_key"));
  config.tls_certificate = beside(file, toml.text("tls_certificate"));
  config.receipt_key = beside(file, toml.text("receipt_key"));
  config.storage_key = beside(file, toml.text("storage_key"));
  if (toml.has("max_connections"))
    config.max_connections = static_cast<int>(toml.integer("max_connections", 1, 4096));
  if (toml.has("deadline_s")) config.deadline_s = static_cast<int>(toml.integer("deadline_s", 1, 3600));
  if (toml.has("network")) {
    const std::string network = toml.choice("network", {"loopback", "lan", "nl", "wan"});
    config.network = mpc::network_of(network).value_or(mpc::kDefaultNetwork);
  }
  toml.finish();
  sort_by_position(out.errors);
  if (out.errors.empty()) out.config = std::move(config);
  return out;
}

Result<NodeConfig> load_config(const std::string& file) {
  SLUIS_ASSIGN(const std::string bytes, read_file(file, kMaxTomlBytes));
  ConfigParse parsed = parse_config(bytes, file);
  if (!parsed.config) return std::move(parsed.errors.front());
  return std::move(*parsed.config);
}

}  // namespace sluis::node
