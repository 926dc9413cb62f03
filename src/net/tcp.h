// TCP sockets: listening, dialling, accepting. Every descriptor is close-on-exec, without Nagle's delay, and
// non-blocking.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "net/deadline.h"
#include "net/fd.h"

namespace sluis::net {

// Listens on a numeric address or host name; port 0 takes a free one. Errors: S1390.listen.
Result<Fd> listen_tcp(const std::string& host, uint16_t port);
// The port a listening socket has.
uint16_t local_port(const Fd& socket);
// The address of the other end without its port, "" if there is none.
std::string remote_address(const Fd& socket);
// Dials, trying each address of the host until the deadline. Errors: S1390.connect.
Result<Fd> connect_tcp(const std::string& host, uint16_t port, Deadline deadline);
// The next caller. Errors: S1390.timeout, S1390.listen.
Result<Fd> accept_tcp(const Fd& listener, Deadline deadline);

// True once the descriptor can be read (POLLIN) or written (POLLOUT), or has failed; false at the deadline.
bool wait_ready(int fd, short events, Deadline deadline);

}  // namespace sluis::net
