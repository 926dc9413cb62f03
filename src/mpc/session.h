// One party's end of a computation among three: neighbours, keys, counters.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"
#include "crypto/prg.h"
#include "mpc/cost.h"
#include "mpc/verify_queue.h"
#include "net/mesh.h"

namespace sluis::mpc {

// The PRG keys of one attempt. Index j belongs to P_{j-1} and P_j: party i holds k_i (own) and k_{i+1}
// (next).
struct SessionKeys {
  crypto::PrgKey own;
  crypto::PrgKey next;
};

// Fresh keys for one attempt: each pair of neighbours runs X25519 over the (authenticated) mesh with fresh
// nonces of both ends; key = HKDF(shared secret, salt = both nonces, info = job_hash). A retry calls this
// anew, so nothing is reused. Throws net::ProtocolAbort. Cost: 1 round, 64 bytes a link.
SessionKeys agree_keys(net::Mesh& mesh, ByteSpan job_hash);

// Not thread-safe: one thread per session. Every protocol function takes it first and is one straight line
// that all three parties run. Sends queue and never block; receives block with a deadline and check the
// length.
class Session {
 public:
  // `mesh` outlives the session.
  Session(net::Mesh& mesh, SessionKeys keys);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  int party() const { return mesh_.party(); }
  const SessionKeys& keys() const { return keys_; }
  // A number that no other call of this attempt gets: the operation field of PRG counters. Same order on all
  // parties.
  uint64_t next_operation() { return ++operation_; }

  // Marks the start of a round (one block of sends followed by receives); counts it.
  void begin_round() { ++measured_.rounds; }
  void send_next(std::span<const uint64_t> words);
  void send_prev(std::span<const uint64_t> words);
  void recv_next(std::span<uint64_t> words);
  void recv_prev(std::span<uint64_t> words);
  // Byte forms, for rows that are not whole words.
  void send_next_bytes(ByteSpan bytes);
  void send_prev_bytes(ByteSpan bytes);
  void recv_next_bytes(std::span<uint8_t> bytes);
  void recv_prev_bytes(std::span<uint8_t> bytes);

  // What this party has sent so far; `rounds` counts begin_round(). Only the entries of this party are
  // filled.
  const Cost& measured() const { return measured_; }
  VerifyQueue& verify_queue() { return verify_queue_; }
  // Lengths of all messages sent, in order, if recording is on (tests): direction (0 next, 1 prev) and bytes.
  void record_trace(bool on) { recording_ = on; }
  const std::vector<std::pair<int, uint64_t>>& trace() const { return trace_; }
  // Called after every round with the bytes sent so far (progress bar, cancellation); may throw
  // ProtocolAbort.
  void on_progress(std::function<void(uint64_t bytes_sent)> callback) { progress_ = std::move(callback); }

 private:
  void sent(int direction, uint64_t bytes);

  net::Mesh& mesh_;
  SessionKeys keys_;
  uint64_t operation_ = 0;
  Cost measured_;
  VerifyQueue verify_queue_;
  bool recording_ = false;
  std::vector<std::pair<int, uint64_t>> trace_;
  std::function<void(uint64_t)> progress_;
};

}  // namespace sluis::mpc
