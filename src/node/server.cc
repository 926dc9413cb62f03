#include "node/server.h"

#include <chrono>

#include "net/framed.h"
#include "net/tcp.h"
#include "node/requests.h"
#include "wire/request.h"

namespace sluis::node {
namespace {

constexpr uint64_t kAcceptSliceMs = 200;  // how soon stop() is noticed
constexpr uint64_t kHandshakeMs = 10'000;
constexpr uint64_t kIdleMs = 60'000;  // silence between two requests

// Runs that were going on when this node stopped have failed: each gets its record.
Status end_open_runs(NodeState& state) {
  SLUIS_ASSIGN(const std::vector<RunRow> runs, state.catalogue->runs());
  for (RunRow row : runs) {
    if (row.ended != 0) continue;
    row.state = RunState::kFailed;
    row.error_id = "S1305.restart";
    row.ended = unix_now();
    SLUIS_TRY(state.catalogue->update_run(row));
    run_ended(state, row);
  }
  return state.ledger->fail_open_attempts(unix_now());
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(std::unique_ptr<NodeState> state) {
  std::unique_ptr<Server> server(new Server);
  SLUIS_ASSIGN(server->tls_, net::TlsContext::create(state->identity, state->certificates, net::kAlpnNode));
  SLUIS_ASSIGN(server->listener_, net::listen_tcp(state->config.listen.host, state->config.listen.port));
  SLUIS_ASSIGN(server->peer_listener_,
               net::listen_tcp(state->config.peer_listen.host, state->config.peer_listen.port));
  server->port_ = net::local_port(server->listener_);
  server->peer_port_ = net::local_port(server->peer_listener_);
  SLUIS_TRY(end_open_runs(*state));
  NodeState* raw = state.get();
  state->supervisor =
      std::make_unique<Supervisor>(*state->catalogue, [raw](const RunRow& row) { run_ended(*raw, row); });
  server->state_ = std::move(state);
  server->owners_ = std::thread([s = server.get()] { s->accept_owners(); });
  server->peers_ = std::thread([s = server.get()] { s->accept_peers(); });
  return server;
}

Server::~Server() {
  stop();
  wait();
  while (connections_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  state_->supervisor.reset();
}

void Server::stop() { stopping_ = true; }

void Server::wait() {
  if (owners_.joinable()) owners_.join();
  if (peers_.joinable()) peers_.join();
}

void Server::accept_owners() {
  while (!stopping_) {
    Result<net::Fd> fd = net::accept_tcp(listener_, net::deadline_in(kAcceptSliceMs));
    if (!fd) continue;
    if (connections_ >= state_->config.max_connections) continue;  // closing tells the caller to come back
    ++connections_;
    std::thread([this, caller = std::move(*fd)]() mutable {
      serve(std::move(caller));
      --connections_;
    }).detach();
  }
}

void Server::accept_peers() {
  while (!stopping_) {
    Result<net::Fd> fd = net::accept_tcp(peer_listener_, net::deadline_in(kAcceptSliceMs));
    if (!fd) continue;
    if (connections_ >= state_->config.max_connections) continue;
    ++connections_;
    // Reading the preamble may take its time: not in the accepting thread.
    std::thread([this, peer = std::move(*fd)]() mutable {
      const Result<net::Preamble> preamble = net::read_preamble(peer.get(), net::deadline_in(5'000));
      if (preamble) state_->supervisor->deliver(*preamble, std::move(peer));
      --connections_;
    }).detach();
  }
}

void Server::serve(net::Fd fd) {
  Result<std::unique_ptr<net::TlsConnection>> tls =
      net::TlsConnection::accept(*tls_, std::move(fd), std::nullopt, net::deadline_in(kHandshakeMs));
  if (!tls) return;
  net::FramedStream stream(std::move(*tls));
  const governance::Organisation* caller = state_->registry.find_by_tls(stream.peer());
  while (!stopping_) {
    const Result<net::FrameHeader> header = stream.receive_header(kIdleMs);
    if (!header) return;
    Status done =
        caller == nullptr ? refuse_stranger(stream) : handle_request(*state_, *caller, *header, stream);
    if (!done) return;
  }
  (void)stream.close();
}

}  // namespace sluis::node
