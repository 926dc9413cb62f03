#include "oblivious/quicksort_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace sluis::oblivious {
namespace {

// The constants below were chosen by simulation over n = 2^8 .. 2^20: 21.4 comparisons a row and 32 batches
// at 2^20, against 24.8 and 49 for "the first row is the pivot" and a floor of log2(n!)/n = 18.6.

// Below this the first sample is not worth an iteration of its own.
constexpr uint32_t kOrderSampleFirst = 4096;

// Rows of the first sample, which serves eight or nine levels: its pairs cost 0.06 comparisons a row.
uint32_t first_sample(uint32_t rows) {
  const auto k = static_cast<uint32_t>(std::sqrt(0.12 * static_cast<double>(rows)));
  return std::min<uint32_t>(k | 1, QuicksortPlan::kLargestSample);
}

// Rows of a fresh sample for a segment: all pairs of k rows cost k^2 / 2, a median of k wastes about
// 0.72 / k comparisons a row and level; k ~ n^(1/3) balances the two. Odd, so that there is a middle.
uint32_t fresh_sample(uint32_t rows) {
  const auto k = static_cast<uint32_t>(std::cbrt(4 * static_cast<double>(rows)));
  return std::min<uint32_t>(k | 1, QuicksortPlan::kLargestSample);
}

// A sample smaller than this is replaced.
uint32_t smallest_sample(uint32_t rows) {
  return static_cast<uint32_t>(std::cbrt(0.5 * static_cast<double>(rows)));
}

uint64_t count_ones(std::span<const uint64_t> words, uint64_t first, uint64_t count) {
  uint64_t ones = 0;
  const uint64_t end = first + count;
  while (first < end) {
    const uint64_t n = std::min<uint64_t>(64 - first % 64, end - first);
    const uint64_t word = words[first / 64] >> (first % 64);
    ones += static_cast<uint64_t>(__builtin_popcountll(n == 64 ? word : word & ((uint64_t{1} << n) - 1)));
    first += n;
  }
  return ones;
}

}  // namespace

QuicksortPlan::QuicksortPlan(uint32_t rows) {
  keep(0, rows, 0);
  segments_.swap(next_);
}

void QuicksortPlan::keep(uint32_t begin, uint32_t end, uint32_t sample) {
  if (end - begin > 1 && end - begin > sample) next_.push_back({begin, end, sample});
}

QuicksortPlan::Part QuicksortPlan::plan_segment(const Segment& segment) const {
  const uint32_t rows = segment.end - segment.begin;
  if (rows <= kSmallSegment) return {Step::kAllPairs, rows, 0};
  const uint32_t fresh = std::min(fresh_sample(rows), rows - 1);
  if (segment.sample == 0 && rows >= kOrderSampleFirst) return {Step::kOrderSample, first_sample(rows), 0};
  if (segment.sample < smallest_sample(rows)) return {Step::kSplitAndSample, fresh, 0};
  return {Step::kSplit, 0, 0};
}

void QuicksortPlan::add_run(uint32_t first, uint32_t count, uint32_t against) {
  if (count == 0) return;
  runs_.push_back({first, count, against});
  comparisons_ += count;
}

void QuicksortPlan::add_all_pairs(uint32_t first, uint32_t count, uint32_t known) {
  for (uint32_t i = std::max(known, 1u); i < count; ++i) add_run(first, i, first + i);
}

void QuicksortPlan::add_runs(const Segment& segment, Part& part) {
  const auto [begin, end, sample] = segment;
  part.bit = comparisons_;
  switch (part.step) {
    case Step::kAllPairs:
      return add_all_pairs(begin, end - begin, sample);
    case Step::kOrderSample:
      return add_all_pairs(begin, part.fresh, sample);
    case Step::kSplit:
    case Step::kSplitAndSample:
      const uint32_t known = std::max(sample, 1u);
      add_run(begin + known, end - begin - known, begin + sample / 2);
      return add_all_pairs(begin + known, part.fresh, 0);
  }
}

const std::vector<CompareRun>& QuicksortPlan::batch() {
  runs_.clear();
  parts_.clear();
  comparisons_ = 0;
  for (const Segment& segment : segments_) {
    parts_.push_back(plan_segment(segment));
    add_runs(segment, parts_.back());
  }
  return runs_;
}

// Ranks by counting: row i has as many lesser rows as pairs say. bit(j < i) of pair (j, i) stands where
// add_all_pairs put it.
std::span<const uint16_t> QuicksortPlan::sort_pairs(uint32_t count, uint32_t known, uint64_t bit) {
  std::array<uint16_t, kLargestSample> rank;
  for (uint32_t i = 0; i < count; ++i) rank[i] = static_cast<uint16_t>(i < known ? i : 0);
  for (uint32_t i = std::max(known, 1u); i < count; ++i) {
    for (uint32_t j = 0; j < i; ++j) {
      const uint16_t less = bit_at(bits_, bit++) ? 1 : 0;
      rank[i] = static_cast<uint16_t>(rank[i] + less);
      rank[j] = static_cast<uint16_t>(rank[j] + 1 - less);
    }
  }
  constexpr uint16_t kNone = 0xffff;
  std::fill_n(sorted_.begin(), count, kNone);
  for (uint32_t i = 0; i < count; ++i) sorted_[rank[i]] = static_cast<uint16_t>(i);
  const auto end = sorted_.begin() + count;
  if (std::find(sorted_.begin(), end, kNone) != end) {
    consistent_ = false;
    std::iota(sorted_.begin(), end, uint16_t{0});
  }
  return {sorted_.data(), count};
}

