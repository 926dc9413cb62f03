#include "peers.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "net/tcp.h"

namespace sluis::three_process {

uint16_t port_of(const World& world, int party, const std::string& key) {
  const Result<std::string> text = read_file(world.network->node_directory(party) + "/node.toml", 1 << 20);
  CHECK(text.ok());
  const size_t at = ("\n" + *text).find("\n" + key);
  CHECK(at != std::string::npos);
  const size_t colon = text->find("127.0.0.1:", at);
  CHECK(colon != std::string::npos);
  return static_cast<uint16_t>(std::stoi(text->substr(colon + 10)));
}

net::Fd raw_connection(uint16_t port) {
  Result<net::Fd> fd = net::connect_tcp("127.0.0.1", port, net::deadline_in(5'000));
  EXPECT_TRUE(fd.ok());
  return fd.ok() ? std::move(*fd) : net::Fd();
}

void send_raw(const net::Fd& fd, ByteSpan bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t n = ::send(fd.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) return;  // the node has had enough: what it should do
    at += static_cast<size_t>(n);
  }
}

Caller caller(const World& world, const std::string& oin) {
  Result<client::Network> network = client::load_network(world.network->directory());
  CHECK(network.ok());
  Result<client::OwnIdentity> identity = client::load_identity(world.network->identity(oin), *network);
  CHECK(identity.ok());
  return {std::move(*network), std::move(*identity)};
}

std::string ask(const Caller& who, int party, const std::string& op,
                const std::vector<std::pair<std::string, std::string>>& fields, ByteSpan body) {
  Result<std::unique_ptr<client::NodeClient>> node =
      client::NodeClient::connect(who.network, who.identity, party, 10);
  if (!node) return node.error().id;
  const Result<client::Answer> answer = (*node)->call(
      op,
      [&](JsonWriter& json) {
        for (const auto& [key, value] : fields) json.member(key, value);
      },
      body);
  return answer ? "" : answer.error().id;
}

DamagingRelay::DamagingRelay(uint16_t target) : target_(target) {
  Result<net::Fd> listener = net::listen_tcp("127.0.0.1", 0);
  CHECK(listener.ok());
  listener_ = std::move(*listener);
  port_ = net::local_port(listener_);
  acceptor_ = std::thread([this] { accept_all(); });
}

DamagingRelay::~DamagingRelay() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
}

void DamagingRelay::arm(Damage damage, uint64_t after) {
  after_ = after;
  damage_ = damage;
}

void DamagingRelay::accept_all() {
  while (!stopping_) {
    Result<net::Fd> from = net::accept_tcp(listener_, net::deadline_in(100));
    if (!from) continue;
    Result<net::Fd> to = net::connect_tcp("127.0.0.1", target_, net::deadline_in(2'000));
    if (!to) continue;
    threads_.emplace_back([this, a = std::move(*from), b = std::move(*to)] {
      std::thread back([&] { forward(b.get(), a.get()); });
      forward(a.get(), b.get());
      back.join();
    });
  }
}

bool DamagingRelay::pass(Bytes& bytes, uint64_t before) {
  if (damage_ == Damage::kNone || before + bytes.size() <= after_) return true;
  const Damage damage = damage_.exchange(Damage::kNone);
  const size_t at = after_ > before ? static_cast<size_t>(after_ - before) : 0;
  if (damage == Damage::kFlip) bytes[at] ^= 0x10;
  if (damage == Damage::kExtra) bytes.insert(bytes.begin() + static_cast<ptrdiff_t>(at), 70'000, 0x17);
  return damage != Damage::kCut;
}

void DamagingRelay::forward(int from, int to) {
  uint64_t carried = 0;
  while (!stopping_) {
    pollfd wait{from, POLLIN, 0};
    if (::poll(&wait, 1, 100) <= 0) continue;
    Bytes bytes(65536);
    const ssize_t n = ::recv(from, bytes.data(), bytes.size(), 0);
    if (n <= 0) break;
    bytes.resize(static_cast<size_t>(n));
    if (!pass(bytes, carried)) break;
    carried += static_cast<uint64_t>(n);
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t sent = ::send(to, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) break;
      at += static_cast<size_t>(sent);
    }
  }
  ::shutdown(from, SHUT_RDWR);
  ::shutdown(to, SHUT_RDWR);
}

}  // namespace sluis::three_process
