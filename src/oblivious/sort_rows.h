// One party's shares of the rows being sorted, word by word: the local half of the sort.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "oblivious/quicksort_plan.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {

// A place in a list of runs.
struct RunCursor {
  size_t run = 0;
  uint32_t offset = 0;
};

// The rows of a shuffled key matrix, in an order that moves() changes. Every 64 planes of a share are one
// array with one word a row: rows move as words, and are cut into planes only for what is compared.
class SortRows {
 public:
  explicit SortRows(sharing::SharedBits shuffled);

  // The next `count` comparisons of `runs`, from `at` on (which moves): the planes of a row's difference from
  // what it is compared with (d = row ^ y), then the planes of that (y). Valid until the next call.
  const sharing::SharedBits& operands(std::span<const CompareRun> runs, RunCursor& at, uint64_t count);
  // Moves all rows of both shares. `bits` are the opened comparisons.
  void move(const RowMoves& moves, std::span<const uint64_t> bits);

  // The end: frees the rows and gives planes [first, planes()) of them in their present order.
  sharing::SharedBits take_planes(size_t first);
  // Which row of the shuffled matrix stands at each place. Once.
  sharing::RawIndices take_places() { return std::move(places_); }

 private:
  size_t row_count_, planes_;
  std::vector<sharing::RawWords> own_, next_;  // [word]
  sharing::RawIndices places_;
  sharing::SharedBits operands_;  // d, then y; between comparisons spare memory for moves
  sharing::RawWords spare_;       // where that is too small
  sharing::RawIndices spare_places_;
  sharing::RawWords scratch_;
};

}  // namespace sluis::oblivious
