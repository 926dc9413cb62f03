// Access to the nodes below the commands: raw sockets, single requests, a relay that damages what passes.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client/network.h"
#include "net/fd.h"
#include "world.h"

namespace sluis::three_process {

// The port of `key` ("listen" or "peer_listen") in a node's configuration.
uint16_t port_of(const World& world, int party, const std::string& key);
// A connection to a port of this machine; the test fails if there is none.
net::Fd raw_connection(uint16_t port);
void send_raw(const net::Fd& fd, ByteSpan bytes);
// Network and identity of an organisation, as the commands load them.
struct Caller {
  client::Network network;
  client::OwnIdentity identity;
};
Caller caller(const World& world, const std::string& oin);
// One request to one node on a fresh connection: "" if it was answered well, else the error's id.
std::string ask(const Caller& who, int party, const std::string& op,
                const std::vector<std::pair<std::string, std::string>>& fields = {}, ByteSpan body = {});

// Stands between the nodes: forwards bytes to `target` both ways and damages the first connection that has
// carried `after` bytes in one direction, once.
class DamagingRelay {
 public:
  enum class Damage { kNone, kFlip, kCut, kExtra };
  explicit DamagingRelay(uint16_t target);
  ~DamagingRelay();
  uint16_t port() const { return port_; }
  void arm(Damage damage, uint64_t after);
  bool done() const { return damage_ == Damage::kNone; }

 private:
  void accept_all();
  void forward(int from, int to);
  // Changes `bytes` if it is time; false: close.
  bool pass(Bytes& bytes, uint64_t before);

  uint16_t target_, port_ = 0;
  net::Fd listener_;
  std::atomic<bool> stopping_{false};
  std::atomic<Damage> damage_{Damage::kNone};
  std::atomic<uint64_t> after_{0};
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::thread acceptor_;
};

}  // namespace sluis::three_process
