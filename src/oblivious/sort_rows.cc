#include "oblivious/sort_rows.h"

#include <algorithm>
#include <numeric>

#include "oblivious/row_kernels.h"
#include "sharing/bit_kernels.h"

namespace sluis::oblivious {
namespace {

using sharing::AlignedWords;
using sharing::Bits;
using sharing::kBlockRows;
using sharing::SharedBits;

// split_rows writes up to this many rows past the end.
constexpr size_t kSlack = 16;

// The part of one 64-plane group that lies in one block.
sharing::PlaneTile tile_of(const Bits& x, size_t block, size_t word) {
  const size_t words = x.block_words(block);
  return {x.run(block, 64 * word).data(), words, std::min<size_t>(64, x.planes() - 64 * word), words};
}

std::vector<AlignedWords> rows_of(const Bits& x) {
  std::vector<AlignedWords> arrays((x.planes() + 63) / 64);
  for (size_t w = 0; w < arrays.size(); ++w) {
    arrays[w].resize(64 * x.row_words());  // no more than 63 rows too many
    for (size_t b = 0; b < x.blocks(); ++b) {
      sharing::bit_kernels().planes_to_rows(tile_of(x, b, w), {arrays[w].data() + b * kBlockRows, 1});
    }
  }
  return arrays;
}

Bits planes_of(const std::vector<AlignedWords>& arrays, size_t rows, size_t planes) {
  Bits x = Bits::unset(rows, planes);
  for (size_t w = 0; w < arrays.size(); ++w) {
    for (size_t b = 0; b < x.blocks(); ++b) {
      // The kernel only reads rows.
      auto* from = const_cast<uint64_t*>(arrays[w].data()) + b * kBlockRows;
      sharing::bit_kernels().rows_to_planes({from, 1}, tile_of(x, b, w));
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

void fill_constant(Bits& y, size_t block, size_t word, uint64_t value) {
  const size_t planes = std::min<size_t>(64, y.planes() - 64 * word);
  for (size_t p = 0; p < planes; ++p) std::ranges::fill(y.run(block, 64 * word + p), -((value >> p) & 1));
}

// One share of the matrices to be filled.
struct Operand {
  Bits& d;
  Bits& y;
};

// One block of comparisons, one word of one share.
class BlockPacker {
 public:
  // scratch: 2 * kBlockRows words.
  BlockPacker(std::span<const CompareRun> runs, RunCursor at, size_t count, AlignedWords& scratch)
      : runs_(runs),
        at_(at),
        count_(count),
        one_run_(runs[at.run].count - at.offset >= count),
        d_rows_(scratch.data()),
        y_rows_(scratch.data() + kBlockRows) {}

  void pack(const AlignedWords& from, size_t block, size_t word, Operand z) const {
    const auto d = tile_of(z.d, block, word), y = tile_of(z.y, block, word);
    for_each_piece(runs_, at_, count_, [&](size_t to, const CompareRun& run, uint32_t first, uint32_t n) {
      const uint64_t pivot = from[run.against];
      const uint64_t* rows = from.data() + first;
      for (uint32_t i = 0; i < n; ++i) d_rows_[to + i] = rows[i] ^ pivot;
      if (!one_run_) std::fill_n(y_rows_ + to, n, pivot);
    });
    std::fill(d_rows_ + count_, d_rows_ + 64 * d.words, 0);
    sharing::bit_kernels().rows_to_planes({d_rows_, 1}, d);
    if (one_run_) return fill_constant(z.y, block, word, from[runs_[at_.run].against]);
    std::fill(y_rows_ + count_, y_rows_ + 64 * y.words, 0);
    sharing::bit_kernels().rows_to_planes({y_rows_, 1}, y);
  }

 private:
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

}  // namespace

SortRows::SortRows(const SharedBits& shuffled)
    : row_count_(shuffled.rows()),
      planes_(shuffled.planes()),
      own_(rows_of(shuffled.own)),
      next_(rows_of(shuffled.next)),
      places_(row_count_),
      spare_(row_count_ + kSlack),
      spare_places_(row_count_ + kSlack),
      scratch_(2 * kBlockRows) {
  std::iota(places_.begin(), places_.end(), 0);
}

const SortRows::Operands& SortRows::operands(std::span<const CompareRun> runs, RunCursor& at,
                                             uint64_t count) {
  auto& [d, y] = operands_;
  for (Bits* matrix : {&d.own, &d.next, &y.own, &y.next}) matrix->reshape(count, planes_);
  for (size_t b = 0; b < d.own.blocks(); ++b) {
    const size_t here = std::min<size_t>(kBlockRows, count - b * kBlockRows);
    const BlockPacker packer(runs, at, here, scratch_);
    for (size_t w = 0; w < own_.size(); ++w) {
      packer.pack(own_[w], b, w, {d.own, y.own});
      packer.pack(next_[w], b, w, {d.next, y.next});
    }
    at = for_each_piece(runs, at, here, [](size_t, const CompareRun&, uint32_t, uint32_t) {});
  }
  return operands_;
}

void SortRows::move(const RowMoves& moves, std::span<const uint64_t> bits) {
  for (auto* share : {&own_, &next_}) {
    for (AlignedWords& array : *share) move_rows(array.data(), spare_.data(), moves, bits.data());
  }
  move_rows(places_.data(), spare_places_.data(), moves, bits.data());
}

void SortRows::comparisons_done() {
  operands_ = {};
  spare_ = {};
  spare_places_ = {};
}

SharedBits SortRows::planes_from(size_t first) const {
  SharedBits planes;
  planes.own = sharing::slice_planes(planes_of(own_, row_count_, planes_), first, planes_ - first);
  planes.next = sharing::slice_planes(planes_of(next_, row_count_, planes_), first, planes_ - first);
  return planes;
}

}  // namespace sluis::oblivious
