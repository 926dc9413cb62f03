// Long messages in pieces, so that sending overlaps with what the other side still does. Internal to mpc/.
#pragma once

#include <algorithm>
#include <span>

#include "mpc/session.h"

namespace sluis::mpc {

// Words of one message; longer ones go in several. The cut depends on the length alone.
inline constexpr size_t kMessageWords = 32'768;

// To and from the neighbour with that index. REQUIRES: party != session.party().
inline void send_words(Session& session, int party, std::span<const uint64_t> words) {
  const bool to_next = party == (session.party() + 1) % 3;
  for (size_t at = 0; at < words.size(); at += kMessageWords) {
    const auto piece = words.subspan(at, std::min(kMessageWords, words.size() - at));
    to_next ? session.send_next(piece) : session.send_prev(piece);
  }
}

inline void recv_words(Session& session, int party, std::span<uint64_t> words) {
  const bool from_next = party == (session.party() + 1) % 3;
  for (size_t at = 0; at < words.size(); at += kMessageWords) {
    const auto piece = words.subspan(at, std::min(kMessageWords, words.size() - at));
    from_next ? session.recv_next(piece) : session.recv_prev(piece);
  }
}

// Elements of a ring, as their bytes.
template <typename T>
void send_elements(Session& session, int party, std::span<const T> ring) {
  const bool to_next = party == (session.party() + 1) % 3;
  constexpr size_t kMost = 8 * kMessageWords / sizeof(T);
  for (size_t at = 0; at < ring.size(); at += kMost) {
    const auto piece = ring.subspan(at, std::min(kMost, ring.size() - at));
    const ByteSpan bytes(reinterpret_cast<const uint8_t*>(piece.data()), piece.size_bytes());
    to_next ? session.send_next_bytes(bytes) : session.send_prev_bytes(bytes);
  }
}

template <typename T>
void recv_elements(Session& session, int party, std::span<T> ring) {
  const bool from_next = party == (session.party() + 1) % 3;
  constexpr size_t kMost = 8 * kMessageWords / sizeof(T);
  for (size_t at = 0; at < ring.size(); at += kMost) {
    const auto piece = ring.subspan(at, std::min(kMost, ring.size() - at));
    const std::span<uint8_t> bytes(reinterpret_cast<uint8_t*>(piece.data()), piece.size_bytes());
    from_next ? session.recv_next_bytes(bytes) : session.recv_prev_bytes(bytes);
  }
}

}  // namespace sluis::mpc
