#include "mpc/row_moves.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "mpc/messages.h"
#include "sharing/bit_kernels.h"

namespace sluis::mpc {

using sharing::kBlockRows;
using sharing::kBlockWords;

size_t GroupShape::blocks_per_message() const {
  return std::max<size_t>(1, kMessageWords / (kBlockWords * planes));
}

namespace {

size_t message_words(const GroupShape& shape, size_t first_block) {
  const size_t end = std::min(shape.blocks(), first_block + shape.blocks_per_message());
  size_t words = 0;
  for (size_t b = first_block; b < end; ++b) words += shape.block_words(b);
  return words;
}

sharing::PlaneTile tile_of(const uint64_t* planes, const GroupShape& shape, size_t block) {
  const size_t words = shape.plane_words(block);
  return {planes, words, shape.planes, words};
}

}  // namespace

void BlockBuffer::to_rows(const GroupShape& shape, size_t block, std::span<const uint64_t> planes,
                          uint64_t* rows) const {
  sharing::bit_kernels().planes_to_rows(tile_of(planes.data(), shape, block), {rows, 1});
}

void BlockBuffer::to_planes(const GroupShape& shape, size_t block) {
  std::fill(rows_.begin() + static_cast<ptrdiff_t>(shape.block_rows(block)),
            rows_.begin() + static_cast<ptrdiff_t>(64 * shape.plane_words(block)), 0);
  sharing::bit_kernels().rows_to_planes({rows_.data(), 1}, tile_of(planes_.data(), shape, block));
}

sharing::RawWords row_memory(size_t rows) { return sharing::RawWords(rows + 64); }

const uint32_t* PlaceBlock::of(const Chain& chain, size_t first, size_t count) {
  CHECK(!chain.empty() && count <= kBlockRows);
  const uint32_t* last = chain.back().data() + first;
  if (chain.size() == 1) return last;
  std::copy_n(last, count, places_.begin());
  for (size_t step = chain.size() - 1; step-- > 0;) {
    const uint32_t* next = chain[step].data();
    for (size_t i = 0; i < count; ++i) places_[i] = next[places_[i]];
  }
  return places_.data();
}

void xor_planes(const sharing::Bits& x, size_t first, const GroupShape& shape, size_t block,
                std::span<uint64_t> into) {
  if (block >= x.blocks()) return;
  const size_t stride = shape.plane_words(block);
  const size_t used = block + 1 == x.blocks() ? x.rows() % 64 : 0;  // bits of x's last word; 0: all
  for (size_t p = 0; p < shape.planes; ++p) {
    const auto run = x.run(block, first + p);
    uint64_t* to = into.data() + p * stride;
    for (size_t w = 0; w + 1 < run.size(); ++w) to[w] ^= run[w];
    to[run.size() - 1] ^= used == 0 ? run.back() : run.back() & ((uint64_t{1} << used) - 1);
  }
}

PlaneSender::PlaneSender(Session& session, int to, const GroupShape& shape)
    : session_(session), to_(to), shape_(shape), message_(message_words(shape, 0)) {}

void PlaneSender::add(size_t block, std::span<const uint64_t> planes) {
  std::ranges::copy(planes, message_.begin() + static_cast<ptrdiff_t>(filled_));
  filled_ += planes.size();
  if ((block + 1) % shape_.blocks_per_message() != 0 && block + 1 < shape_.blocks()) return;
  const std::span<const uint64_t> message(message_.data(), filled_);
  to_ == (session_.party() + 1) % 3 ? session_.send_next(message) : session_.send_prev(message);
  filled_ = 0;
}

PlaneReceiver::PlaneReceiver(Session& session, int from, const GroupShape& shape)
    : session_(session), from_(from), shape_(shape), message_(message_words(shape, 0)) {}

std::span<const uint64_t> PlaneReceiver::next(size_t block) {
  if (block % shape_.blocks_per_message() == 0) {
    const std::span<uint64_t> message(message_.data(), message_words(shape_, block));
    from_ == (session_.party() + 1) % 3 ? session_.recv_next(message) : session_.recv_prev(message);
    at_ = 0;
  }
  at_ += shape_.block_words(block);
  return {message_.data() + at_ - shape_.block_words(block), shape_.block_words(block)};
}

}  // namespace sluis::mpc
