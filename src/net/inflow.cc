#include "net/inflow.h"

#include <algorithm>

namespace sluis::net {

static constexpr size_t kKeepStep = 64 * 1024;  // a declared length costs memory only as its bytes arrive
static constexpr int kMaxControlFrames = 256;   // handled in one call

Inflow::Step Inflow::fail(AbortCode code) {
  failure_ = code;
  return Step::kFailed;
}

Inflow::Step Inflow::stop(Io io) {
  if (io == Io::kAgain) return Step::kAgain;
  // A proper end in the middle of a frame is a cut all the same.
  if (io != Io::kClosed || inside_payload_ || head_got_ != 0) return fail(AbortCode::kClosed);
  ended_ = true;
  return Step::kEnded;
}

// kDone: a head of a message is in hand, its payload follows.
Inflow::Step Inflow::read_head() {
  int control_frames = 0;
  while (!inside_payload_) {
    // An endless row of heartbeats must not keep the caller from looking at its deadline.
    if (control_frames == kMaxControlFrames) return Step::kAgain;
    size_t n = 0;
    const Io io = connection_->read_now(std::span(head_bytes_).subspan(head_got_), n);
    if (io != Io::kOk) return stop(io);
    head_got_ += n;
    if (head_got_ < kFrameBytes) continue;
    head_got_ = 0;
    head_ = decode_frame_head(head_bytes_);
    if (head_.sequence != sequence_++) return fail(AbortCode::kBadOperation);
    ++frames_;
    inside_payload_ = true;
    payload_got_ = 0;
    if (head_.operation < kFirstReservedOperation) continue;
    if (const Step step = control_frame(); step != Step::kDone) return step;
    ++control_frames;
  }
  return Step::kDone;
}

// kDone: a heartbeat, nothing to do.
Inflow::Step Inflow::control_frame() {
  if (head_.operation == kHeartbeatOperation && head_.length == 0) {
    inside_payload_ = false;
    return Step::kDone;
  }
  if (head_.operation != kAbortOperation || head_.length != 1) return fail(AbortCode::kBadOperation);
  // The code lies in the same record as its head; if it does not, the abort stands without it.
  uint8_t code = 0;
  size_t n = 0;
  const bool known = connection_->read_now(std::span(&code, 1), n) == Io::kOk && code >= 1 &&
                     code <= static_cast<uint8_t>(AbortCode::kInternal);
  peer_reason_ = known ? static_cast<AbortCode>(code) : AbortCode::kInternal;
  return fail(AbortCode::kPeerAbort);
}

Inflow::Step Inflow::take_kept(const Expected& expected) {
  const Message message = std::move(kept_.front());
  kept_.pop_front();
  kept_bytes_ -= message.bytes.size() + kKeptOverhead;
  if (message.operation != expected.operation) return fail(AbortCode::kBadOperation);
  if (message.bytes.size() != expected.into.size()) return fail(AbortCode::kBadLength);
  std::copy(message.bytes.begin(), message.bytes.end(), expected.into.begin());
  return Step::kDone;
}

Inflow::Step Inflow::receive(const Expected& expected) {
  if (!kept_.empty()) return take_kept(expected);
  if (ended_) return Step::kEnded;
  if (const Step step = read_head(); step != Step::kDone) return step;
  if (head_.operation != expected.operation) return fail(AbortCode::kBadOperation);
  if (head_.length != expected.into.size()) return fail(AbortCode::kBadLength);
  return read_payload(expected);
}

Inflow::Step Inflow::read_payload(const Expected& expected) {
  if (!partial_.empty()) {  // the beginning was read ahead
    std::copy(partial_.begin(), partial_.end(), expected.into.begin());
    kept_bytes_ -= partial_.size();
    partial_ = {};
  }
  while (payload_got_ < head_.length) {
    size_t n = 0;
    const Io io = connection_->read_now(expected.into.subspan(payload_got_), n);
    if (io != Io::kOk) return stop(io);
    payload_got_ += n;
  }
  inside_payload_ = false;
  return Step::kDone;
}

Inflow::Step Inflow::read_ahead() {
  while (may_read_ahead()) {
    if (const Step step = read_head(); step != Step::kDone) return step;
    if (const Step step = keep_payload(); step != Step::kDone) return step;
  }
  return ended_ ? Step::kEnded : Step::kAgain;
}

// kDone: the frame in hand was kept whole.
Inflow::Step Inflow::keep_payload() {
  if (partly_in_place()) return Step::kAgain;
  while (payload_got_ < head_.length) {
    if (kept_bytes_ >= kMaxKept) return Step::kAgain;
    const size_t want = std::min<size_t>(kKeepStep, head_.length - payload_got_);
    partial_.resize(payload_got_ + want);
    size_t n = 0;
    const Io io = connection_->read_now(std::span(partial_).subspan(payload_got_), n);
    payload_got_ += n;
    kept_bytes_ += n;
    partial_.resize(payload_got_);
    if (io != Io::kOk) return stop(io);
  }
  kept_.push_back({head_.operation, std::exchange(partial_, {})});
  kept_bytes_ += kKeptOverhead;
  inside_payload_ = false;
  return Step::kDone;
}

}  // namespace sluis::net
