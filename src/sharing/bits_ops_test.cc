#include "sharing/bits_ops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluis::sharing {
namespace {

// Row counts on both sides of words and blocks.
const size_t kRows[] = {0,    1,    2,    63,   64,   65,   127,  128,  129,  130,
                        2047, 2048, 4095, 4096, 4097, 4160, 8191, 8192, 8193, 10001};
const size_t kPlanes[] = {0, 1, 2, 7, 63, 64, 65, 130};

// Random bits everywhere, also past the last row: results must not depend on the tail.
Bits random_bits(size_t rows, size_t planes, uint64_t seed) {
  std::mt19937_64 engine(seed * 1'000'003 + rows * 131 + planes);
  Bits x(rows, planes);
  for (uint64_t& word : x.words()) word = engine();
  return x;
}

template <typename Expected>
void expect_bits(const Bits& z, size_t rows, size_t planes, Expected expected, const char* what) {
  ASSERT_EQ(z.rows(), rows) << what;
  ASSERT_EQ(z.planes(), planes) << what;
  for (size_t r = 0; r < rows; ++r)
    for (size_t p = 0; p < planes; ++p)
      ASSERT_EQ(z.get(r, p), expected(r, p)) << what << " rows " << rows << " row " << r << " plane " << p;
}

TEST(BitsOps, ShapesAgreeWithPlainLoops) {
  for (size_t n : kRows)
    for (size_t planes : {size_t{0}, size_t{1}, size_t{5}, size_t{66}}) {
      const Bits x = random_bits(n, planes, 1);
      expect_bits(
          shift_down(x), n, planes, [&](size_t r, size_t p) { return r > 0 && x.get(r - 1, p); }, "down");
      expect_bits(
          shift_up(x), n, planes, [&](size_t r, size_t p) { return r + 1 < n && x.get(r + 1, p); }, "up");
      expect_bits(
          even_rows(x), (n + 1) / 2, planes, [&](size_t r, size_t p) { return x.get(2 * r, p); }, "even");
      expect_bits(odd_rows(x), n / 2, planes, [&](size_t r, size_t p) { return x.get(2 * r + 1, p); }, "odd");
      expect_bits(
          interleave(even_rows(x), odd_rows(x)), n, planes, [&](size_t r, size_t p) { return x.get(r, p); },
          "interleave");
      expect_bits(
          extend(x, planes + 3, false), n, planes + 3,
          [&](size_t r, size_t p) { return p < planes && x.get(r, p); }, "zero extend");
      if (planes > 0)
        expect_bits(
            extend(x, planes + 3, true), n, planes + 3,
            [&](size_t r, size_t p) { return x.get(r, std::min(p, planes - 1)); }, "sign extend");
    }
}

TEST(BitsOps, SlicesAndConcatenationsAreInverse) {
  for (size_t n : kRows)
    for (size_t first : {size_t{0}, size_t{1}, size_t{64}, size_t{100}, size_t{4096}, size_t{5000}}) {
      if (first > n) continue;
      const Bits x = random_bits(n, 3, 2);
      const Bits head = slice_rows(x, 0, first), tail = slice_rows(x, first, n - first);
      expect_bits(tail, n - first, 3, [&](size_t r, size_t p) { return x.get(first + r, p); }, "slice");
      const Bits* parts[] = {&head, &tail};
      expect_bits(concat_rows(parts), n, 3, [&](size_t r, size_t p) { return x.get(r, p); }, "concat rows");
    }
  const Bits x = random_bits(4200, 9, 3);
  const Bits low = slice_planes(x, 0, 4), none = slice_planes(x, 4, 0), high = slice_planes(x, 4, 5);
  const Bits* parts[] = {&low, &none, &high};
  expect_bits(
      concat_planes(parts), 4200, 9, [&](size_t r, size_t p) { return x.get(r, p); }, "concat planes");
  expect_bits(
      broadcast_plane(slice_planes(x, 2, 1), 4), 4200, 4, [&](size_t r, size_t) { return x.get(r, 2); },
      "broadcast");
}

// A slice must not carry the rows beside it in its tail: the tail is sent when the slice is opened.
TEST(BitsOps, RowSlicesHaveAZeroTail) {
  const Bits x = random_bits(5000, 3, 4);
  for (size_t count : {size_t{1}, size_t{10}, size_t{65}, size_t{4100}}) {
    for (size_t first : {size_t{0}, size_t{3}, size_t{64}}) {
      const Bits z = slice_rows(x, first, count);
      for (size_t p = 0; p < 3; ++p) EXPECT_EQ(z.run(z.blocks() - 1, p).back() >> count % 64, 0u);
    }
  }
  Bits y = random_bits(70, 2, 5);
  clear_tail(y);
  EXPECT_EQ(y.run(0, 0)[1] >> 6, 0u);
  EXPECT_EQ(y.run(0, 1)[1] >> 6, 0u);
}

TEST(BitsOps, GatherPicksRowsDenseAndSparse) {
  std::mt19937 engine(6);
  for (size_t n : {size_t{1}, size_t{65}, size_t{4097}, size_t{20000}})
    for (size_t planes : {size_t{1}, size_t{64}, size_t{70}})
      for (size_t m : {size_t{0}, size_t{1}, size_t{67}, n}) {
        const Bits x = random_bits(n, planes, 7);
        std::vector<uint32_t> index(m);
        for (uint32_t& i : index) i = static_cast<uint32_t>(engine() % n);
        expect_bits(
            gather_rows(x, index), m, planes, [&](size_t r, size_t p) { return x.get(index[r], p); },
            "gather");
      }
}

TEST(BitsOps, PrefixXorRunsOverAllBlocks) {
  for (size_t n : kRows) {
    const Bits x = random_bits(n, 3, 8);
    const Bits z = prefix_xor(x);
    std::array<bool, 3> sum{};
    for (size_t r = 0; r < n; ++r)
      for (size_t p = 0; p < 3; ++p) ASSERT_EQ(z.get(r, p), sum[p] = sum[p] != x.get(r, p)) << n << " " << r;
  }
}

TEST(BitsOps, InPlaceFormsEqualTheOthers) {
  for (const size_t rows : {size_t{1}, size_t{64}, size_t{4096}, size_t{8200}}) {
    const Bits x = random_bits(rows, 9, rows);
    Bits difference = x, running = x, replaced = x;
    xor_row_before_into(difference);
    prefix_xor_into(running);
    const Bits prefix = prefix_xor(x), other = random_bits(rows, 3, rows + 1);
    put_planes(replaced, 4, other);
    for (size_t r = 0; r < rows; ++r)
      for (size_t p = 0; p < 9; ++p) {
        ASSERT_EQ(difference.get(r, p), x.get(r, p) != (r > 0 && x.get(r - 1, p))) << rows << " " << r;
        ASSERT_EQ(running.get(r, p), prefix.get(r, p));
        ASSERT_EQ(replaced.get(r, p), p >= 4 && p < 7 ? other.get(r, p - 4) : x.get(r, p));
      }
    prefix_xor_into(difference);  // undone
    for (size_t r = 0; r < rows; ++r)
      for (size_t p = 0; p < 9; ++p) ASSERT_EQ(difference.get(r, p), x.get(r, p));
  }
}

TEST(BitsOps, RowsAndPlanesAreTransposed) {
  for (size_t n : kRows)
    for (size_t planes : kPlanes) {
      const Bits x = random_bits(n, planes, 9);
      const Rows rows = to_rows(x);
      ASSERT_EQ(rows.words.size(), n * ((planes + 63) / 64));
      for (size_t r = 0; r < n; ++r)
        for (size_t p = 0; p < 64 * rows.words_per_row(); ++p)
          ASSERT_EQ(rows.words[r * rows.words_per_row() + p / 64] >> p % 64 & 1, p < planes && x.get(r, p))
              << n << " x " << planes << ": row " << r << " plane " << p;
      expect_bits(to_planes(rows), n, planes, [&](size_t r, size_t p) { return x.get(r, p); }, "planes");
    }
}

TEST(BitsOps, LinearGatesActOnShareZeroOnly) {
  const size_t n = 4100;
  std::array<SharedBits, 3> x;
  std::array<Bits, 3> share = {random_bits(n, 3, 10), random_bits(n, 3, 11), random_bits(n, 3, 12)};
  for (size_t i = 0; i < 3; ++i) {
    x[i].own = share[i];
    x[i].next = share[(i + 1) % 3];
  }
  const auto value = [](const std::array<SharedBits, 3>& s, size_t r, size_t p) {
    return s[0].own.get(r, p) != (s[1].own.get(r, p) != s[2].own.get(r, p));
  };
  const Bits clear = random_bits(n, 3, 13);
  std::array<SharedBits, 3> inverted, masked, added, constant, kept, shared, both;
  for (size_t i = 0; i < 3; ++i) {
    const int party = static_cast<int>(i);
    inverted[i] = not_(party, x[i]);
    added[i] = xor_public(party, x[i], clear);
    constant[i] = share_constant(party, n, 3, 5);
    kept[i] = and_public(x[i], 6);
    shared[i] = share_public(party, clear);
    both[i] = xor_(x[i], inverted[i]);
  }
  for (size_t i = 0; i < 3; ++i)
    for (const auto* s : {&inverted, &added, &constant, &kept, &shared, &both})
      EXPECT_TRUE(std::ranges::equal((*s)[i].next.words(), (*s)[(i + 1) % 3].own.words()));
  for (size_t r = 0; r < n; ++r)
    for (size_t p = 0; p < 3; ++p) {
      ASSERT_EQ(value(inverted, r, p), !value(x, r, p));
      ASSERT_EQ(value(added, r, p), value(x, r, p) != clear.get(r, p));
      ASSERT_EQ(value(constant, r, p), (5 >> p & 1) != 0);
      ASSERT_EQ(value(kept, r, p), p > 0 && value(x, r, p));
      ASSERT_EQ(value(shared, r, p), clear.get(r, p));
      ASSERT_TRUE(value(both, r, p));
    }
}

}  // namespace
}  // namespace sluis::sharing
