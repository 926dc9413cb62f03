// One party's shares of the rows being sorted, word by word: the local half of the sort.
#pragma once

#include <cstdint>
#include <span>
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
  explicit SortRows(const sharing::SharedBits& shuffled);

  // The next `count` comparisons of `runs`, from `at` on (which moves), as rows of two matrices: what a row
  // is compared with (y), and its difference from it (d = row ^ y). Valid until the next call.
  struct Operands {
    sharing::SharedBits d, y;
  };
  const Operands& operands(std::span<const CompareRun> runs, RunCursor& at, uint64_t count);
  // Moves all rows of both shares. `bits` are the opened comparisons.
  void move(const RowMoves& moves, std::span<const uint64_t> bits);

  // Frees what operands() and move() kept between calls.
  void comparisons_done();

  // Planes [first, planes()) of the rows in their present order.
  sharing::SharedBits planes_from(size_t first) const;
  // places()[r] = which row of the shuffled matrix stands at place r.
  const std::vector<uint32_t>& places() const { return places_; }

 private:
  size_t row_count_, planes_;
  std::vector<sharing::AlignedWords> own_, next_;  // [word]
  std::vector<uint32_t> places_;
  sharing::AlignedWords spare_;
  std::vector<uint32_t> spare_places_;
  Operands operands_;
  sharing::AlignedWords scratch_;
};

}  // namespace sluis::oblivious
