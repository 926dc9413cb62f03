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

}  // namespace sluis::mpc
