#include "net/loopback.h"

#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "net/tcp.h"

namespace sluis::net {
namespace {

constexpr uint64_t kTimeoutMs = 20'000;

struct TlsPair {
  std::unique_ptr<TlsConnection> dialler, listener;
};

TlsPair connect_pair(const TlsContext& dialler, const TlsContext& listener) {
  std::array<Fd, 2> sockets = make_socket_pair();
  TlsPair pair;
  const Deadline deadline = deadline_in(kTimeoutMs);
  std::thread other([&] {
    auto accepted = TlsConnection::accept(listener, std::move(sockets[1]), std::nullopt, deadline);
    if (accepted.ok()) pair.listener = std::move(accepted).value();
  });
  auto connected = TlsConnection::connect(dialler, std::move(sockets[0]), std::nullopt, deadline);
  other.join();
  if (connected.ok()) pair.dialler = std::move(connected).value();
  CHECK(pair.dialler != nullptr && pair.listener != nullptr);
  return pair;
}

}  // namespace

std::array<Fd, 2> make_socket_pair() {
  const Result<Fd> listener = listen_tcp("127.0.0.1", 0);
  CHECK(listener.ok());
  const Deadline deadline = deadline_in(kTimeoutMs);
  Result<Fd> dialled = connect_tcp("127.0.0.1", local_port(listener.value()), deadline);
  Result<Fd> accepted = accept_tcp(listener.value(), deadline);
  CHECK(dialled.ok() && accepted.ok());
  return {std::move(dialled).value(), std::move(accepted).value()};
}

std::array<std::unique_ptr<TlsContext>, 3> make_loopback_contexts() {
  std::array<Identity, 3> identities;
  std::vector<std::string> leaves;
  for (Identity& identity : identities) {
    identity = generate_identity("loopback");
    leaves.push_back(identity.certificate_pem);
  }
  std::array<std::unique_ptr<TlsContext>, 3> contexts;
  for (size_t i = 0; i < 3; ++i) contexts[i] = TlsContext::create(identities[i], leaves, kAlpnMesh).value();
  return contexts;
}

std::array<MeshConnections, 3> connect_loopback(const std::array<std::unique_ptr<TlsContext>, 3>& contexts) {
  std::array<MeshConnections, 3> ends;
  for (size_t i = 0; i < 3; ++i) {
    const size_t next = (i + 1) % 3;
    TlsPair forward = connect_pair(*contexts[i], *contexts[next]);
    ends[i].to_next = std::move(forward.dialler);
    ends[next].from_prev = std::move(forward.listener);
    TlsPair backward = connect_pair(*contexts[next], *contexts[i]);
    ends[next].to_prev = std::move(backward.dialler);
    ends[i].from_next = std::move(backward.listener);
  }
  return ends;
}

LoopbackWorld make_loopback_world(const MeshOptions& options) {
  LoopbackWorld world;
  world.contexts = make_loopback_contexts();
  std::array<MeshConnections, 3> ends = connect_loopback(world.contexts);
  for (size_t i = 0; i < 3; ++i)
    world.meshes[i] = make_tls_mesh(static_cast<int>(i), std::move(ends[i]), options);
  return world;
}

}  // namespace sluis::net
