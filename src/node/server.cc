#include "node/server.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>
#include <system_error>

#include "net/framed.h"
#include "net/tcp.h"
#include "node/requests.h"
#include "node/result_files.h"
#include "wire/request.h"

namespace sluis::node {
namespace {

constexpr uint64_t kAcceptSliceMs = 200;  // how soon stop() is noticed
constexpr uint64_t kHandshakeMs = 10'000;
constexpr uint64_t kIdleMs = 60'000;  // silence between two requests
constexpr uint64_t kPreambleMs = 5'000;
constexpr size_t kSources = 4;  // so many flooding sources fill the peer port's room

// Runs `work` in a thread of its own. An exception (no memory, a directory that vanished) ends this
// connection, never the node; so does a system that has no thread left.
template <class Work>
void in_thread(std::atomic<int>& count, Work work) {
  ++count;
  try {
    std::thread([&count, work = std::move(work)]() mutable {
      try {
        work();
      } catch (const std::exception&) {
      }
      --count;
    }).detach();
  } catch (const std::system_error&) {
    --count;
  }
}

// A crash between two steps of a delivery or of a withdrawal leaves shares that nobody lists, or a table
// without shares: both are cleared away, so that catalogue and store say the same.
Status reconcile_tables(NodeState& state) {
  SLUIS_ASSIGN(const std::vector<StoredTable> listed, state.catalogue->tables());
  std::set<crypto::Digest> known;
  for (const StoredTable& table : listed) {
    const crypto::Digest commitment = table.upload.commitment();
    known.insert(commitment);
    if (!state.store->has(commitment))
      SLUIS_TRY(state.catalogue->remove_table(crypto::to_hex(commitment), unix_now()));
  }
  SLUIS_ASSIGN(const std::vector<wire::TableUpload> stored, state.store->list());
  for (const wire::TableUpload& table : stored)
    if (!known.contains(table.commitment())) SLUIS_TRY(state.store->erase(table.commitment()));
  return {};
}

// Runs that were going on when this node stopped have failed: each gets its record. One whose receipt was
// signed is released: the signature is the last thing that a run writes, after all three agreed.
Status end_open_runs(NodeState& state) {
  SLUIS_ASSIGN(const std::vector<RunRow> runs, state.catalogue->runs());
  for (RunRow row : runs) {
    if (row.ended != 0) continue;
    const bool signed_off = has_receipt(state.config, row.id);
    row.state = signed_off ? RunState::kReleased : RunState::kFailed;
    row.error_id = signed_off ? "" : "S1305.restart";
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
  SLUIS_TRY(reconcile_tables(*state));
  SLUIS_TRY(end_open_runs(*state));
  NodeState* raw = state.get();
  state->supervisor =
      std::make_unique<Supervisor>(*state->catalogue, [raw](const RunRow& row) { run_ended(*raw, row); });
  const auto places = static_cast<size_t>(state->config.max_connections);
  server->waiting_room_ = std::make_unique<WaitingRoom>(places, std::max<size_t>(places / kSources, 1));
  server->state_ = std::move(state);
  server->owners_ = std::thread([s = server.get()] { s->accept_owners(); });
  server->peers_ = std::thread([s = server.get()] { s->accept_peers(); });
  return server;
}

Server::~Server() {
  stop();
  wait();
  while (connections_ > 0 || peer_connections_ > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
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
    in_thread(connections_, [this, caller = std::move(*fd)]() mutable { serve(std::move(caller)); });
  }
}

void Server::accept_peers() {
  while (!stopping_) {
    Result<net::Fd> fd = net::accept_tcp(peer_listener_, net::deadline_in(kAcceptSliceMs));
    if (!fd) continue;
    // Reading the preamble may take its time: not in the accepting thread. Nobody has shown yet who it is, so
    // a newcomer is never refused: it pushes out the oldest of whoever holds most places.
    const uint64_t ticket = waiting_room_->enter(*fd);
    in_thread(peer_connections_, [this, ticket, peer = std::move(*fd)]() mutable {
      const Result<net::Preamble> preamble = net::read_preamble(peer.get(), net::deadline_in(kPreambleMs));
      waiting_room_->leave(ticket);
      if (preamble) state_->supervisor->deliver(*preamble, std::move(peer));
    });
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
    if (caller == nullptr) {
      (void)refuse_stranger(stream);
      break;  // whatever follows is not read
    }
    if (!handle_request(*state_, *caller, *header, stream)) return;
  }
  (void)stream.close();
}

}  // namespace sluis::node
