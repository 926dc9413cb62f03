// One mutual TLS 1.3 connection over a connected socket: buffered, with deadlines. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "net/deadline.h"
#include "net/fd.h"
#include "net/tls_context.h"
#include "net/transport.h"

namespace sluis::net {

// The error of a failed operation: S1390.timeout, .closed or .broken. REQUIRES: io is neither kOk nor kAgain.
Error io_error(Io io);

class TlsConnection {
 public:
  // Handshake, then a hello both ways: when either call returns, each side knows that the other has accepted
  // it. `expected`: who it must be; without it any enrolled peer. The context must outlive the connection.
  // Errors: S1390.timeout, .closed, .refused (one side does not accept the other), .stranger (an enrolled
  // peer, but not the expected one).
  static Result<std::unique_ptr<TlsConnection>> connect(const TlsContext& context, Fd fd,
                                                        const std::optional<Fingerprint>& expected,
                                                        Deadline deadline);
  static Result<std::unique_ptr<TlsConnection>> accept(const TlsContext& context, Fd fd,
                                                       const std::optional<Fingerprint>& expected,
                                                       Deadline deadline);
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  // Who is at the other end.
  const Fingerprint& peer() const { return peer_; }

  // Encrypts into the output buffer and sends whenever that is full; flush() sends the rest.
  Io write(ByteSpan bytes, Deadline deadline);
  Io flush(Deadline deadline);
  // Exactly out.size() bytes. kClosed only if the peer closed properly.
  Io read(std::span<uint8_t> out, Deadline deadline);
  // At least one byte, at most out.size(); sets n. REQUIRES: out not empty.
  Io read_some(std::span<uint8_t> out, size_t& n, Deadline deadline);
  // Two-sided shutdown: sends what is buffered, tells the peer, waits for its answer. Bytes that still arrive
  // are dropped.
  Io close(Deadline deadline);

  // For event loops such as the mesh: none of these waits.
  // Encrypts into the buffer without sending. The caller bounds how much it adds before flushing.
  Io append(ByteSpan bytes);
  Io flush_now();
  size_t pending_output() const { return transport_.pending_output(); }
  // kOk and n > 0, or kAgain.
  Io read_now(std::span<uint8_t> out, size_t& n);
  // Bytes have arrived that read_now() may yield without the descriptor becoming readable.
  bool has_buffered_input() const;
  // Tells the peer that nothing follows; flush() sends it.
  void append_close();
  // New traffic keys for what this side sends; the message goes out before the next bytes. append() and
  // write() do it by themselves in time.
  Io renew_keys();
  // Breaks the connection at once, from this side.
  void break_off() { transport_.shut(); }
  int fd() const { return transport_.fd(); }

 private:
  TlsConnection(const TlsContext& context, Fd fd);
  static Result<std::unique_ptr<TlsConnection>> open(const TlsContext& context, Fd fd, bool as_server,
                                                     const std::optional<Fingerprint>& expected,
                                                     Deadline deadline);
  Status handshake(bool as_server, Deadline deadline);
  Status check_peer(const TlsContext& context, const std::optional<Fingerprint>& expected);
  Status exchange_hello(Deadline deadline);
  Io classify(int result);
  Io renew_keys_if_due(size_t bytes);

  Transport transport_;
  SslHandle ssl_;
  Fingerprint peer_{};
  uint64_t records_since_renewal_ = 0;
};

}  // namespace sluis::net
