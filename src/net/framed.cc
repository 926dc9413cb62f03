#include "net/framed.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace sluis::net {
namespace {

constexpr size_t kPrefix = 16;           // magic u32, header length u32, body length u64
constexpr uint32_t kMagic = 0x31514C53;  // "SLQ1"

}  // namespace

FramedStream::FramedStream(std::unique_ptr<TlsConnection> connection, const FramedLimits& limits)
    : connection_(std::move(connection)), limits_(limits) {
  CHECK(connection_ != nullptr && limits_.min_bytes_per_second > 0);
}

FramedStream::~FramedStream() = default;

Deadline FramedStream::deadline_for(uint64_t bytes) const {
  return deadline_in(limits_.base_timeout_ms + bytes / limits_.min_bytes_per_second * 1000);
}

Status FramedStream::keep(Io io) {
  if (io != Io::kOk && state_.ok()) state_ = io_error(io);
  return state_;
}

Status FramedStream::refuse(const char* id, uint64_t limit) {
  Error error;
  error.id = id;
  error.args = {std::to_string(limit)};
  state_ = error;
  return state_;
}

Status FramedStream::send_header(std::string_view header, uint64_t body_bytes) {
  CHECK(send_left_ == 0 && header.size() <= kMaxHeaderBytes);
  SLUIS_TRY(Status(state_));
  ByteWriter prefix;
  prefix.u32(kMagic);
  prefix.u32(static_cast<uint32_t>(header.size()));
  prefix.u64(body_bytes);
  prefix.bytes(as_bytes(header));
  const Deadline deadline = deadline_for(header.size());
  SLUIS_TRY(keep(connection_->write(prefix.view(), deadline)));
  send_left_ = body_bytes;
  return body_bytes == 0 ? keep(connection_->flush(deadline)) : state_;
}

Status FramedStream::send_body(ByteSpan part) {
  CHECK(part.size() <= send_left_);
  SLUIS_TRY(Status(state_));
  const Deadline deadline = deadline_for(part.size() + kTransportBuffer);
  SLUIS_TRY(keep(connection_->write(part, deadline)));
  send_left_ -= part.size();
  return send_left_ == 0 ? keep(connection_->flush(deadline)) : state_;
}

Status FramedStream::send(std::string_view header, ByteSpan body) {
  SLUIS_TRY(send_header(header, body.size()));
  return body.empty() ? Status() : send_body(body);
}

Result<FrameHeader> FramedStream::receive_header(uint64_t wait_ms) {
  CHECK(receive_left_ == 0);
  SLUIS_TRY(Status(state_));
  const Deadline deadline = wait_ms != 0 ? deadline_in(wait_ms) : deadline_for(0);
  std::array<uint8_t, kPrefix> prefix;
  SLUIS_TRY(keep(connection_->read(prefix, deadline)));
  ByteReader reader(prefix);
  const uint32_t magic = reader.u32();
  const uint32_t header_bytes = reader.u32();
  FrameHeader header;
  header.body_bytes = reader.u64();
  if (magic != kMagic || header_bytes > kMaxHeaderBytes) {
    SLUIS_TRY(refuse("S1391.header", kMaxHeaderBytes));
  }
  if (header.body_bytes > limits_.max_body_bytes) {
    SLUIS_TRY(refuse("S1391.body", limits_.max_body_bytes));
  }
  header.text.resize(header_bytes);
  const std::span text(reinterpret_cast<uint8_t*>(header.text.data()), header.text.size());
  SLUIS_TRY(keep(connection_->read(text, deadline_for(header_bytes))));
  receive_left_ = header.body_bytes;
  return header;
}

Result<size_t> FramedStream::receive_body(std::span<uint8_t> out) {
  SLUIS_TRY(Status(state_));
  const size_t n = static_cast<size_t>(std::min<uint64_t>(out.size(), receive_left_));
  if (n == 0) return size_t{0};
  SLUIS_TRY(keep(connection_->read(out.first(n), deadline_for(n))));
  receive_left_ -= n;
  return n;
}

Result<Bytes> FramedStream::receive_all(size_t max_bytes) {
  SLUIS_TRY(Status(state_));
  if (receive_left_ > max_bytes) {
    SLUIS_TRY(refuse("S1391.body", max_bytes));
  }
  // Grows with what arrives: a declared length alone costs no memory.
  constexpr size_t kStep = size_t{1} << 20;
  Bytes body;
  while (receive_left_ != 0) {
    const size_t at = body.size();
    body.resize(at + static_cast<size_t>(std::min<uint64_t>(kStep, receive_left_)));
    SLUIS_TRY(receive_body(std::span(body).subspan(at)));
  }
  return body;
}

Status FramedStream::close() {
  // Also after an error: a peer that has closed waits for the answer.
  const Io io = connection_->close(deadline_for(0));
  return io == Io::kOk ? Status() : Status(io_error(io));
}

}  // namespace sluis::net
