// The receiving half of a TLS mesh from one neighbour: frames, read in the calling thread. Internal to net/.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "net/frame.h"
#include "net/tls_connection.h"

namespace sluis::net {

// The message that a receive waits for.
struct Expected {
  uint32_t operation;
  std::span<uint8_t> into;
};

// Reads frames without waiting. A payload that is expected goes straight to its place; what arrives while
// another neighbour is awaited is kept, up to a limit, so that an abort behind it is seen at once.
class Inflow {
 public:
  explicit Inflow(std::unique_ptr<TlsConnection> connection) : connection_(std::move(connection)) {}

  enum class Step : uint8_t {
    kDone,    // the expected message is complete
    kAgain,   // nothing more to read now
    kEnded,   // the neighbour closed properly
    kFailed,  // this inflow is broken; see failure()
  };
  // Reads towards one expected message, however often it takes; between two calls `expected` stays the same
  // until kDone.
  Step receive(const Expected& expected);
  // Reads ahead into memory. Never kDone.
  Step read_ahead();

  // Why kFailed: kClosed (cut off), kBadLength, kBadOperation, or kPeerAbort with the neighbour's own reason.
  AbortCode failure() const { return failure_; }
  std::optional<AbortCode> peer_reason() const { return peer_reason_; }

  int fd() const { return connection_->fd(); }
  bool ended() const { return ended_; }
  bool has_buffered_input() const { return connection_->has_buffered_input(); }
  // False while the limit of what is kept is reached, and while receive() is in the middle of a payload.
  bool may_read_ahead() const { return !ended_ && kept_bytes_ < kMaxKept && !partly_in_place(); }
  // Counts signs of life: frames of any kind.
  uint64_t frames() const { return frames_; }
  // Whether part of a payload has arrived.
  bool inside_payload() const { return inside_payload_; }

 private:
  static constexpr uint64_t kMaxKept = 4u << 20;
  static constexpr uint64_t kKeptOverhead = 64;  // an empty message costs memory too

  struct Message {
    uint32_t operation;
    Bytes bytes;
  };

  // Part of the payload in hand went straight to its place: it must be finished there.
  bool partly_in_place() const { return inside_payload_ && payload_got_ != partial_.size(); }
  Step take_kept(const Expected& expected);
  Step read_head();
  Step read_payload(const Expected& expected);
  Step keep_payload();
  Step control_frame();
  Step fail(AbortCode code);
  Step stop(Io io);

  std::unique_ptr<TlsConnection> connection_;
  std::deque<Message> kept_;
  uint64_t kept_bytes_ = 0;  // of kept_ and partial_
  std::array<uint8_t, kFrameBytes> head_bytes_{};
  size_t head_got_ = 0;
  FrameHead head_;
  bool inside_payload_ = false;
  size_t payload_got_ = 0;  // of the frame in hand, in partial_ or at its place
  Bytes partial_;           // what read_ahead has of the frame in hand
  uint32_t sequence_ = 0;
  uint64_t frames_ = 0;
  bool ended_ = false;
  AbortCode failure_ = AbortCode::kInternal;
  std::optional<AbortCode> peer_reason_;
};

}  // namespace sluis::net
