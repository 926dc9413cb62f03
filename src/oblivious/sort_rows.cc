#include "oblivious/sort_rows.h"

#include <algorithm>
#include <numeric>

#include "oblivious/row_kernels.h"
#include "sharing/bit_kernels.h"

namespace sluis::oblivious {
namespace {

using sharing::Bits;
using sharing::kBlockRows;
using sharing::RawIndices;
using sharing::RawWords;
using sharing::SharedBits;

// split_rows writes up to this many rows past the end.
constexpr size_t kSlack = 16;

// The part in one block of up to 64 planes from `first` on, of which `end` is not one.
sharing::PlaneTile tile_of(const Bits& x, size_t block, size_t first, size_t end) {
  const size_t words = x.block_words(block);
  return {x.run(block, first).data(), words, std::min<size_t>(64, end - first), words};
}
sharing::PlaneTile tile_of(const Bits& x, size_t block, size_t word) {
  return tile_of(x, block, 64 * word, x.planes());
}

std::vector<RawWords> rows_of(const Bits& x) {
  std::vector<RawWords> arrays((x.planes() + 63) / 64);
  for (size_t w = 0; w < arrays.size(); ++w) {
    arrays[w].resize(64 * x.row_words());  // no more than 63 rows too many
    for (size_t b = 0; b < x.blocks(); ++b) {
      sharing::bit_kernels().planes_to_rows(tile_of(x, b, w), {arrays[w].data() + b * kBlockRows, 1});
    }
  }
  return arrays;
}

// Planes [first, planes) of rows that lie in one array per 64 planes.
Bits planes_of(const std::vector<RawWords>& arrays, size_t rows, size_t planes, size_t first,
               RawWords& scratch) {
  Bits x = Bits::unset(rows, planes - first);
  const size_t skip = first / 64, shift = first % 64;
  for (size_t w = 0; 64 * w < x.planes(); ++w) {
    const uint64_t* low = arrays[w + skip].data();
    const uint64_t* high = w + skip + 1 < arrays.size() && shift > 0 ? arrays[w + skip + 1].data() : nullptr;
    for (size_t b = 0; b < x.blocks(); ++b) {
      const size_t at = b * kBlockRows, count = 64 * x.block_words(b);
      for (size_t i = 0; i < count; ++i) scratch[i] = low[at + i] >> shift;
      for (size_t i = 0; high != nullptr && i < count; ++i) scratch[i] |= high[at + i] << (64 - shift);
      sharing::bit_kernels().rows_to_planes({scratch.data(), 1}, tile_of(x, b, w));
    }
  }
  return x;
}

// Calls piece(first place in the block, run, rows from, rows) for `count` comparisons from `at` on.
template <typename Piece>
RunCursor for_each_piece(std::span<const CompareRun> runs, RunCursor at, size_t count, Piece piece) {
  size_t filled = 0;
  while (filled < count) {
    const CompareRun& run = runs[at.run];
    const auto n = static_cast<uint32_t>(std::min<size_t>(run.count - at.offset, count - filled));
    piece(filled, run, run.first + at.offset, n);
    filled += n;
    at.offset += n;
    if (at.offset == run.count) at = {at.run + 1, 0};
  }
  return at;
}

void fill_constant(const sharing::PlaneTile& tile, uint64_t value) {
  auto* planes = const_cast<uint64_t*>(tile.planes);
  for (size_t p = 0; p < tile.plane_count; ++p)
    std::fill_n(planes + p * tile.plane_stride, tile.words, -((value >> p) & 1));
}

// One block of comparisons, one word of one share.
class BlockPacker {
 public:
  // scratch: 2 * kBlockRows words.
  BlockPacker(std::span<const CompareRun> runs, RunCursor at, size_t count, RawWords& scratch)
      : runs_(runs),
        at_(at),
        count_(count),
        one_run_(runs[at.run].count - at.offset >= count),
        d_rows_(scratch.data()),
        y_rows_(scratch.data() + kBlockRows) {}

  // Into the planes of this word in d (the first half of z) and y (the second).
  void pack(const RawWords& from, size_t block, size_t word, Bits& z) const {
    const size_t planes = z.planes() / 2, first = 64 * word;
    const auto d = tile_of(z, block, first, planes), y = tile_of(z, block, planes + first, 2 * planes);
    for_each_piece(runs_, at_, count_, [&](size_t to, const CompareRun& run, uint32_t first, uint32_t n) {
      const uint64_t pivot = from[run.against];
      const uint64_t* rows = from.data() + first;
      add(d_rows_ + to, rows, pivot, n);
      if (!one_run_) std::fill_n(y_rows_ + to, n, pivot);
    });
    std::fill(d_rows_ + count_, d_rows_ + 64 * d.words, 0);
    sharing::bit_kernels().rows_to_planes({d_rows_, 1}, d);
    if (one_run_) return fill_constant(y, from[runs_[at_.run].against]);
    std::fill(y_rows_ + count_, y_rows_ + 64 * y.words, 0);
    sharing::bit_kernels().rows_to_planes({y_rows_, 1}, y);
  }

