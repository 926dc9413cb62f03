// The node's daemon: listens for owners and recipients, and for the other nodes' run connections.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "node/state.h"
#include "node/waiting_room.h"

namespace sluis::node {

// Runs until stop(). Each caller gets a thread; at most config.max_connections at a time, further callers are
// closed.
class Server {
 public:
  // Starts listening. Errors: S1390.listen, S1392.*.
  static Result<std::unique_ptr<Server>> start(std::unique_ptr<NodeState> state);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Ports in use (configuration may say 0).
  uint16_t port() const { return port_; }
  uint16_t peer_port() const { return peer_port_; }
  NodeState& state() { return *state_; }
  void stop();
  // Blocks until stop() was called.
  void wait();

 private:
  Server() = default;
  void accept_owners();
  void accept_peers();
  void serve(net::Fd fd);

  std::unique_ptr<NodeState> state_;
  std::unique_ptr<net::TlsContext> tls_;
  net::Fd listener_, peer_listener_;
  uint16_t port_ = 0, peer_port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};       // of owners and recipients
  std::atomic<int> peer_connections_{0};  // counted apart: a flood at one port leaves the other open
  std::unique_ptr<WaitingRoom> waiting_room_;
  std::thread owners_, peers_;
};

}  // namespace sluis::node
