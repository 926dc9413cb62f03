#include "mpc/resharing.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::mpc {

Resharing::Resharing(Session& session, std::span<sharing::SharedBits* const> outputs) : session_(session) {
  for (sharing::SharedBits* z : outputs) {
    if (z->own.words().empty()) continue;
    pieces_.push_back({words_, z->own.words(), z->next.words()});
    words_ += z->own.words().size();
  }
  if (words_ > 0) session_.begin_round();
}

size_t Resharing::piece_of(uint64_t at) const {
  const auto after = std::ranges::upper_bound(pieces_, at, {}, &Piece::first);
  return static_cast<size_t>(after - pieces_.begin()) - 1;
}

void Resharing::computed(uint64_t words) {
  CHECK(words <= words_);
  while (words - sent_ >= kMessageWords) send_message(sent_, kMessageWords);
}

void Resharing::finish() {
  computed(words_);
  if (sent_ < words_) send_message(sent_, words_ - sent_);
  for (uint64_t at = 0; at < words_; at += kMessageWords)
    receive_message(at, std::min<uint64_t>(kMessageWords, words_ - at));
}

void Resharing::send_message(uint64_t first, uint64_t count) {
  sent_ += count;
  size_t i = piece_of(first);
  if (first + count <= pieces_[i].first + pieces_[i].own.size()) {
    session_.send_prev(pieces_[i].own.subspan(first - pieces_[i].first, count));
    return;
  }
  staging_.resize(count);
  for (uint64_t done = 0; done < count; ++i) {
    const Piece& piece = pieces_[i];
    const uint64_t offset = first + done - piece.first;
    const uint64_t n = std::min<uint64_t>(count - done, piece.own.size() - offset);
    std::copy_n(piece.own.begin() + static_cast<ptrdiff_t>(offset), n,
                staging_.begin() + static_cast<ptrdiff_t>(done));
    done += n;
  }
  session_.send_prev(staging_);
}

void Resharing::receive_message(uint64_t first, uint64_t count) {
  size_t i = piece_of(first);
  if (first + count <= pieces_[i].first + pieces_[i].next.size()) {
    session_.recv_next(pieces_[i].next.subspan(first - pieces_[i].first, count));
    return;
  }
  staging_.resize(count);
  session_.recv_next(staging_);
  for (uint64_t done = 0; done < count; ++i) {
    const Piece& piece = pieces_[i];
    const uint64_t offset = first + done - piece.first;
    const uint64_t n = std::min<uint64_t>(count - done, piece.next.size() - offset);
    std::copy_n(staging_.begin() + static_cast<ptrdiff_t>(done), n,
                piece.next.begin() + static_cast<ptrdiff_t>(offset));
    done += n;
  }
}

}  // namespace sluis::mpc
