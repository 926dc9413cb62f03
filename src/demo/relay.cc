#include "demo/relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace sluis::demo {
namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool write_all(int fd, const char* data, ssize_t n) {
  while (n > 0) {
    const ssize_t written = ::write(fd, data, static_cast<size_t>(n));
    if (written <= 0) return false;
    data += written;
    n -= written;
  }
  return true;
}

}  // namespace

Relay::Relay(uint16_t target, const std::string& file) : target_(target) {
  file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), length);
  ::listen(listener_, 64);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

Relay::~Relay() {
  stopping_ = true;
  thread_.join();
  while (open_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::close(listener_);
  ::close(file_);
}

void Relay::accept_all() {
  while (!stopping_) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, 200) <= 0) continue;
    const int caller = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (caller < 0) continue;
    ++open_;
    std::thread([this, caller] {
      forward(caller);
      --open_;
    }).detach();
  }
}

void Relay::forward(int from_owner) {
  const int to_node = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(target_);
  bool open = ::connect(to_node, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::array<pollfd, 2> waits = {pollfd{from_owner, POLLIN, 0}, pollfd{to_node, POLLIN, 0}};
  static thread_local char buffer[1 << 16];
  while (open && !stopping_) {
    if (::poll(waits.data(), waits.size(), 200) <= 0) continue;
    for (size_t i = 0; i < 2 && open; ++i) {
      if (waits[i].revents == 0) continue;
      const ssize_t n = ::read(waits[i].fd, buffer, sizeof buffer);
      open = n > 0 && write_all(file_, buffer, n) && write_all(waits[1 - i].fd, buffer, n);
    }
  }
  ::close(from_owner);
  ::close(to_node);
}

}  // namespace sluis::demo