void QuicksortPlan::move_small(uint32_t first, std::span<const uint16_t> rows, RowMoves& moves) {
  moves.small.push_back({first, static_cast<uint32_t>(rows.size()), moves.orders.size()});
  moves.orders.insert(moves.orders.end(), rows.begin(), rows.end());
}

// The fresh sample joins the rows whose side is known: lesser fresh rows in order, then the older lesser
// ones, pivot, greater fresh rows in order, older greater ones.
void QuicksortPlan::split_and_sample(const Segment& segment, const Part& part, RowMoves& moves) {
  const auto [begin, end, sample] = segment;
  const uint32_t known = std::max(sample, 1u);
  const uint64_t rest = end - begin - known;
  const std::span<const uint16_t> fresh = sort_pairs(part.fresh, 0, part.bit + rest);
  const auto lesser = static_cast<uint32_t>(count_ones(bits_, part.bit, part.fresh));
  for (uint32_t i = 0; i < part.fresh; ++i) {
    consistent_ = consistent_ && bit_at(bits_, part.bit + fresh[i]) == (i < lesser);
  }
  std::vector<uint16_t> rows;
  const auto old_rows = [&](uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) rows.push_back(static_cast<uint16_t>(i));
  };
  const auto fresh_rows = [&](uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) rows.push_back(static_cast<uint16_t>(known + fresh[i]));
  };
  fresh_rows(0, lesser);
  old_rows(0, sample / 2 + 1);
  fresh_rows(lesser, part.fresh);
  old_rows(sample / 2 + 1, known);
  move_small(begin, rows, moves);
  const uint32_t lower = lesser + sample / 2;
  const uint32_t upper = known + part.fresh - 1 - lower;
  const uint64_t bit = part.bit + part.fresh;
  moves.splits.push_back({begin, lower, upper, end, bit});
  const uint32_t pivot = begin + lower + static_cast<uint32_t>(count_ones(bits_, bit, rest - part.fresh));
  keep(begin, pivot, lesser);
  keep(pivot + 1, end, part.fresh - lesser);
}

void QuicksortPlan::split(const Segment& segment, const Part& part, RowMoves& moves) {
  const auto [begin, end, sample] = segment;
  const uint32_t known = std::max(sample, 1u);
  const uint32_t lower = sample / 2;
  const uint32_t upper = known - 1 - lower;
  moves.splits.push_back({begin, lower, upper, end, part.bit});
  const uint32_t pivot =
      begin + lower + static_cast<uint32_t>(count_ones(bits_, part.bit, end - begin - known));
  keep(begin, pivot, lower);
  keep(pivot + 1, end, upper);
}

RowMoves QuicksortPlan::advance(std::span<const uint64_t> bits) {
  RowMoves moves;
  bits_ = bits;
  next_.clear();
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    const Part& part = parts_[i];
    switch (part.step) {
      case Step::kAllPairs:
        move_small(segment.begin, sort_pairs(segment.end - segment.begin, segment.sample, part.bit), moves);
        break;
      case Step::kOrderSample:
        move_small(segment.begin, sort_pairs(part.fresh, segment.sample, part.bit), moves);
        keep(segment.begin, segment.end, part.fresh);
        break;
      case Step::kSplit:
        split(segment, part, moves);
        break;
      case Step::kSplitAndSample:
        split_and_sample(segment, part, moves);
        break;
    }
  }
  segments_.swap(next_);
  bits_ = {};
  return moves;
}

SortEffort sort_effort_expected(uint64_t rows) {
  const auto n = static_cast<double>(rows);
  if (rows <= QuicksortPlan::kSmallSegment) return {n * (n - 1) / 2, rows < 2 ? 0u : 1u};
  constexpr size_t kFirst = 3;  // log2(rows) of the first entry
  constexpr std::array kPerRow = {3.5,    4.053,  5.083,  6.313,  7.529,  8.742,  9.912,
                                  11.061, 12.215, 13.014, 14.077, 15.161, 16.199, 17.244,
                                  18.296, 19.303, 20.356, 21.363, 22.379, 23.368, 24.390};
  constexpr std::array kBatches = {1.0,  3.1,  5.2,  7.1,  9.2,  11.2, 13.1, 15.0, 16.9, 19.1, 20.9,
                                   22.5, 23.8, 25.6, 27.3, 28.0, 29.8, 31.5, 32.0, 35.0, 36.0};
  const double place = std::log2(n) - kFirst;
  const size_t at = std::min(static_cast<size_t>(place), kPerRow.size() - 2);
  const double part = place - static_cast<double>(at);  // beyond the table: along its last step
  const auto between = [&](const auto& table) { return table[at] + part * (table[at + 1] - table[at]); };
  return {n * between(kPerRow), static_cast<uint64_t>(std::lround(between(kBatches)))};
}

SortEffort sort_effort_bound(uint64_t rows) {
  if (rows <= QuicksortPlan::kSmallSegment) return sort_effort_expected(rows);
  constexpr double kFailureBits = 40;
  const auto n = static_cast<double>(rows);
  double batches = n;
  for (double t = 2; t <= 12; ++t) {
    batches = std::min(batches, (t * std::log2(n) + kFailureBits) / std::log2((t + 1) / 2));
  }
  batches = std::ceil(batches) + 2;  // the first sample, the all-pairs step
  const double excess = kFailureBits / (2 * std::log2(n) * std::log(std::log(n)));
  const double comparisons = std::min(n * n, sort_effort_expected(rows).comparisons * (1 + excess));
  // Each batch may fill a last word of 64.
  return {comparisons + 64 * batches, static_cast<uint64_t>(batches)};
}

}  // namespace sluis::oblivious
