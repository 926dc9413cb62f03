#include "net/memory_mesh.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"

namespace sluis::net {
namespace {

using Clock = std::chrono::steady_clock;

struct Message {
  uint32_t operation;
  Bytes bytes;
};

// Messages from one neighbour, in order, and emptied buffers for the sender to use again: allocating a large
// vector afresh costs more than copying it.
struct Lane {
  std::deque<Message> messages;
  uint64_t queued_bytes = 0;
  bool closed = false;  // the sender is gone
  std::vector<Bytes> spare;
};

// Everything one party receives. Lanes by Neighbour index, as the receiver sees it.
struct Inbox {
  std::mutex mutex;
  std::condition_variable changed;
  std::array<Lane, 2> lanes;
  std::optional<AbortCode> abort;
  std::atomic<uint64_t> events{0};  // rises with every change: lets a receiver spin without the mutex
};

struct World {
  std::array<Inbox, 3> inboxes;
};

constexpr size_t kMaxSpare = 4;
constexpr int kSpins = 40;  // pauses; about 2 us: a peer that is just about to answer is not worth a sleep

void pause_processor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

size_t index(Neighbour n) { return static_cast<size_t>(n); }
Neighbour opposite(Neighbour n) { return n == Neighbour::kNext ? Neighbour::kPrev : Neighbour::kNext; }

class MemoryMesh final : public Mesh {
 public:
  MemoryMesh(std::shared_ptr<World> world, int party, const MeshOptions& options)
      : world_(std::move(world)), party_(party), options_(options), exceptions_(std::uncaught_exceptions()) {}
  ~MemoryMesh() override {
    if (std::uncaught_exceptions() > exceptions_) abort(AbortCode::kInternal);
    close_lanes();
  }

  int party() const override { return party_; }

  void send(Neighbour to, uint32_t operation, ByteSpan bytes) override {
    Bytes buffer = take_spare(to);
    buffer.assign(bytes.begin(), bytes.end());
    send(to, operation, std::move(buffer));
  }

  void send(Neighbour to, uint32_t operation, Bytes&& bytes) override {
    CHECK(operation < kFirstReservedOperation);
    throw_if_aborted();
    const size_t size = bytes.size();
    if (!deliver(to, {operation, std::move(bytes)})) fail(AbortCode::kOverflow, to);
    traffic_.payload_sent[index(to)] += size;
    ++traffic_.messages_sent[index(to)];
  }

  void recv(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    accept(from, operation, into, take(from, into.size()));
  }

  bool recv_if_arrived(Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    throw_if_aborted();
    std::optional<Message> message;
    {
      const std::lock_guard lock(own().mutex);
      message = pop(own().lanes[index(from)]);
    }
    if (message) accept(from, operation, into, std::move(*message));
    return message.has_value();
  }

  void abort(AbortCode code) noexcept override {
    mark(world_->inboxes[static_cast<size_t>(party_)], code);
    for (Neighbour to : kBothNeighbours) mark(inbox_of(to), AbortCode::kPeerAbort);
  }

  Traffic traffic() const override { return traffic_; }

 private:
  void accept(Neighbour from, uint32_t operation, std::span<uint8_t> into, Message&& message) {
    if (message.operation != operation) fail(AbortCode::kBadOperation, from);
    if (message.bytes.size() != into.size()) fail(AbortCode::kBadLength, from);
    if (!into.empty()) std::memcpy(into.data(), message.bytes.data(), into.size());
    traffic_.payload_received[index(from)] += into.size();
    ++traffic_.messages_received[index(from)];
    give_back(from, std::move(message.bytes));
  }

  // The next message of a lane, whose mutex is held.
  static std::optional<Message> pop(Lane& lane) {
    if (lane.messages.empty()) return std::nullopt;
    Message message = std::move(lane.messages.front());
    lane.messages.pop_front();
    lane.queued_bytes -= message.bytes.size();
    return message;
  }

  Inbox& own() { return world_->inboxes[static_cast<size_t>(party_)]; }
  Inbox& inbox_of(Neighbour to) { return world_->inboxes[static_cast<size_t>(neighbour_party(party_, to))]; }

