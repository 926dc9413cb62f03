#include "net/preamble.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/bytes.h"
#include "net/tcp.h"

namespace sluis::net {
namespace {

constexpr std::string_view kMagic = "SLUISJB1";
using Encoded = std::array<uint8_t, kPreambleBytes>;

Error preamble_error(const char* id) {
  Error error;
  error.id = id;
  error.exit = Exit::kPeerUnreachable;
  return error;
}

Encoded encode(const Preamble& preamble) {
  ByteWriter writer;
  writer.bytes(as_bytes(kMagic));
  writer.bytes(preamble.run);
  writer.u8(preamble.from_party);
  writer.u8(static_cast<uint8_t>(preamble.direction));
  writer.bytes(std::array<uint8_t, 6>{});
  Encoded out;
  CHECK(writer.view().size() == out.size());
  std::copy(writer.view().begin(), writer.view().end(), out.begin());
  return out;
}

std::optional<Preamble> decode(const Encoded& bytes) {
  ByteReader reader(bytes);
  if (as_text(reader.bytes(kMagic.size())) != kMagic) return std::nullopt;
  Preamble preamble;
  const ByteSpan run = reader.bytes(preamble.run.size());
  std::copy(run.begin(), run.end(), preamble.run.begin());
  preamble.from_party = reader.u8();
  const uint8_t direction = reader.u8();
  const ByteSpan reserved = reader.bytes(6);
  const bool zero = std::all_of(reserved.begin(), reserved.end(), [](uint8_t b) { return b == 0; });
  if (preamble.from_party > 2 || direction > 1 || !zero || !reader.done()) return std::nullopt;
  preamble.direction = static_cast<Neighbour>(direction);
  return preamble;
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

// Space for one descriptor in a control message, aligned as the header wants it.
union Control {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

// The descriptor in a received message; every other one is closed.
Fd take_descriptor(msghdr& message) {
  Fd taken;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
      taken = Fd(fd);
    }
  }
  return taken;
}

}  // namespace

Status write_preamble(int fd, const Preamble& preamble, Deadline deadline) {
  const Encoded bytes = encode(preamble);
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      at += static_cast<size_t>(n);
    } else if (n < 0 && would_block()) {
      if (!wait_ready(fd, POLLOUT, deadline)) return preamble_error("S1390.timeout");
    } else if (n == 0 || errno != EINTR) {
      return preamble_error("S1390.closed");
    }
  }
  return {};
}

Result<Preamble> read_preamble(int fd, Deadline deadline) {
  Encoded bytes;
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::recv(fd, bytes.data() + at, bytes.size() - at, MSG_DONTWAIT);
    if (n > 0) {
      at += static_cast<size_t>(n);
    } else if (n < 0 && would_block()) {
      if (!wait_ready(fd, POLLIN, deadline)) return preamble_error("S1390.timeout");
    } else if (n == 0 || errno != EINTR) {
      return preamble_error("S1390.closed");
    }
    // A caller who trickles bytes does not get more time.
    if (at < bytes.size() && Clock::now() >= deadline) return preamble_error("S1390.timeout");
  }
  const std::optional<Preamble> preamble = decode(bytes);
  if (!preamble) return preamble_error("S1390.preamble");
  return *preamble;
}

Status send_fd(int unix_socket, const Preamble& preamble, const Fd& fd, Deadline deadline) {
  Encoded bytes = encode(preamble);
  iovec part{bytes.data(), bytes.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = fd.get();
  std::memcpy(CMSG_DATA(header), &number, sizeof number);
  while (true) {
    const ssize_t n = ::sendmsg(unix_socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n == static_cast<ssize_t>(bytes.size())) return {};
    if (n >= 0) return preamble_error("S1390.closed");  // a Unix socket takes 32 bytes whole or is broken
    if (errno == EINTR) continue;
    if (!would_block()) return preamble_error("S1390.closed");
    if (!wait_ready(unix_socket, POLLOUT, deadline)) return preamble_error("S1390.timeout");
  }
}

Result<PassedConnection> recv_fd(int unix_socket, Deadline deadline) {
  Encoded bytes;
  iovec part{bytes.data(), bytes.size()};
  while (true) {
    Control control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t n = ::recvmsg(unix_socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && would_block()) {
      if (!wait_ready(unix_socket, POLLIN, deadline)) return preamble_error("S1390.timeout");
      continue;
    }
    Fd fd = n > 0 ? take_descriptor(message) : Fd();
    const std::optional<Preamble> preamble =
        n == static_cast<ssize_t>(bytes.size()) ? decode(bytes) : std::nullopt;
    if (!preamble || !fd.valid()) return preamble_error("S1390.closed");
    return PassedConnection{*preamble, std::move(fd)};
  }
}

}  // namespace sluis::net
