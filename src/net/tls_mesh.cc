#include "net/tls_mesh.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <string>

#include "base/check.h"
#include "net/inflow.h"
#include "net/outflow.h"

namespace sluis::net {
namespace {

size_t index(Neighbour n) { return static_cast<size_t>(n); }
Neighbour other_of(Neighbour n) { return n == Neighbour::kNext ? Neighbour::kPrev : Neighbour::kNext; }

// When a receive gives up: see MeshOptions.
class Patience {
 public:
  Patience(const MeshOptions& options, size_t bytes)
      : allowance_(options.base_timeout_ms + bytes * 1000 / options.min_bytes_per_second),
        due_(deadline_in(allowance_)),
        end_(deadline_in(std::max<uint64_t>(options.patience_ms, allowance_))) {}
  void sign_of_life() { due_ = deadline_in(allowance_); }
  Deadline deadline() const { return std::min(due_, end_); }

 private:
  uint64_t allowance_;
  Deadline due_, end_;
};

class TlsMesh final : public Mesh {
 public:
  TlsMesh(int party, MeshConnections c, const MeshOptions& options)
      : party_(party),
        options_(options),
        exceptions_(std::uncaught_exceptions()),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        in_{Inflow(std::move(c.from_next)), Inflow(std::move(c.from_prev))},
        out_next_(std::move(c.to_next), options),
        out_prev_(std::move(c.to_prev), options) {
    CHECK(wake_.valid());
  }

  ~TlsMesh() override {
    if (std::uncaught_exceptions() > exceptions_) abort(AbortCode::kInternal);
    // Both begin to close before either is waited for.
    out_next_.finish();
    out_prev_.finish();
  }

  int party() const override { return party_; }

  void send(Neighbour to, uint32_t operation, ByteSpan bytes) override {
    before_send(operation, bytes.size());
    after_send(to, bytes.size(), out(to).send(operation, bytes));
  }

  void send(Neighbour to, uint32_t operation, Bytes&& bytes) override {
    const size_t size = bytes.size();
    before_send(operation, size);
    after_send(to, size, out(to).send(operation, std::move(bytes)));
  }

  void recv(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    throw_if_aborted();
    Inflow& in = in_[index(from)];
    const Expected expected{operation, into};
    Patience patience(options_, into.size());
    uint64_t seen = in.frames();
    while (true) {
      const Inflow::Step step = in.receive(expected);
      if (step == Inflow::Step::kDone) break;
      if (step != Inflow::Step::kAgain) fail_from(from, step);
      if (in.frames() != seen) patience.sign_of_life();
      seen = in.frames();
      // Also while bytes keep coming: neither a trickle nor a flood buys more time.
      if (Clock::now() >= patience.deadline()) fail(AbortCode::kTimeout, from);
      wait(from, patience.deadline());
    }
    count_received(from, into.size());
  }

  bool recv_if_arrived(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    throw_if_aborted();
    const Inflow::Step step = in_[index(from)].receive({operation, into});
    if (step == Inflow::Step::kAgain) return false;
    if (step != Inflow::Step::kDone) fail_from(from, step);
    count_received(from, into.size());
    return true;
  }

  void abort(AbortCode code) noexcept override {
    uint8_t none = 0;
    if (!reason_.compare_exchange_strong(none, static_cast<uint8_t>(code))) return;
    out_next_.abort(code);
    out_prev_.abort(code);
    const uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
  }

  Traffic traffic() const override {
    Traffic all = traffic_;
    for (Neighbour n : kBothNeighbours) {
      const uint64_t control = (n == Neighbour::kNext ? out_next_ : out_prev_).control_frames();
      all.frame_bytes_sent[index(n)] = kFrameBytes * (all.messages_sent[index(n)] + control);
    }
    return all;
  }

 private:
  Outflow& out(Neighbour to) { return to == Neighbour::kNext ? out_next_ : out_prev_; }

  void before_send(uint32_t operation, size_t bytes) {
    CHECK(operation < kFirstReservedOperation && bytes <= std::numeric_limits<uint32_t>::max());
    throw_if_aborted();
  }

  void after_send(Neighbour to, size_t bytes, std::optional<AbortCode> trouble) {
    if (trouble) fail(*trouble, to);
    traffic_.payload_sent[index(to)] += bytes;
    ++traffic_.messages_sent[index(to)];
  }

  void count_received(Neighbour from, size_t bytes) {
    traffic_.payload_received[index(from)] += bytes;
    ++traffic_.messages_received[index(from)];
  }

  void throw_if_aborted() const {
    const uint8_t reason = reason_.load(std::memory_order_relaxed);
    if (reason != 0) throw ProtocolAbort(static_cast<AbortCode>(reason));
  }

  [[noreturn]] void fail(AbortCode code, Neighbour with, const char* peer_reason = nullptr) {
    abort(code);
    throw_if_other_reason(code);
    std::string detail = std::string("P").append(std::to_string(neighbour_party(party_, with)));
    if (peer_reason != nullptr) detail.append(": ").append(peer_reason);
    throw ProtocolAbort(code, detail);
  }

  // An abort from another thread may have come first; its reason is the true one.
  void throw_if_other_reason(AbortCode code) const {
    const uint8_t reason = reason_.load(std::memory_order_relaxed);
    if (reason != static_cast<uint8_t>(code)) throw ProtocolAbort(static_cast<AbortCode>(reason));
  }

  [[noreturn]] void fail_from(Neighbour from, Inflow::Step step) {
    const Inflow& in = in_[index(from)];
    if (step == Inflow::Step::kEnded) fail(AbortCode::kClosed, from);
    fail(in.failure(), from, in.peer_reason() ? abort_name(*in.peer_reason()) : nullptr);
  }

  // Until `from` may have something to read; meanwhile the other neighbour is read ahead.
  void wait(Neighbour from, Deadline deadline) {
    Inflow& other = in_[index(other_of(from))];
    if (other.has_buffered_input()) read_ahead(other_of(from));
    const int other_fd = other.may_read_ahead() ? other.fd() : -1;
    std::array<pollfd, 3> entries = {
        {{in_[index(from)].fd(), POLLIN, 0}, {other_fd, POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    const int n = ::poll(entries.data(), entries.size(), milliseconds_left(deadline));
    throw_if_aborted();
    if (n > 0 && entries[1].revents != 0) read_ahead(other_of(from));
  }

  void read_ahead(Neighbour n) {
    // A proper end of a neighbour that is not awaited is no fault: it may be done before us.
    if (in_[index(n)].read_ahead() == Inflow::Step::kFailed) fail_from(n, Inflow::Step::kFailed);
  }

  const int party_;
  const MeshOptions options_;
  const int exceptions_;
  std::atomic<uint8_t> reason_{0};  // an AbortCode, or 0
  Fd wake_;                         // an abort by another thread wakes a waiting receive
  std::array<Inflow, 2> in_;
  Outflow out_next_, out_prev_;
  Traffic traffic_;
};

}  // namespace

std::unique_ptr<Mesh> make_tls_mesh(int party, MeshConnections connections, const MeshOptions& options) {
  CHECK(party >= 0 && party < 3 && options.min_bytes_per_second > 0);
  CHECK(connections.to_next && connections.to_prev && connections.from_next && connections.from_prev);
  return std::make_unique<TlsMesh>(party, std::move(connections), options);
}

}  // namespace sluis::net
