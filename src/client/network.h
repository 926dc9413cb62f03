// Who the nodes are and who I am: what every command that talks to nodes starts from.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "crypto/signature.h"
#include "governance/key_registry.h"
#include "net/framed.h"
#include "net/tls_context.h"

namespace sluis::client {

// A network directory: registry.toml and certificates/*.pem, the same at everybody who takes part.
struct Network {
  governance::KeyRegistry registry;
  std::vector<std::string> certificates;
};
// Errors: S1002.*, those of parse_registry (the first), S1056.network.
Result<Network> load_network(const std::string& directory);

// Names of all organisations, by OIN.
std::map<std::string, std::string> names_of(const governance::KeyRegistry& registry);

// An identity directory: tls.key, tls.pem of the organisation; persons' signing keys lie beside it as
// <pseudonym>.key.
struct OwnIdentity {
  std::string directory;
  net::Identity tls;
  std::string oin;  // found in the registry by the certificate's key
};
// Errors: S1090.*, S1510.stranger (not in the registry).
Result<OwnIdentity> load_identity(const std::string& directory, const Network& network);

// A member of what a node answered, or an empty value where there is none: a node that leaves something out
// crashes nobody.
const JsonValue& member(const JsonValue& object, std::string_view key);

// One node's answer.
struct Answer {
  JsonValue data;
  Bytes body;
};

// A connection to one node. Not for two threads at once.
class NodeClient {
 public:
  // Errors: S1301.unreachable (with the node's name), S1390.*.
  static Result<std::unique_ptr<NodeClient>> connect(const Network& network, const OwnIdentity& identity,
                                                     int party, int timeout_s);
  const std::string& name() const { return name_; }

  // Sends one request and waits for its answer. An error answer comes back as that Error.
  Result<Answer> call(std::string_view op, const std::function<void(JsonWriter&)>& fields = {},
                      ByteSpan body = {}, uint64_t wait_ms = 0);

 private:
  NodeClient() = default;
  std::string name_;
  std::unique_ptr<net::TlsContext> tls_;
  std::unique_ptr<net::FramedStream> stream_;
};

// All three.
class Nodes {
 public:
  // Errors: those of connect, for the first node that fails.
  static Result<Nodes> connect(const Network& network, const OwnIdentity& identity, int timeout_s);
  NodeClient& operator[](int party) { return *clients_[static_cast<size_t>(party)]; }
  // The same request to each, in order; stops at the first error.
  Result<std::array<Answer, 3>> call_all(std::string_view op,
                                         const std::function<void(JsonWriter&)>& fields = {},
                                         ByteSpan body = {});

 private:
  std::array<std::unique_ptr<NodeClient>, 3> clients_;
};

}  // namespace sluis::client