  static void mark(Inbox& inbox, AbortCode code) noexcept {
    const std::lock_guard lock(inbox.mutex);
    if (!inbox.abort) inbox.abort = code;
    ++inbox.events;
    inbox.changed.notify_all();
  }

  [[noreturn]] void fail(AbortCode code, Neighbour with) {
    abort(code);
    throw ProtocolAbort(code, std::string("P").append(std::to_string(neighbour_party(party_, with))));
  }

  void throw_if_aborted() {
    const std::lock_guard lock(own().mutex);
    if (own().abort) throw ProtocolAbort(*own().abort);
  }

  Bytes take_spare(Neighbour to) {
    Inbox& inbox = inbox_of(to);
    const std::lock_guard lock(inbox.mutex);
    std::vector<Bytes>& spare = inbox.lanes[index(opposite(to))].spare;
    if (spare.empty()) return {};
    Bytes buffer = std::move(spare.back());
    spare.pop_back();
    return buffer;
  }

  void give_back(Neighbour from, Bytes&& buffer) {
    const std::lock_guard lock(own().mutex);
    std::vector<Bytes>& spare = own().lanes[index(from)].spare;
    if (spare.size() < kMaxSpare) spare.push_back(std::move(buffer));
  }

  // False if the lane is full. To a party that is gone: dropped, as a socket would.
  bool deliver(Neighbour to, Message&& message) {
    Inbox& inbox = inbox_of(to);
    const std::lock_guard lock(inbox.mutex);
    Lane& lane = inbox.lanes[index(opposite(to))];
    if (lane.queued_bytes + message.bytes.size() > options_.max_queue_bytes) return false;
    lane.queued_bytes += message.bytes.size();
    lane.messages.push_back(std::move(message));
    ++inbox.events;
    inbox.changed.notify_all();
    return true;
  }

  Message take(Neighbour from, size_t expected_bytes) {
    Inbox& inbox = own();
    Lane& lane = inbox.lanes[index(from)];
    const auto ready = [&] { return inbox.abort || lane.closed || !lane.messages.empty(); };
    const auto deadline = Clock::now() + allowance(expected_bytes);
    spin_until_event(inbox, lane);
    std::unique_lock lock(inbox.mutex);
    const bool in_time = inbox.changed.wait_until(lock, deadline, ready);
    if (inbox.abort) throw ProtocolAbort(*inbox.abort);
    if (std::optional<Message> message = pop(lane)) return std::move(*message);
    lock.unlock();
    fail(in_time ? AbortCode::kClosed : AbortCode::kTimeout, from);
  }

  std::chrono::milliseconds allowance(size_t bytes) const {
    return std::chrono::milliseconds(options_.base_timeout_ms +
                                     1000 * uint64_t{bytes} / options_.min_bytes_per_second);
  }

  static void spin_until_event(Inbox& inbox, Lane& lane) {
    {
      const std::lock_guard lock(inbox.mutex);
      if (inbox.abort || lane.closed || !lane.messages.empty()) return;
    }
    const uint64_t seen = inbox.events.load(std::memory_order_relaxed);
    for (int i = 0; i < kSpins && inbox.events.load(std::memory_order_relaxed) == seen; ++i)
      pause_processor();
  }

  void close_lanes() {
    for (Neighbour to : kBothNeighbours) {
      Inbox& inbox = inbox_of(to);
      const std::lock_guard lock(inbox.mutex);
      inbox.lanes[index(opposite(to))].closed = true;
      ++inbox.events;
      inbox.changed.notify_all();
    }
  }

  std::shared_ptr<World> world_;  // lives as long as the last of the three meshes
  const int party_;
  const MeshOptions options_;
  const int exceptions_;
  Traffic traffic_;
};

}  // namespace

std::array<std::unique_ptr<Mesh>, 3> make_memory_meshes(const MeshOptions& options) {
  const auto world = std::make_shared<World>();
  std::array<std::unique_ptr<Mesh>, 3> meshes;
  for (int party = 0; party < 3; ++party)
    meshes[static_cast<size_t>(party)] = std::make_unique<MemoryMesh>(world, party, options);
  return meshes;
}

}  // namespace sluis::net
