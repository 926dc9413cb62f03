#include "mpc/resharing.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::mpc {

namespace {

std::vector<Resharing::Run> runs_of(std::span<sharing::SharedBits* const> outputs) {
  std::vector<Resharing::Run> runs;
  for (sharing::SharedBits* z : outputs) runs.push_back({z->own.words(), z->next.words()});
  return runs;
}

}  // namespace

Resharing::Resharing(Session& session, std::span<sharing::SharedBits* const> outputs)
    : Resharing(session, runs_of(outputs)) {}

Resharing::Resharing(Session& session, std::span<const Run> outputs) : session_(session) {
  for (const Run& run : outputs) {
    if (run.own.empty()) continue;
    pieces_.push_back({words_, run.own, run.next});
    words_ += run.own.size();
  }
  if (words_ > 0) session_.begin_round();
}

size_t Resharing::piece_of(uint64_t at) const {
  const auto after = std::ranges::upper_bound(pieces_, at, {}, &Piece::first);
  return static_cast<size_t>(after - pieces_.begin()) - 1;
}

void Resharing::computed(uint64_t words) {
  CHECK(words <= words_);
  while (words - sent_ >= kMessageWords) {
    send_message(sent_, kMessageWords);
    // Now the message is still in the cache, and the neighbour's queue stays short.
    while (received_ < sent_ && receive_message(false)) {
    }
  }
}

void Resharing::finish() {
  computed(words_);
  if (sent_ < words_) send_message(sent_, words_ - sent_);
  while (received_ < words_) receive_message(true);
}

void Resharing::send_message(uint64_t first, uint64_t count) {
  sent_ += count;
  size_t i = piece_of(first);
  if (first + count <= pieces_[i].first + pieces_[i].own.size()) {
    session_.send_prev(pieces_[i].own.subspan(first - pieces_[i].first, count));
    return;
  }
  outgoing_.resize(count);
  for (uint64_t done = 0; done < count; ++i) {
    const Piece& piece = pieces_[i];
    const uint64_t offset = first + done - piece.first;
    const uint64_t n = std::min<uint64_t>(count - done, piece.own.size() - offset);
    std::copy_n(piece.own.begin() + static_cast<ptrdiff_t>(offset), n,
                outgoing_.begin() + static_cast<ptrdiff_t>(done));
    done += n;
  }
  session_.send_prev(outgoing_);
}

bool Resharing::receive_message(bool wait) {
  const uint64_t first = received_, count = std::min<uint64_t>(kMessageWords, words_ - first);
  const Piece& piece = pieces_[piece_of(first)];
  const bool whole = first + count <= piece.first + piece.next.size();
  if (!whole) incoming_.resize(count);
  const std::span<uint64_t> into = whole ? piece.next.subspan(first - piece.first, count) : incoming_;
  if (wait)
    session_.recv_next(into);
  else if (!session_.recv_next_if_arrived(into))
    return false;
  if (!whole) scatter(first, incoming_);
  received_ += count;
  return true;
}

void Resharing::scatter(uint64_t first, std::span<const uint64_t> words) {
  for (size_t i = piece_of(first); !words.empty(); ++i) {
    const Piece& piece = pieces_[i];
    const uint64_t offset = first - piece.first;
    const uint64_t n = std::min<uint64_t>(words.size(), piece.next.size() - offset);
    std::copy_n(words.begin(), n, piece.next.begin() + static_cast<ptrdiff_t>(offset));
    words = words.subspan(n);
    first += n;
  }
}

}  // namespace sluis::mpc
