// Requests and answers between owner or analyst and node: a text header (JSON, parsed elsewhere), then a
// declared number of bytes, streamed. Layout: docs/formats/messages.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "net/tls_connection.h"

namespace sluis::net {

inline constexpr size_t kMaxHeaderBytes = 64 * 1024;

struct FramedLimits {
  uint64_t max_body_bytes = uint64_t{1} << 40;
  uint32_t base_timeout_ms = 30'000;        // for each header and each chunk of a body
  uint64_t min_bytes_per_second = 100'000;  // added for the bytes of a chunk
};

struct FrameHeader {
  std::string text;
  uint64_t body_bytes = 0;
};

// After an error the stream is useless: every later call returns the same error.
// Errors of all calls: S1390.timeout, .closed, .broken; S1391.header, S1391.body (more than the limits
// allow).
class FramedStream {
 public:
  explicit FramedStream(std::unique_ptr<TlsConnection> connection, const FramedLimits& limits = {});
  ~FramedStream();
  FramedStream(const FramedStream&) = delete;
  FramedStream& operator=(const FramedStream&) = delete;

  const Fingerprint& peer() const { return connection_->peer(); }

  // Starts a frame. REQUIRES: the body of the frame before was sent whole; header at most kMaxHeaderBytes.
  // A frame without body is sent at once.
  Status send_header(std::string_view header, uint64_t body_bytes);
  // The next part of the body; the last part is flushed. REQUIRES: not more than was declared.
  Status send_body(ByteSpan part);
  // Header and body in one.
  Status send(std::string_view header, ByteSpan body = {});

  // Waits for the next frame at most wait_ms (0: the base timeout). REQUIRES: the body before was read whole.
  Result<FrameHeader> receive_header(uint64_t wait_ms = 0);
  // The next part of the body: out.size() bytes or what is left; returns how many, 0 at the end.
  Result<size_t> receive_body(std::span<uint8_t> out);
  // The whole body, at most max_bytes: S1391.body if it is longer.
  Result<Bytes> receive_all(size_t max_bytes);
  uint64_t body_left() const { return receive_left_; }

  // Two-sided close; also the answer to a peer that has closed. Nothing may be called after it.
  Status close();

 private:
  Deadline deadline_for(uint64_t bytes) const;
  Status keep(Io io);
  Status refuse(const char* id, uint64_t limit);

  std::unique_ptr<TlsConnection> connection_;
  FramedLimits limits_;
  uint64_t send_left_ = 0;
  uint64_t receive_left_ = 0;
  Status state_;
};

}  // namespace sluis::net
