// Mesh: one party's connection to its two neighbours. Ordered, bounded messages; everything ends in success
// or in ProtocolAbort, nothing hangs.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "net/abort.h"

namespace sluis::net {

// Party indices mod 3: next of P_i is P_{i+1}, prev is P_{i-1}.
enum class Neighbour : uint8_t { kNext = 0, kPrev = 1 };
inline constexpr std::array<Neighbour, 2> kBothNeighbours = {Neighbour::kNext, Neighbour::kPrev};
constexpr int neighbour_party(int party, Neighbour to) {
  return (party + (to == Neighbour::kNext ? 1 : 2)) % 3;
}

// What went over the wire so far, by Neighbour index. Payload is what cost functions count.
struct Traffic {
  std::array<uint64_t, 2> payload_sent{};
  std::array<uint64_t, 2> payload_received{};
  std::array<uint64_t, 2> messages_sent{};
  std::array<uint64_t, 2> messages_received{};
  std::array<uint64_t, 2> frame_bytes_sent{};  // headers, heartbeats; without TLS and TCP

  uint64_t total_payload_sent() const { return payload_sent[0] + payload_sent[1]; }
};

// Limits of a mesh. A receive of b bytes waits at most base_timeout_ms + 1000 * b / min_bytes_per_second
// since the last sign of life (data or heartbeat), and at most patience_ms in all.
struct MeshOptions {
  uint32_t base_timeout_ms = 30'000;
  uint64_t min_bytes_per_second = 1'000'000;
  uint32_t patience_ms = 900'000;           // a peer that only sends heartbeats is given up after this
  uint64_t max_queue_bytes = 512ull << 20;  // unsent bytes per neighbour; more is an overflow
};

// Operation numbers with this value or above are reserved for the mesh itself.
inline constexpr uint32_t kFirstReservedOperation = 0xFFFF'FF00;

// After the first ProtocolAbort, whether thrown here or sent by a peer, every call on the mesh throws, and
// the neighbours stop too. One thread sends and receives, unless an implementation says more. Destruction
// without abort delivers what was sent.
class Mesh {
 public:
  virtual ~Mesh() = default;
  Mesh() = default;
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  // 0, 1 or 2.
  virtual int party() const = 0;

  // Queues one message and returns; never blocks. Empty messages are allowed.
  // REQUIRES: operation < kFirstReservedOperation. Throws ProtocolAbort (kOverflow, or the reason of an
  // earlier abort).
  virtual void send(Neighbour to, uint32_t operation, ByteSpan bytes) = 0;
  // The same without a copy.
  virtual void send(Neighbour to, uint32_t operation, Bytes&& bytes) = 0;

  // Blocks for the next message of that neighbour, which must have this operation and exactly this length.
  // Throws ProtocolAbort; `into` is then unspecified and must not be used.
  virtual void recv(Neighbour from, uint32_t operation, std::span<uint8_t> into) = 0;

  // The same without waiting: false if the whole message is not there yet. Part of it may then lie in `into`:
  // what is received next from that neighbour must be the same message, into the same place. A mesh may
  // always say false.
  virtual bool recv_if_arrived(Neighbour /*from*/, uint32_t /*operation*/, std::span<uint8_t> /*into*/) {
    return false;
  }

  // Stops the run at all three parties: sends the code to both neighbours and closes. Idempotent, never
  // throws, may be called from another thread.
  virtual void abort(AbortCode code) noexcept = 0;

  virtual Traffic traffic() const = 0;
};

}  // namespace sluis::net
