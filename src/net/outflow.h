// The sending half of a TLS mesh towards one neighbour: a bounded queue, a writer thread, and a short cut
// that skips both while the kernel keeps up. Internal to net/.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "net/frame.h"
#include "net/tls_connection.h"

namespace sluis::net {

class Outflow {
 public:
  Outflow(std::unique_ptr<TlsConnection> connection, const MeshOptions& options);
  // Stops the writer; see finish() and abort().
  ~Outflow();
  Outflow(const Outflow&) = delete;
  Outflow& operator=(const Outflow&) = delete;

  // Never blocks. Empty on success, else why not: kOverflow, kClosed.
  std::optional<AbortCode> send(uint32_t operation, ByteSpan bytes);
  std::optional<AbortCode> send(uint32_t operation, Bytes&& bytes);
  // Drops what is queued, tells the neighbour the code within half a second or else breaks the connection.
  // Returns at once; any thread.
  void abort(AbortCode code) noexcept;
  // Begins a proper end: everything queued is sent, then the connection is closed. Returns at once.
  void finish();

  uint64_t control_frames() const { return control_frames_.load(std::memory_order_relaxed); }

 private:
  struct Message {
    uint32_t operation;
    Bytes bytes;
  };
  enum class Task : uint8_t { kWrite, kHeartbeat, kAbort, kFinish };

  // "Owning" is the right to use connection_ and sequence_. The writer thread and a send that takes the short
  // cut take turns; the flag busy_ says whether someone owns.
  bool claim_for_short_cut(size_t bytes);
  void release(Io io);
  std::optional<AbortCode> enqueue(uint32_t operation, Bytes&& bytes);
  std::optional<AbortCode> enqueue_copy(uint32_t operation, ByteSpan bytes,
                                        std::unique_lock<std::mutex>& lock);
  void keep_buffer(Bytes&& buffer);

  void run();
  Task next_task(std::deque<Message>& batch);
  Io perform(Task task, std::deque<Message>& batch);
  // The following REQUIRE ownership.
  Io write_now(uint32_t operation, ByteSpan payload);
  Io write_frame(uint32_t operation, ByteSpan payload);
  Io write_batch(std::deque<Message>& batch);
  Io append_head_and_start(uint32_t operation, ByteSpan payload, size_t& taken);
  Io flush_patiently();
  Io say_abort();
  Io say_end();

  const std::unique_ptr<TlsConnection> connection_;
  const MeshOptions options_;
  uint32_t sequence_ = 0;
  std::atomic<uint64_t> queued_bytes_{0};
  std::atomic<uint64_t> control_frames_{0};
  std::atomic<bool> hurry_{false};  // an abort waits: finish the frame in hand quickly or give up

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Message> queue_;  // the rest under mutex_
  std::vector<Bytes> spare_;   // emptied buffers: fresh memory costs more than the copy into it
  bool busy_ = false;
  bool backlog_ = false;  // the connection holds bytes that the kernel did not take yet
  bool dead_ = false;
  bool finishing_ = false;
  std::optional<AbortCode> abort_;
  std::thread writer_;  // last: starts when everything else exists
};

}  // namespace sluis::net
