// Building a run's mesh: every party dials both neighbours and is dialled by both.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "net/preamble.h"
#include "net/tls_mesh.h"

namespace sluis::net {

struct MeshPeer {
  std::string host;
  uint16_t port = 0;
  Fingerprint fingerprint{};
};

struct MeshSetup {
  int party = 0;
  std::array<MeshPeer, 3> peers;  // by party; the own entry is not used
  RunId run{};
  // The next connection that a peer opened for this run, preamble already read. Errors: S1390.*.
  std::function<Result<PassedConnection>(Deadline)> incoming;
  MeshOptions options;
};

// Dials in a thread of its own while it accepts, so that three parties that do the same cannot wait for each
// other in a ring. Each handshake checks that the peer is the party that it should be. Dialling is repeated
// until the deadline: a peer may still be starting. Errors: S1301.mesh (a neighbour did not come in time),
// S1390.*.
Result<std::unique_ptr<Mesh>> establish_mesh(const TlsContext& context, const MeshSetup& setup,
                                             Deadline deadline);

// For setup.incoming: the next caller of a listening socket, its preamble read. Callers that send something
// else are dropped.
Result<PassedConnection> accept_for_run(const Fd& listener, const RunId& run, Deadline deadline);

}  // namespace sluis::net
