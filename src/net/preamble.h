// How a peer's raw connection reaches the process of its job: the node daemon accepts it, reads a short
// preamble in clear, and hands the descriptor to the job's process, which does the TLS handshake itself. The
// preamble only routes: nothing in it is trusted, as the handshake proves who is there.
#pragma once

#include <array>
#include <cstdint>

#include "base/result.h"
#include "net/deadline.h"
#include "net/fd.h"
#include "net/mesh.h"

namespace sluis::net {

using RunId = std::array<uint8_t, 16>;

struct Preamble {
  RunId run{};
  uint8_t from_party = 0;                  // who dials: 0, 1 or 2
  Neighbour direction = Neighbour::kNext;  // what the dialled party is to the dialler
  friend bool operator==(const Preamble&, const Preamble&) = default;
};

// Bytes on the wire (docs/formats/messages.md).
inline constexpr size_t kPreambleBytes = 32;

// Errors: S1390.timeout, S1390.closed.
Status write_preamble(int fd, const Preamble& preamble, Deadline deadline);
// Reads exactly the preamble and no byte further. Errors: S1390.timeout, .closed, .preamble (anything else).
Result<Preamble> read_preamble(int fd, Deadline deadline);

// Passes a descriptor, with its preamble, over a Unix stream socket. The receiver's is close-on-exec.
// Errors: S1390.closed, S1390.timeout.
struct PassedConnection {
  Preamble preamble;
  Fd fd;
};
Status send_fd(int unix_socket, const Preamble& preamble, const Fd& fd, Deadline deadline);
Result<PassedConnection> recv_fd(int unix_socket, Deadline deadline);

}  // namespace sluis::net
