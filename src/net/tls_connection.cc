#include "net/tls_connection.h"

#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "net/tcp.h"
#include "net/tls_native.h"

namespace sluis::net {
namespace {

constexpr std::string_view kHello = "SLUIS/1\n";
constexpr size_t kRecord = 16 * 1024;  // content of a full TLS record
// Measured: 256 KiB costs a quarter more processor time per byte, as it leaves the cache before it is
// decrypted.
constexpr size_t kReadBuffer = 64 * 1024;
// RFC 8446, 5.5: at most 2^24.5 full records under one AES-GCM key. OpenSSL 3.0 does not renew by itself.
constexpr uint64_t kRecordsPerKey = uint64_t{1} << 22;

Error connection_error(const char* id) {
  ERR_clear_error();
  Error error;
  error.id = id;
  error.exit = Exit::kPeerUnreachable;
  return error;
}

}  // namespace

Error io_error(Io io) {
  CHECK(io != Io::kOk && io != Io::kAgain);
  if (io == Io::kTimeout) return connection_error("S1390.timeout");
  return connection_error(io == Io::kClosed ? "S1390.closed" : "S1390.broken");
}

TlsConnection::TlsConnection(const TlsContext& context, Fd fd)
    : transport_(std::move(fd)), ssl_(SSL_new(context.native().context.get())) {
  CHECK(ssl_ != nullptr);
  // Several records per system call.
  SSL_set_read_ahead(ssl_.get(), 1);
  SSL_set_default_read_buffer_len(ssl_.get(), kReadBuffer);
  BIO* bio = transport_.make_bio().release();
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsConnection::~TlsConnection() = default;

Result<std::unique_ptr<TlsConnection>> TlsConnection::connect(const TlsContext& context, Fd fd,
                                                              const std::optional<Fingerprint>& expected,
                                                              Deadline deadline) {
  return open(context, std::move(fd), false, expected, deadline);
}

Result<std::unique_ptr<TlsConnection>> TlsConnection::accept(const TlsContext& context, Fd fd,
                                                             const std::optional<Fingerprint>& expected,
                                                             Deadline deadline) {
  return open(context, std::move(fd), true, expected, deadline);
}

Result<std::unique_ptr<TlsConnection>> TlsConnection::open(const TlsContext& context, Fd fd, bool as_server,
                                                           const std::optional<Fingerprint>& expected,
                                                           Deadline deadline) {
  CHECK(fd.valid());
  std::unique_ptr<TlsConnection> connection(new TlsConnection(context, std::move(fd)));
  SLUIS_TRY(connection->handshake(as_server, deadline));
  SLUIS_TRY(connection->check_peer(context, expected));
  SLUIS_TRY(connection->exchange_hello(deadline));
  return connection;
}

Status TlsConnection::handshake(bool as_server, Deadline deadline) {
  while (true) {
    ERR_clear_error();
    const int result = as_server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get());
    const Io io = result == 1 ? Io::kOk : classify(result);
    // An alert that explains the refusal may wait in the buffer: send it also after a failure.
    const Io sent = transport_.flush(deadline);
    if (io == Io::kFailed) return connection_error("S1390.refused");
    if (io == Io::kClosed) return connection_error("S1390.closed");
    if (sent != Io::kOk) return io_error(sent);
    if (io == Io::kOk) return {};
    if (!wait_ready(transport_.fd(), POLLIN, deadline)) return io_error(Io::kTimeout);
    if (Clock::now() >= deadline) return io_error(Io::kTimeout);
  }
}

Status TlsConnection::check_peer(const TlsContext& context, const std::optional<Fingerprint>& expected) {
  const unsigned char* alpn = nullptr;
  unsigned alpn_length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &alpn, &alpn_length);
  // A server without ALPN would otherwise pass.
  if (std::string_view(reinterpret_cast<const char*>(alpn), alpn_length) != context.alpn())
    return connection_error("S1390.refused");
  const CertificateHandle certificate(SSL_get1_peer_certificate(ssl_.get()));
  const std::optional<Fingerprint> fingerprint =
      certificate != nullptr ? fingerprint_of(certificate.get()) : std::nullopt;
  // OpenSSL accepted a chain that ends in an enrolled leaf; only that leaf itself is enough for us.
  if (!fingerprint || SSL_get_verify_result(ssl_.get()) != X509_V_OK || !context.is_enrolled(*fingerprint))
    return connection_error("S1390.refused");
  if (expected && *expected != *fingerprint) return connection_error("S1390.stranger");
  peer_ = *fingerprint;
  return {};
}

