#include "net/establish.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "net/tcp.h"

namespace sluis::net {
namespace {

constexpr uint64_t kRetryMs = 100;
constexpr uint64_t kPreambleMs = 1'000;
constexpr uint64_t kHandshakeMs = 5'000;
constexpr uint64_t kIdleSliceMs = 200;  // nothing is going on: only the deadline to look at
constexpr uint64_t kBusySliceMs = 5;    // a handshake may end at any moment
constexpr size_t kMaxHandshakes = 32;

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

// Accepts until both neighbours have come. Whoever knows the run's number can open connections in a
// neighbour's name; only the certificate tells. So handshakes go on beside each other, each for a short time,
// and whoever opens many pushes out the oldest: a silent connection keeps nobody waiting.
class Acceptor {
 public:
  Acceptor(const TlsContext& context, const MeshSetup& setup, MeshConnections& out)
      : context_(context), setup_(setup), out_(out) {}
  ~Acceptor() {
    for (Handshake& one : handshakes_) push_out(one);
    for (Handshake& one : handshakes_) one.thread.join();
  }

  Status run(Deadline deadline) {
    while (!complete()) {
      collect();
      const uint64_t slice = handshakes_.empty() ? kIdleSliceMs : kBusySliceMs;
      Result<PassedConnection> passed = setup_.incoming(std::min(deadline, deadline_in(slice)));
      if (!passed) {
        if (passed.error().id != "S1390.timeout" || Clock::now() >= deadline) return passed.error();
        continue;
      }
      begin(std::move(*passed), deadline);
    }
    return {};
  }

 private:
  struct Handshake {
    Fd fd;  // a descriptor of its own, to shut the connection down
    std::shared_ptr<std::atomic<bool>> done;
    std::thread thread;
  };

  Connection* place_of(const Preamble& preamble) {
    const auto party_of = [&](Neighbour n) { return neighbour_party(setup_.party, n); };
    // A neighbour that calls me its next is my prev.
    if (preamble.from_party == party_of(Neighbour::kPrev) && preamble.direction == Neighbour::kNext)
      return &out_.from_prev;
    if (preamble.from_party == party_of(Neighbour::kNext) && preamble.direction == Neighbour::kPrev)
      return &out_.from_next;
    return nullptr;
  }

  void begin(PassedConnection passed, Deadline deadline) {
    Connection* place = place_of(passed.preamble);
    if (passed.preamble.run != setup_.run || place == nullptr || taken(*place)) return;
    if (handshakes_.size() >= kMaxHandshakes) push_out(handshakes_.front());
    Handshake one{
        Fd(::fcntl(passed.fd.get(), F_DUPFD_CLOEXEC, 0)), std::make_shared<std::atomic<bool>>(false), {}};
    const Fingerprint expected = setup_.peers[static_cast<size_t>(passed.preamble.from_party)].fingerprint;
    one.thread = std::thread([this, place, expected, done = one.done, fd = std::move(passed.fd),
                              limit = std::min(deadline, deadline_in(kHandshakeMs))]() mutable {
      Result<Connection> connection = TlsConnection::accept(context_, std::move(fd), expected, limit);
      // With the place, or a connection that has its place could still be pushed out.
      const std::lock_guard lock(mutex_);
      if (connection && !*place) *place = std::move(*connection);
      *done = true;
    });
    handshakes_.push_back(std::move(one));
  }

  void push_out(Handshake& one) {
    const std::lock_guard lock(mutex_);
    if (!*one.done) ::shutdown(one.fd.get(), SHUT_RDWR);
  }

  // Threads that have ended are joined; a pushed-out one ends by itself soon.
  void collect() {
    handshakes_.remove_if([](Handshake& one) {
      if (!*one.done) return false;
      one.thread.join();
      return true;
    });
  }

  bool taken(const Connection& place) {
    const std::lock_guard lock(mutex_);
    return place != nullptr;
  }
  bool complete() {
    const std::lock_guard lock(mutex_);
    return out_.from_next && out_.from_prev;
  }

  const TlsContext& context_;
  const MeshSetup& setup_;
  MeshConnections& out_;
  std::mutex mutex_;
  std::list<Handshake> handshakes_;  // oldest first
};

}  // namespace

Result<std::unique_ptr<Mesh>> establish_mesh(const TlsContext& context, const MeshSetup& setup,
                                             Deadline deadline) {
  MeshConnections connections;
  Status dialled;
  std::thread dialler([&] { dialled = dial_both(context, setup, deadline, connections); });
  Status accepted;
  {
    Acceptor acceptor(context, setup, connections);
    accepted = acceptor.run(deadline);
  }
  dialler.join();
  if (!dialled || !accepted) return mesh_error();
  return make_tls_mesh(setup.party, std::move(connections), setup.options);
}

Result<PassedConnection> accept_for_run(const Fd& listener, const RunId& run, Deadline deadline) {
  for (;;) {
    SLUIS_ASSIGN(Fd fd, accept_tcp(listener, deadline));
    const Result<Preamble> preamble = read_preamble(fd.get(), deadline_in(kPreambleMs));
    if (preamble && preamble->run == run) return PassedConnection{*preamble, std::move(fd)};
  }
}

}  // namespace sluis::net
