#include "net/outflow.h"

#include <algorithm>
#include <array>

namespace sluis::net {
namespace {

// A message up to this size is encrypted and sent by the sender itself, as long as the kernel takes it: what
// it has just computed is still in the cache then, and handing it to the writer costs a copy and a wake-up.
constexpr size_t kShortCut = 512 * 1024;
constexpr size_t kSpareFrom = 32 * 1024;    // smaller buffers are not worth keeping
constexpr size_t kFirstRecord = 16 * 1024;  // head and the start of the payload share one TLS record
constexpr size_t kSlice = kTransportBuffer / 4;
constexpr size_t kFlushAt = kTransportBuffer / 2;  // still in the cache when the kernel copies it
constexpr size_t kMaxSpare = 4;
constexpr size_t kMaxSpareBytes = 8 << 20;
constexpr uint64_t kHurryMs = 500;
constexpr uint64_t kSliceMs = 100;  // how long the writer waits before it looks for an abort
constexpr uint64_t kMaxHeartbeatMs = 5'000;

}  // namespace

Outflow::Outflow(std::unique_ptr<TlsConnection> connection, const MeshOptions& options)
    : connection_(std::move(connection)), options_(options), writer_([this] { run(); }) {}

Outflow::~Outflow() {
  finish();
  writer_.join();
}

bool Outflow::claim_for_short_cut(size_t bytes) {
  if (bytes > kShortCut || busy_ || backlog_ || !queue_.empty() || finishing_ || abort_) return false;
  busy_ = true;
  return true;
}

void Outflow::release(Io io) {
  const std::lock_guard lock(mutex_);
  busy_ = false;
  backlog_ = io == Io::kAgain;
  if (io != Io::kOk && io != Io::kAgain) dead_ = true;
  // Unless the writer has something to do it may sleep on.
  if (backlog_ || abort_ || finishing_ || !queue_.empty()) changed_.notify_all();
}

std::optional<AbortCode> Outflow::send(uint32_t operation, ByteSpan bytes) {
  {
    std::unique_lock lock(mutex_);
    if (dead_) return AbortCode::kClosed;
    if (!claim_for_short_cut(bytes.size())) return enqueue_copy(operation, bytes, lock);
  }
  const Io io = write_now(operation, bytes);
  release(io);
  return io == Io::kOk || io == Io::kAgain ? std::nullopt : std::optional(AbortCode::kClosed);
}

std::optional<AbortCode> Outflow::send(uint32_t operation, Bytes&& bytes) {
  if (bytes.size() <= kShortCut) return send(operation, ByteSpan(bytes));
  const std::lock_guard lock(mutex_);
  return dead_ ? AbortCode::kClosed : enqueue(operation, std::move(bytes));
}

// REQUIRES: mutex_ held.
std::optional<AbortCode> Outflow::enqueue(uint32_t operation, Bytes&& bytes) {
  const size_t size = bytes.size() + kFrameBytes;
  if (queued_bytes_.load(std::memory_order_relaxed) + size > options_.max_queue_bytes)
    return AbortCode::kOverflow;
  queued_bytes_.fetch_add(size, std::memory_order_relaxed);
  queue_.push_back({operation, std::move(bytes)});
  changed_.notify_all();
  return std::nullopt;
}

// The copy is made without the mutex: the writer goes on meanwhile. Only the calling thread adds to the
// queue.
std::optional<AbortCode> Outflow::enqueue_copy(uint32_t operation, ByteSpan bytes,
                                               std::unique_lock<std::mutex>& lock) {
  Bytes buffer;
  if (!spare_.empty()) {
    buffer = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  buffer.assign(bytes.begin(), bytes.end());
  lock.lock();
  return enqueue(operation, std::move(buffer));
}

void Outflow::keep_buffer(Bytes&& buffer) {
  if (buffer.capacity() < kSpareFrom || buffer.capacity() > kMaxSpareBytes) return;
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(buffer));
}

void Outflow::abort(AbortCode code) noexcept {
  hurry_.store(true, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (!abort_) abort_ = code;
  changed_.notify_all();
}

void Outflow::finish() {
  const std::lock_guard lock(mutex_);
  finishing_ = true;
  changed_.notify_all();
}

void Outflow::run() {
  std::deque<Message> batch;
  while (true) {
    const Task task = next_task(batch);
    const Io io = perform(task, batch);
    batch.clear();
    release(io);
    if (task == Task::kAbort || task == Task::kFinish) return;
  }
}

// Waits until there is something to do, then owns the connection.
Outflow::Task Outflow::next_task(std::deque<Message>& batch) {
  const auto pause =
      std::chrono::milliseconds(std::clamp<uint64_t>(options_.base_timeout_ms / 4, 1, kMaxHeartbeatMs));
  std::unique_lock lock(mutex_);
  const auto has_work = [this] {
    return !busy_ && (abort_ || finishing_ || (!dead_ && (backlog_ || !queue_.empty())));
  };
  while (!changed_.wait_for(lock, pause, has_work)) {
    if (busy_ || dead_) continue;
    busy_ = true;
    return Task::kHeartbeat;
  }
  busy_ = true;
  if (abort_) return Task::kAbort;
  if (queue_.empty() && !backlog_) return Task::kFinish;
  if (dead_) return Task::kFinish;
  batch.swap(queue_);
  return Task::kWrite;
}

Io Outflow::perform(Task task, std::deque<Message>& batch) {
  switch (task) {
    case Task::kWrite:
      return write_batch(batch);
    case Task::kAbort:
      return say_abort();
    case Task::kFinish:
      return say_end();
    case Task::kHeartbeat:
      break;
  }
  control_frames_.fetch_add(1, std::memory_order_relaxed);
  const Io io = write_frame(kHeartbeatOperation, {});
  return io == Io::kOk ? connection_->flush_now() : io;
}

Io Outflow::append_head_and_start(uint32_t operation, ByteSpan payload, size_t& taken) {
  std::array<uint8_t, kFirstRecord> record;
  taken = std::min(payload.size(), record.size() - kFrameBytes);
  const FrameHead head = {static_cast<uint32_t>(payload.size()), operation, sequence_++};
  encode_frame_head(head, std::span<uint8_t, kFrameBytes>(record.data(), kFrameBytes));
  if (taken != 0) std::memcpy(record.data() + kFrameBytes, payload.data(), taken);
  return connection_->append(ByteSpan(record.data(), kFrameBytes + taken));
}

// The whole message is encrypted, and sent as far as the kernel takes it: kAgain if bytes are left.
Io Outflow::write_now(uint32_t operation, ByteSpan payload) {
  size_t taken = 0;
  Io io = append_head_and_start(operation, payload, taken);
  payload = payload.subspan(taken);
  while (io == Io::kOk && !payload.empty()) {
    const size_t n = std::min(payload.size(), kSlice);
    io = connection_->append(payload.first(n));
    payload = payload.subspan(n);
    if (io == Io::kOk && connection_->pending_output() >= kFlushAt && connection_->flush_now() == Io::kFailed)
      io = Io::kFailed;
  }
  return io == Io::kOk ? connection_->flush_now() : io;
}

Io Outflow::write_frame(uint32_t operation, ByteSpan payload) {
  size_t taken = 0;
  Io io = append_head_and_start(operation, payload, taken);
  payload = payload.subspan(taken);
  while (io == Io::kOk && !payload.empty()) {
    const size_t n = std::min(payload.size(), kSlice);
    io = connection_->append(payload.first(n));
    payload = payload.subspan(n);
    if (io == Io::kOk && connection_->pending_output() >= kTransportBuffer) io = flush_patiently();
  }
  return io;
}

Io Outflow::write_batch(std::deque<Message>& batch) {
  while (!batch.empty()) {
    if (hurry_.load(std::memory_order_relaxed)) return Io::kOk;  // an abort makes the rest useless
    Message message = std::move(batch.front());
    batch.pop_front();
    Io io = write_frame(message.operation, message.bytes);
    if (io == Io::kOk && connection_->pending_output() >= kTransportBuffer) io = flush_patiently();
    if (io != Io::kOk) return io;
    queued_bytes_.fetch_sub(message.bytes.size() + kFrameBytes, std::memory_order_relaxed);
    keep_buffer(std::move(message.bytes));
  }
  return flush_patiently();
}

// A neighbour that computes does not read, and that may take long: only a lack of any progress for the whole
// patience, or an abort, ends the wait.
Io Outflow::flush_patiently() {
  size_t left = connection_->pending_output();
  Deadline give_up = deadline_in(options_.patience_ms);
  bool hurrying = false;
  while (true) {
    const Io io = connection_->flush(std::min(give_up, deadline_in(kSliceMs)));
    if (io != Io::kTimeout) return io;
    if (connection_->pending_output() < left && !hurrying) give_up = deadline_in(options_.patience_ms);
    left = connection_->pending_output();
    if (!hurrying && hurry_.load(std::memory_order_relaxed)) {
      hurrying = true;
      give_up = deadline_in(kHurryMs);
    }
    if (Clock::now() >= give_up) return Io::kTimeout;
  }
}

Io Outflow::say_abort() {
  std::array<uint8_t, 1> code{};
  {
    const std::lock_guard lock(mutex_);
    code[0] = static_cast<uint8_t>(*abort_);
    queue_.clear();
    if (dead_) return Io::kFailed;
  }
  control_frames_.fetch_add(1, std::memory_order_relaxed);
  Io io = write_frame(kAbortOperation, code);
  if (io == Io::kOk) io = connection_->flush(deadline_in(kHurryMs));
  // No close notification: after an abort there is no proper end. Unsent bytes are lost with the connection.
  if (io != Io::kOk) connection_->break_off();
  return io;
}

Io Outflow::say_end() {
  {
    const std::lock_guard lock(mutex_);
    if (dead_) return Io::kFailed;
  }
  connection_->append_close();
  return flush_patiently();
}

}  // namespace sluis::net