// In TLS 1.3 the dialler is done before the listener has judged its certificate.
Status TlsConnection::exchange_hello(Deadline deadline) {
  Io io = write(as_bytes(kHello), deadline);
  if (io == Io::kOk) io = flush(deadline);
  std::array<uint8_t, kHello.size()> answer{};
  if (io == Io::kOk) io = read(answer, deadline);
  if (io == Io::kTimeout) return io_error(io);
  if (io != Io::kOk || as_text(answer) != kHello) return connection_error("S1390.refused");
  return {};
}

Io TlsConnection::classify(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::kAgain;
    case SSL_ERROR_ZERO_RETURN:
      return Io::kClosed;
    default:
      ERR_clear_error();
      return Io::kFailed;
  }
}

Io TlsConnection::renew_keys_if_due(size_t bytes) {
  records_since_renewal_ += bytes / kRecord + 1;
  if (records_since_renewal_ < kRecordsPerKey) return Io::kOk;
  return renew_keys();
}

Io TlsConnection::renew_keys() {
  records_since_renewal_ = 0;
  // Not requested of the peer: in a mesh each connection carries data one way only.
  return SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 ? Io::kOk : Io::kFailed;
}

Io TlsConnection::append(ByteSpan bytes) {
  if (bytes.empty()) return Io::kOk;
  if (renew_keys_if_due(bytes.size()) != Io::kOk) return Io::kFailed;
  ERR_clear_error();
  size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
  if (result == 1 && written == bytes.size()) return Io::kOk;
  ERR_clear_error();
  return Io::kFailed;
}

Io TlsConnection::write(ByteSpan bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ByteSpan part = bytes.first(std::min(bytes.size(), kTransportBuffer / 4));
    if (const Io io = append(part); io != Io::kOk) return io;
    bytes = bytes.subspan(part.size());
    if (pending_output() < kTransportBuffer) continue;
    if (const Io io = flush(deadline); io != Io::kOk) return io;
  }
  return Io::kOk;
}

Io TlsConnection::flush(Deadline deadline) { return transport_.flush(deadline); }
Io TlsConnection::flush_now() { return transport_.flush_now(); }

Io TlsConnection::read_now(std::span<uint8_t> out, size_t& n) {
  n = 0;
  ERR_clear_error();
  const int result = SSL_read_ex(ssl_.get(), out.data(), out.size(), &n);
  return result == 1 ? Io::kOk : classify(result);
}

bool TlsConnection::has_buffered_input() const { return SSL_has_pending(ssl_.get()) == 1; }

Io TlsConnection::read_some(std::span<uint8_t> out, size_t& n, Deadline deadline) {
  CHECK(!out.empty());
  while (true) {
    const Io io = read_now(out, n);
    if (io != Io::kAgain) return io;
    if (!wait_ready(transport_.fd(), POLLIN, deadline) || Clock::now() >= deadline) return Io::kTimeout;
  }
}

Io TlsConnection::read(std::span<uint8_t> out, Deadline deadline) {
  while (!out.empty()) {
    size_t n = 0;
    if (const Io io = read_some(out, n, deadline); io != Io::kOk) return io;
    out = out.subspan(n);
  }
  return Io::kOk;
}

void TlsConnection::append_close() {
  ERR_clear_error();
  if ((SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) == 0) (void)SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Io TlsConnection::close(Deadline deadline) {
  append_close();
  if (const Io io = flush(deadline); io != Io::kOk) return io;
  std::array<uint8_t, 4096> dropped;
  while (true) {
    size_t n = 0;
    const Io io = read_some(dropped, n, deadline);
    if (io == Io::kClosed) return Io::kOk;
    if (io != Io::kOk) return io;
    if (Clock::now() >= deadline) return Io::kTimeout;  // a peer that goes on sending
  }
}

}  // namespace sluis::net
