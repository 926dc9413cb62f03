// What a process needs for TLS: its identity and the leaves it has enrolled. TLS 1.3 only, mutual, no
// authority, no tickets, no resumption.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/tls_identity.h"

namespace sluis::net {

// Protocol names of the connections between the parts (ALPN). Another name is refused in the handshake.
inline constexpr const char* kAlpnMesh = "sluis-mesh/1";  // node to node, inside a run
inline constexpr const char* kAlpnNode =
    "sluis-node/1";  // owner or analyst to node, and node to node outside runs

class TlsContext {
 public:
  // `enrolled`: one PEM certificate each. During a rotation a peer may have two.
  // Errors: S1392.identity, S1392.certificate (which one: args[0], from 1).
  static Result<std::unique_ptr<TlsContext>> create(const Identity& identity,
                                                    const std::vector<std::string>& enrolled,
                                                    const std::string& alpn);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  bool is_enrolled(const Fingerprint& fingerprint) const { return enrolled_.contains(fingerprint); }
  const std::string& alpn() const { return alpn_; }

  struct Native;
  const Native& native() const { return *native_; }

 private:
  TlsContext() = default;
  std::unique_ptr<Native> native_;
  std::set<Fingerprint> enrolled_;
  std::string alpn_;
  std::string alpn_wire_;  // length byte and name
};

}  // namespace sluis::net
