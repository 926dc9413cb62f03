#include "net/establish.h"

#include <thread>

#include "net/tcp.h"

namespace sluis::net {
namespace {

constexpr uint64_t kRetryMs = 100;
constexpr uint64_t kPreambleMs = 5'000;

Error mesh_error() {
  Error error;
  error.id = "S1301.mesh";
  error.exit = Exit::kPeerUnreachable;
  return error;
}

using Connection = std::unique_ptr<TlsConnection>;

// One attempt: TCP, preamble, TLS.
Result<Connection> dial_once(const TlsContext& context, const MeshSetup& setup, Neighbour to,
                             Deadline deadline) {
  const MeshPeer& peer = setup.peers[static_cast<size_t>(neighbour_party(setup.party, to))];
  SLUIS_ASSIGN(Fd fd, connect_tcp(peer.host, peer.port, deadline));
  SLUIS_TRY(write_preamble(fd.get(), {setup.run, static_cast<uint8_t>(setup.party), to}, deadline));
  return TlsConnection::connect(context, std::move(fd), peer.fingerprint, deadline);
}

Result<Connection> dial(const TlsContext& context, const MeshSetup& setup, Neighbour to, Deadline deadline) {
  for (;;) {
    Result<Connection> connection = dial_once(context, setup, to, deadline);
    if (connection.ok() || Clock::now() + std::chrono::milliseconds(kRetryMs) >= deadline) return connection;
    std::this_thread::sleep_for(std::chrono::milliseconds(kRetryMs));
  }
}

Status dial_both(const TlsContext& context, const MeshSetup& setup, Deadline deadline, MeshConnections& out) {
  SLUIS_ASSIGN(out.to_next, dial(context, setup, Neighbour::kNext, deadline));
  SLUIS_ASSIGN(out.to_prev, dial(context, setup, Neighbour::kPrev, deadline));
  return {};
}

// Accepts until both neighbours have come. A connection that is not one of the two, or fails its handshake,
// is dropped.
Status accept_both(const TlsContext& context, const MeshSetup& setup, Deadline deadline,
                   MeshConnections& out) {
  const auto party_of = [&](Neighbour n) { return neighbour_party(setup.party, n); };
  while (!out.from_next || !out.from_prev) {
    SLUIS_ASSIGN(PassedConnection passed, setup.incoming(deadline));
    const int from = passed.preamble.from_party;
    // A neighbour that calls me its next is my prev.
    const bool is_prev = from == party_of(Neighbour::kPrev) && passed.preamble.direction == Neighbour::kNext;
    const bool is_next = from == party_of(Neighbour::kNext) && passed.preamble.direction == Neighbour::kPrev;
    if (passed.preamble.run != setup.run || (!is_prev && !is_next)) continue;
    Connection& place = is_prev ? out.from_prev : out.from_next;
    if (place) continue;
    Result<Connection> connection = TlsConnection::accept(
        context, std::move(passed.fd), setup.peers[static_cast<size_t>(from)].fingerprint, deadline);
    if (connection) place = std::move(*connection);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Mesh>> establish_mesh(const TlsContext& context, const MeshSetup& setup,
                                             Deadline deadline) {
  MeshConnections connections;
  Status dialled;
  std::thread dialler([&] { dialled = dial_both(context, setup, deadline, connections); });
  const Status accepted = accept_both(context, setup, deadline, connections);
  dialler.join();
  if (!dialled || !accepted) return mesh_error();
  return make_tls_mesh(setup.party, std::move(connections), setup.options);
}

Result<PassedConnection> accept_for_run(const Fd& listener, const RunId& run, Deadline deadline) {
  for (;;) {
    SLUIS_ASSIGN(Fd fd, accept_tcp(listener, deadline));
    const Result<Preamble> preamble = read_preamble(fd.get(), std::min(deadline, deadline_in(kPreambleMs)));
    if (preamble && preamble->run == run) return PassedConnection{*preamble, std::move(fd)};
  }
}

}  // namespace sluis::net
