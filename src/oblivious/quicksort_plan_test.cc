#include "oblivious/quicksort_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "oblivious/row_kernels.h"

namespace sluis::oblivious {
namespace {

void move_plainly(std::vector<uint32_t>& rows, const RowMoves& moves, const std::vector<uint64_t>& bits) {
  for (const SmallOrder& small : moves.small) {
    const std::vector<uint32_t> before = rows;
    for (uint32_t i = 0; i < small.count; ++i) {
      rows[small.first + i] = before[small.first + moves.orders[small.order + i]];
    }
  }
  for (const Split& split : moves.splits) {
    const uint32_t known = split.lower + 1 + split.upper;
    std::vector<uint32_t> low(rows.begin() + split.begin, rows.begin() + split.begin + split.lower), high;
    for (uint32_t i = split.begin + split.lower; i < split.begin + known; ++i) high.push_back(rows[i]);
    for (uint32_t i = split.begin + known; i < split.end; ++i) {
      (bit_at(bits, split.bit + (i - split.begin - known)) ? low : high).push_back(rows[i]);
    }
    std::ranges::copy(low, rows.begin() + split.begin);
    std::ranges::copy(high, rows.begin() + split.begin + static_cast<ptrdiff_t>(low.size()));
  }
}

struct Effort {
  uint64_t comparisons = 0, batches = 0;
  bool sorted = true;
};

Effort sort_plainly(uint32_t rows, uint64_t seed) {
  std::vector<uint32_t> keys(rows);
  std::iota(keys.begin(), keys.end(), 0u);
  std::mt19937_64 random(seed);
  std::shuffle(keys.begin(), keys.end(), random);
  QuicksortPlan plan(rows);
  Effort run;
  while (!plan.done()) {
    std::vector<uint64_t> bits;
    uint64_t at = 0;
    for (const CompareRun& compare : plan.batch()) {
      for (uint32_t i = 0; i < compare.count; ++i, ++at) {
        if (at / 64 >= bits.size()) bits.push_back(0);
        bits[at / 64] |= uint64_t{keys[compare.first + i] < keys[compare.against]} << (at % 64);
      }
    }
    EXPECT_EQ(at, plan.comparisons());
    run.comparisons += at;
    ++run.batches;
    const RowMoves moves = plan.advance(bits);
    move_plainly(keys, moves, bits);
  }
  EXPECT_TRUE(plan.consistent());
  run.sorted = std::ranges::is_sorted(keys);
  return run;
}

TEST(QuicksortPlan, SortsEverySize) {
  for (uint32_t rows = 0; rows <= 200; ++rows) {
    for (uint64_t seed = 0; seed < 5; ++seed) EXPECT_TRUE(sort_plainly(rows, seed).sorted) << rows;
  }
  for (const uint32_t rows : {4095u, 4096u, 4097u, 10'000u, 100'000u}) {
    EXPECT_TRUE(sort_plainly(rows, rows).sorted) << rows;
  }
}

TEST(QuicksortPlan, EffortIsWhatTheCostModelSays) {
  for (const uint32_t rows : {5u, 8u, 9u, 24u, 100u, 700u, 5'000u, 60'000u}) {
    const int runs = rows < 1000 ? 200 : 8;
    double comparisons = 0, batches = 0;
    const SortEffort bound = sort_effort_bound(rows), expected = sort_effort_expected(rows);
    for (int i = 0; i < runs; ++i) {
      const Effort run = sort_plainly(rows, static_cast<uint64_t>(i));
      EXPECT_LE(run.comparisons, bound.comparisons) << rows;
      EXPECT_LE(run.batches, bound.batches) << rows;
      comparisons += static_cast<double>(run.comparisons) / runs;
      batches += static_cast<double>(run.batches) / runs;
    }
    EXPECT_NEAR(comparisons / expected.comparisons, 1, rows < 16 ? 0.2 : 0.05) << rows;
    EXPECT_NEAR(batches, static_cast<double>(expected.batches), 1.1) << rows;
  }
}

TEST(QuicksortPlan, BitsThatNoOrderGivesAreNoticed) {
  for (const uint32_t rows : {3u, 8u, 500u, 6'000u}) {
    std::mt19937_64 random(rows);
    QuicksortPlan plan(rows);
    std::vector<uint32_t> places(rows);
    std::iota(places.begin(), places.end(), 0u);
    int steps = 0;
    for (; !plan.done() && plan.consistent(); ++steps) {
      plan.batch();
      std::vector<uint64_t> bits(plan.comparisons() / 64 + 1);
      for (uint64_t& word : bits) word = steps == 0 && rows == 3 ? 0b010 : random();
      const RowMoves moves = plan.advance(bits);
      if (plan.consistent()) move_plainly(places, moves, bits);
    }
    EXPECT_FALSE(plan.consistent()) << rows;
  }
}

template <typename T>
void check_split(const SplitKernels& kernels, uint64_t seed) {
  std::mt19937_64 random(seed);
  const size_t count = random() % 200, offset = random() % 130, gap = 1 + random() % 5;
  std::vector<uint64_t> bits((offset + count) / 64 + 1);
  for (uint64_t& word : bits) word = seed % 4 == 0 ? 0 : seed % 4 == 1 ? ~uint64_t{0} : random();
  bits.resize((offset + count + 63) / 64);  // not one word more than needed
  std::vector<T> rows(gap + count), low, high;
  for (T& row : rows) row = static_cast<T>(random());
  for (size_t i = 0; i < count; ++i) (bit_at(bits, offset + i) ? low : high).push_back(rows[gap + i]);
  std::vector<T> others(count + 16);
  const BitCursor cursor{bits.data(), offset};
  size_t lesser = 0;
  if constexpr (sizeof(T) == 8) {
    lesser = kernels.split_64(rows.data(), others.data(), rows.data() + gap, count, cursor);
  } else {
    lesser = kernels.split_32(rows.data(), others.data(), rows.data() + gap, count, cursor);
  }
  ASSERT_EQ(lesser, low.size());
  EXPECT_TRUE(std::equal(low.begin(), low.end(), rows.begin()));
  EXPECT_TRUE(std::equal(high.begin(), high.end(), others.begin()));
}

TEST(SplitRows, EveryLevelEqualsThePlainLoop) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    check_split<uint64_t>(kSplitBase, seed);
    check_split<uint32_t>(kSplitBase, seed);
    if (const SplitKernels* middle = split_kernels_avx2()) {
      check_split<uint64_t>(*middle, seed);
      check_split<uint32_t>(*middle, seed);
    }
    if (const SplitKernels* wide = split_kernels_avx512()) {
      check_split<uint64_t>(*wide, seed);
      check_split<uint32_t>(*wide, seed);
    }
  }
}

}  // namespace
}  // namespace sluis::oblivious
