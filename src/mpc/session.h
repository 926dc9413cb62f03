// One party's end of a computation among three: neighbours, keys, counters.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

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

// Blocks of one PRG stream that a call used (tests: no block serves twice).
struct PrgUse {
  int key;  // j of k_j
  crypto::PrgDomain domain;
  uint64_t operation;
  uint64_t first_block;
  uint64_t blocks;
};

// One batch of AND gates: this party's shares of x and y, and where its additive share of x AND y goes.
struct GateWords {
  std::span<const uint64_t> x_own, x_next, y_own, y_next;
  std::span<uint64_t> z;
};

// Not thread-safe: one thread per session. Every protocol function takes it first and is one straight line
// that all three parties run. Sends queue and never block; receives block with a deadline and check the
// length and the number of the round.
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

  // ---- randomness. Protocols reach the generator only here, so that one test sees every use. `first_word`
  // is even: two words a block.
  // out = F(k_i) or F(k_{i+1}) of a stream; `xor_` adds it instead.
  void random_own(crypto::PrgDomain domain, uint64_t operation, std::span<uint64_t> out);
  void random_next(crypto::PrgDomain domain, uint64_t operation, std::span<uint64_t> out);
  void xor_random_own(crypto::PrgDomain domain, uint64_t operation, std::span<uint64_t> out,
                      uint64_t first_word = 0);
  void xor_random_next(crypto::PrgDomain domain, uint64_t operation, std::span<uint64_t> out,
                       uint64_t first_word = 0);
  // out ^= alpha_i = F(k_i) ^ F(k_{i+1}): the three parties' alphas XOR to zero.
  void xor_zero_share(uint64_t operation, uint64_t first_word, std::span<uint64_t> out);
  // z = alpha_i ^ x y, with the masks fused in.
  void and_gates(uint64_t operation, uint64_t first_word, const GateWords& gates);
  // out = a uniform permutation of 0..n-1 from k_i or k_{i+1}.
  void permutation_own(uint64_t operation, std::span<uint32_t> out);
  void permutation_next(uint64_t operation, std::span<uint32_t> out);

  // ---- messages
  // Marks the start of a round (one block of sends followed by receives); counts it. Messages carry its
  // number.
  void begin_round();
  void send_next(std::span<const uint64_t> words);
  void send_prev(std::span<const uint64_t> words);
  void recv_next(std::span<uint64_t> words);
  void recv_prev(std::span<uint64_t> words);
  // recv_next without waiting: false if the message is not there yet; then the next receive from that
  // neighbour must be for the same words.
  bool recv_next_if_arrived(std::span<uint64_t> words);
  // Byte forms, for rows that are not whole words.
  void send_next_bytes(ByteSpan bytes);
  void send_prev_bytes(ByteSpan bytes);
  void recv_next_bytes(std::span<uint8_t> bytes);
  void recv_prev_bytes(std::span<uint8_t> bytes);
  // Stops the run at all three parties and throws ProtocolAbort: a check failed.
  [[noreturn]] void abort(net::AbortCode code, const char* detail);

  // What this party has sent so far; `rounds` counts begin_round(). Only the entries of this party are
  // filled.
  const Cost& measured() const { return measured_; }
  VerifyQueue& verify_queue() { return verify_queue_; }
  // Lengths of all messages sent, in order, if recording is on (tests): direction (0 next, 1 prev) and bytes;
  // and all PRG blocks used.
  void record_trace(bool on) { recording_ = on; }
  const std::vector<std::pair<int, uint64_t>>& trace() const { return trace_; }
  const std::vector<PrgUse>& prg_uses() const { return prg_uses_; }
  // Called at the start of every round with the bytes sent so far (progress bar, cancellation); may throw
  // ProtocolAbort.
  void on_progress(std::function<void(uint64_t bytes_sent)> callback) { progress_ = std::move(callback); }

 private:
  void sent(int direction, uint64_t bytes);
  void used(int key, crypto::PrgDomain domain, uint64_t operation, uint64_t first_word, uint64_t words);
  int next_index() const { return (party() + 1) % 3; }
  uint32_t round_tag() const { return static_cast<uint32_t>(measured_.rounds & 0x7FFF'FFFF); }

  net::Mesh& mesh_;
  SessionKeys keys_;
  uint64_t operation_ = 0;
  Cost measured_;
  VerifyQueue verify_queue_;
  bool recording_ = false;
  std::vector<std::pair<int, uint64_t>> trace_;
  std::vector<PrgUse> prg_uses_;
  std::function<void(uint64_t)> progress_;
};

}  // namespace sluis::mpc
