#include "net/tcp.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace sluis::net {
namespace {

Error net_error(const char* id, const std::string& place, const std::string& why) {
  Error error;
  error.id = id;
  error.args = {place, why};
  error.exit = Exit::kPeerUnreachable;
  return error;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string place_of(const std::string& host, uint16_t port) { return host + ":" + std::to_string(port); }

Result<Addresses> resolve(const std::string& host, uint16_t port, int flags, const char* id) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) return net_error(id, place_of(host, port), ::gai_strerror(code));
  return Addresses(list);
}

void set_no_delay(int fd) {
  const int on = 1;
  // Fails only on sockets that are not TCP, where there is nothing to switch off.
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Fd new_socket(const addrinfo& address) {
  return Fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
}

// 0 on success, else the reason as errno.
int connect_one(const Fd& socket, const addrinfo& address, Deadline deadline) {
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_ready(socket.get(), POLLOUT, deadline)) return ETIMEDOUT;
  int reason = 0;
  socklen_t length = sizeof reason;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &reason, &length) != 0) return errno;
  return reason;
}

}  // namespace

bool wait_ready(int fd, short events, Deadline deadline) {
  while (true) {
    pollfd entry{fd, events, 0};
    const int n = ::poll(&entry, 1, milliseconds_left(deadline));
    if (n > 0) return true;
    if (n < 0 && errno != EINTR) return true;  // the following call on the descriptor reports what is wrong
    if (Clock::now() >= deadline) return false;
  }
}

Result<Fd> listen_tcp(const std::string& host, uint16_t port) {
  SLUIS_ASSIGN(const Addresses addresses, resolve(host, port, AI_PASSIVE, "S1390.listen"));
  int reason = EADDRNOTAVAIL;
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    Fd socket = new_socket(*a);
    const int on = 1;
    if (socket.valid() && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(socket.get(), a->ai_addr, a->ai_addrlen) == 0 && ::listen(socket.get(), SOMAXCONN) == 0)
      return socket;
    reason = errno;
  }
  return net_error("S1390.listen", place_of(host, port), std::strerror(reason));
}

uint16_t local_port(const Fd& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return 0;
}

std::string remote_address(const Fd& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return "";
  char host[NI_MAXHOST] = "";
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host, sizeof host, nullptr, 0,
                    NI_NUMERICHOST) != 0)
    return "";
  return host;
}

Result<Fd> connect_tcp(const std::string& host, uint16_t port, Deadline deadline) {
  SLUIS_ASSIGN(const Addresses addresses, resolve(host, port, 0, "S1390.connect"));
  int reason = EADDRNOTAVAIL;
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    Fd socket = new_socket(*a);
    reason = socket.valid() ? connect_one(socket, *a, deadline) : errno;
    if (reason == 0) {
      set_no_delay(socket.get());
      return socket;
    }
  }
  return net_error("S1390.connect", place_of(host, port), std::strerror(reason));
}

Result<Fd> accept_tcp(const Fd& listener, Deadline deadline) {
  while (true) {
    Fd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.valid()) {
      set_no_delay(socket.get());
      return socket;
    }
    const int reason = errno;
    if (reason == EINTR || reason == ECONNABORTED) continue;
    if (reason != EAGAIN && reason != EWOULDBLOCK)
      return net_error("S1390.listen", "accept", std::strerror(reason));
    if (!wait_ready(listener.get(), POLLIN, deadline)) return net_error("S1390.timeout", "", "");
  }
}

}  // namespace sluis::net
