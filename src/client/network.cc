#include "client/network.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/bytes.h"
#include "base/toml.h"
#include "net/tcp.h"
#include "wire/request.h"

namespace sluis::client {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxAnswerBody = 128 << 20;

Error network_error(const char* id, std::vector<std::string> args, Exit exit = Exit::kUsage) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.exit = exit;
  return error;
}

// "host:port" of the registry.
std::pair<std::string, uint16_t> split_address(const std::string& address) {
  const size_t colon = address.rfind(':');
  uint16_t port = 0;
  if (colon != std::string::npos)
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return {address.substr(0, colon), port};
}

}  // namespace

const JsonValue& member(const JsonValue& object, std::string_view key) {
  static const JsonValue kNone;
  const JsonValue* found = object.find(key);
  return found == nullptr ? kNone : *found;
}

Result<Network> load_network(const std::string& directory) {
  if (directory.empty()) return network_error("S1056.network", {"--network"});
  Network network;
  const std::string file = directory + "/registry.toml";
  SLUIS_ASSIGN(const std::string bytes, read_file(file, kMaxTomlBytes));
  governance::RegistryParse parsed = governance::parse_registry(bytes, file);
  if (!parsed.registry) return parsed.errors.front();
  network.registry = std::move(*parsed.registry);
  std::error_code fault;
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory + "/certificates", fault))
    if (entry.path().extension() == ".pem") paths.push_back(entry.path().string());
  if (fault) return network_error("S1056.network", {directory + "/certificates"});
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    SLUIS_ASSIGN(std::string pem, read_file(path, 64 * 1024));
    network.certificates.push_back(std::move(pem));
  }
  return network;
}

std::map<std::string, std::string> names_of(const governance::KeyRegistry& registry) {
  std::map<std::string, std::string> names;
  for (const governance::Organisation& one : registry.organisations) names[one.oin] = one.name;
  return names;
}

Result<OwnIdentity> load_identity(const std::string& directory, const Network& network) {
  if (directory.empty()) return network_error("S1056.network", {"--identity"});
  OwnIdentity identity;
  identity.directory = directory;
  SLUIS_ASSIGN(identity.tls, net::load_identity(directory + "/tls.key", directory + "/tls.pem"));
  const governance::Organisation* own = network.registry.find_by_tls(identity.tls.fingerprint);
  if (own == nullptr) return network_error("S1510.stranger", {}, Exit::kNotAllowed);
  identity.oin = own->oin;
  return identity;
}

Result<std::unique_ptr<NodeClient>> NodeClient::connect(const Network& network, const OwnIdentity& identity,
                                                        int party, int timeout_s) {
  const governance::NodeEntry& node = network.registry.nodes[static_cast<size_t>(party)];
  std::unique_ptr<NodeClient> client(new NodeClient);
  client->name_ = node.name;
  SLUIS_ASSIGN(client->tls_, net::TlsContext::create(identity.tls, network.certificates, net::kAlpnNode));
  const net::Deadline deadline = net::deadline_in(static_cast<uint64_t>(timeout_s) * 1000);
  const auto [host, port] = split_address(node.owner_address);
  Result<net::Fd> fd = net::connect_tcp(host, port, deadline);
  if (!fd) return network_error("S1301.unreachable", {node.name}, Exit::kPeerUnreachable);
  Result<std::unique_ptr<net::TlsConnection>> tls =
      net::TlsConnection::connect(*client->tls_, std::move(*fd), node.tls_spki, deadline);
  if (!tls) {
    Error error = tls.error();
    error.exit = Exit::kPeerUnreachable;
    return error;
  }
  client->stream_ = std::make_unique<net::FramedStream>(std::move(*tls));
  return client;
}

Result<Answer> NodeClient::call(std::string_view op, const std::function<void(JsonWriter&)>& fields,
                                ByteSpan body, uint64_t wait_ms) {
  const Status sent = stream_->send(wire::request(op, fields), body);
  // A node that refuses before it has read the body answers and closes: its answer says more than the broken
  // pipe.
  Result<net::FrameHeader> header = stream_->receive_header(wait_ms);
  if (!header) {
    Error error = sent ? header.error() : sent.error();
    error.exit = Exit::kPeerUnreachable;
    return error;
  }
  Answer answer;
  SLUIS_ASSIGN(answer.data, wire::parse_answer(header->text));
  SLUIS_ASSIGN(answer.body, stream_->receive_all(kMaxAnswerBody));
  return answer;
}

Result<Nodes> Nodes::connect(const Network& network, const OwnIdentity& identity, int timeout_s) {
  Nodes nodes;
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(nodes.clients_[static_cast<size_t>(party)],
                 NodeClient::connect(network, identity, party, timeout_s));
  }
  return nodes;
}

Result<std::array<Answer, 3>> Nodes::call_all(std::string_view op,
                                              const std::function<void(JsonWriter&)>& fields, ByteSpan body) {
  std::array<Answer, 3> answers;
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(answers[static_cast<size_t>(party)], (*this)[party].call(op, fields, body));
  }
  return answers;
}

}  // namespace sluis::client
