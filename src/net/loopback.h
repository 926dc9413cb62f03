// Three TLS meshes in one process over loopback, with throw-away identities: for tests and benchmarks.
#pragma once

#include <array>
#include <memory>

#include "net/tls_mesh.h"

namespace sluis::net {

// Two connected TCP sockets on loopback.
std::array<Fd, 2> make_socket_pair();

// The contexts must outlive the meshes: keep the world until they are gone.
struct LoopbackWorld {
  std::array<std::unique_ptr<TlsContext>, 3> contexts;
  std::array<std::unique_ptr<Mesh>, 3> meshes;
};
LoopbackWorld make_loopback_world(const MeshOptions& options = {});

// The same before the meshes are made, for tests that break connections.
std::array<MeshConnections, 3> connect_loopback(const std::array<std::unique_ptr<TlsContext>, 3>& contexts);
std::array<std::unique_ptr<TlsContext>, 3> make_loopback_contexts();

}  // namespace sluis::net
