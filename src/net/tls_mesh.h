// The mesh between nodes: four TLS connections, each carrying messages one way.
#pragma once

#include <memory>

#include "net/mesh.h"
#include "net/tls_connection.h"

namespace sluis::net {

// One party's ends. to_next of P_i is from_prev of P_{i+1}.
struct MeshConnections {
  std::unique_ptr<TlsConnection> to_next, to_prev, from_next, from_prev;
};

// A message is encrypted and sent by the calling thread while the kernel takes it; what it does not take, and
// what follows, by one writer thread per neighbour, which also sends heartbeats, so that a computing party is
// not taken for dead. Receives run in the calling thread and watch both neighbours: an abort or a cut
// connection of either ends the wait.
//
// Destruction sends what is queued before it closes, for as long as the neighbour makes progress; call
// abort() first to leave at once. Destruction by an exception aborts. REQUIRES: all four connections open,
// their peers checked; nothing was sent on them yet.
std::unique_ptr<Mesh> make_tls_mesh(int party, MeshConnections connections, const MeshOptions& options = {});

}  // namespace sluis::net
