// The public half of the sort: which rows of a shuffled table are compared, and what the opened bits make of
// it. Knows positions and opened bits only, no share and no session: so pivots cannot depend on anything
// else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluis::oblivious {

// Rows first .. first + count - 1 are each compared with row `against`: bit = 1 where the row is the lesser.
struct CompareRun {
  uint32_t first, count, against;
};

// Rows first .. first + count - 1 are put in the order given by count entries of RowMoves::orders from
// `order` on: place first + i receives the row at first + orders[order + i].
struct SmallOrder {
  uint32_t first, count;
  uint64_t order;
};

// A segment [begin, end) laid out as `lower` rows known to be less than the pivot, the pivot, `upper` rows
// known to be greater, rest. The rest is split stably by the bits from `bit` on (1 = less):
// lower, lesser rest, pivot, upper, other rest.
struct Split {
  uint32_t begin, lower, upper, end;
  uint64_t bit;
};

// Local moves of one iteration, the small orders first.
struct RowMoves {
  std::vector<SmallOrder> small;
  std::vector<uint16_t> orders;
  std::vector<Split> splits;
};

// Bit i of a vector of words.
inline bool bit_at(std::span<const uint64_t> words, uint64_t i) { return (words[i / 64] >> (i % 64)) & 1; }

// How much a sort of some number of rows compares in all, and in how many batches.
struct SortEffort {
  double comparisons;
  uint64_t batches;
};
// Mean over the orders: from simulation (a test holds it against measurement).
SortEffort sort_effort_expected(uint64_t rows);
// Not passed but with probability below 2^-40. Comparisons: tail of plain quicksort, which sampled pivots
// only improve (McDiarmid and Hayward, J. Algorithms 1996, theorem 1.1, leading term). Batches: some segment
// of two rows or more is left after b splits with probability at most n^t (2 / (t + 1))^b for every t > 1
// (Markov, on the sum of the segments' t-th powers).
SortEffort sort_effort_bound(uint64_t rows);

// Quicksort with sampled pivots, one batch of comparisons per iteration (protocols.md 4.7):
//   segments of at most kSmallSegment rows: all pairs, then done;
//   others: pivot = median of the segment's ordered sample (its first row if it has none); every row of which
//   it is not known is compared with the pivot; where the sample has become small for its segment, the next
//   one is put in order (all pairs) in the same batch.
class QuicksortPlan {
 public:
  static constexpr uint32_t kSmallSegment = 8;
  static constexpr uint32_t kLargestSample = 511;

  explicit QuicksortPlan(uint32_t rows);

  bool consistent() const { return consistent_; }
  bool done() const { return segments_.empty(); }
  // What is compared now. Valid until advance().
  const std::vector<CompareRun>& batch();
  // Number of comparisons in batch().
  uint64_t comparisons() const { return comparisons_; }
  // Takes the opened bits of batch(), in its order, and says how the rows move. The next batch() is about the
  // moved rows. Bits that no order can give (a deviating party) make consistent() false; every move stays
  // within its segment.
  RowMoves advance(std::span<const uint64_t> bits);

 private:
  // Rows [begin, end) hold neighbouring ranks; the first `sample` of them are in order.
  struct Segment {
    uint32_t begin, end, sample;
  };
  enum class Step : uint8_t { kAllPairs, kOrderSample, kSplit, kSplitAndSample };
  // How a segment takes part in the current batch; its bits begin at `bit`.
  struct Part {
    Step step;
    uint32_t fresh;  // rows of the sample that is put in order
    uint64_t bit;
  };

  Part plan_segment(const Segment& segment) const;
  void add_runs(const Segment& segment, Part& part);
  void add_run(uint32_t first, uint32_t count, uint32_t against);
  // All pairs of `count` rows from `first` on, of which the first `known` are in order.
  void add_all_pairs(uint32_t first, uint32_t count, uint32_t known);
  // Which row of the pairs at `bit` comes first, second, ...: the first `count` entries of sorted_.
  std::span<const uint16_t> sort_pairs(uint32_t count, uint32_t known, uint64_t bit);
  static void move_small(uint32_t first, std::span<const uint16_t> rows, RowMoves& moves);
  void split(const Segment& segment, const Part& part, RowMoves& moves);
  void split_and_sample(const Segment& segment, const Part& part, RowMoves& moves);
  void keep(uint32_t begin, uint32_t end, uint32_t sample);

  std::vector<Segment> segments_, next_;
  std::vector<Part> parts_;
  std::vector<CompareRun> runs_;
  uint64_t comparisons_ = 0;
  bool consistent_ = true;
  std::span<const uint64_t> bits_;
  std::array<uint16_t, kLargestSample> sorted_{};
};

}  // namespace sluis::oblivious