 private:
  static void add(uint64_t* out, const uint64_t* rows, uint64_t pivot, uint32_t count) {
    constexpr uint32_t kLong = 32;  // worth a call
    if (count >= kLong) return sharing::bit_kernels().xor_words(&rows, 1, pivot, {out, count});
    for (uint32_t i = 0; i < count; ++i) out[i] = rows[i] ^ pivot;
  }

  std::span<const CompareRun> runs_;
  RunCursor at_;
  size_t count_;
  bool one_run_;  // the whole block is compared with one pivot
  uint64_t* d_rows_;
  uint64_t* y_rows_;
};

// Puts `count` rows at `first` in the given order.
template <typename T>
void move_small(T* rows, T* spare, const SmallOrder& small, const uint16_t* order) {
  T* at = rows + small.first;
  std::copy_n(at, small.count, spare);
  for (uint32_t i = 0; i < small.count; ++i) at[i] = spare[order[i]];
}

// spare collects what follows the lesser rows: pivot, upper rows, other rows.
template <typename T>
void move_split(T* rows, T* spare, const Split& split, const uint64_t* bits) {
  T* lesser = rows + split.begin + split.lower;
  const uint32_t known = split.upper + 1;
  const uint32_t rest = split.end - split.begin - split.lower - known;
  std::copy_n(lesser, known, spare);
  lesser += split_rows(lesser, spare + known, lesser + known, rest, {bits, split.bit});
  std::copy_n(spare, rows + split.end - lesser, lesser);
}

template <typename T>
void move_rows(T* rows, T* spare, const RowMoves& moves, const uint64_t* bits) {
  for (const SmallOrder& small : moves.small) {
    move_small(rows, spare, small, moves.orders.data() + small.order);
  }
  for (const Split& split : moves.splits) move_split(rows, spare, split, bits);
}

// Rows and room that a split needs to put aside at most.
size_t most_aside(const RowMoves& moves) {
  size_t most = QuicksortPlan::kLargestSample * 2;
  for (const Split& split : moves.splits) most = std::max<size_t>(most, split.end - split.begin);
  return most + kSlack;
}

}  // namespace

SortRows::SortRows(SharedBits shuffled)
    : row_count_(shuffled.rows()), planes_(shuffled.planes()), places_(row_count_), scratch_(2 * kBlockRows) {
  own_ = rows_of(shuffled.own);
  shuffled.own = {};
  next_ = rows_of(shuffled.next);
  std::iota(places_.begin(), places_.end(), 0);
}

const SharedBits& SortRows::operands(std::span<const CompareRun> runs, RunCursor& at, uint64_t count) {
  Bits &own = operands_.own, &next = operands_.next;
  own.reshape(count, 2 * planes_);
  next.reshape(count, 2 * planes_);
  for (size_t b = 0; b < own.blocks(); ++b) {
    const size_t here = std::min<size_t>(kBlockRows, count - b * kBlockRows);
    const BlockPacker packer(runs, at, here, scratch_);
    for (size_t w = 0; w < own_.size(); ++w) {
      packer.pack(own_[w], b, w, own);
      packer.pack(next_[w], b, w, next);
    }
    at = for_each_piece(runs, at, here, [](size_t, const CompareRun&, uint32_t, uint32_t) {});
  }
  return operands_;
}

void SortRows::move(const RowMoves& moves, std::span<const uint64_t> bits) {
  const size_t aside = most_aside(moves);
  if (spare_places_.size() < aside) spare_places_ = RawIndices(aside);
  uint64_t* spare = operands_.own.words().data();
  if (operands_.own.words().size() < aside) {
    if (spare_.size() < aside) spare_ = RawWords(aside);
    spare = spare_.data();
  }
  for (auto* share : {&own_, &next_}) {
    for (RawWords& array : *share) move_rows(array.data(), spare, moves, bits.data());
  }
  move_rows(places_.data(), spare_places_.data(), moves, bits.data());
}

SharedBits SortRows::take_planes(size_t first) {
  operands_ = {};
  spare_ = {};
  spare_places_ = {};
  SharedBits planes;
  planes.own = planes_of(own_, row_count_, planes_, first, scratch_);
  own_.clear();
  planes.next = planes_of(next_, row_count_, planes_, first, scratch_);
  next_.clear();
  return planes;
}

}  // namespace sluis::oblivious
