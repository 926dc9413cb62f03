// Rows <-> planes, and what works along the rows: gather, running XOR.
#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/secret.h"
#include "sharing/bit_kernels.h"
#include "sharing/bits_ops.h"

namespace sluis::sharing {
namespace {

// Below one index per this many rows, picking bits one by one beats transposing everything.
constexpr size_t kSparse = 64;

// Calls `tile(planes, rows)` for each group of 64 planes of each block; the rows of a last, partly used word
// go through a buffer, so that the row-major side needs no padding.
template <typename Tile>
void for_each_tile(const Bits& x, size_t words_per_row, Tile tile) {
  for (size_t b = 0; b < x.blocks(); ++b)
    for (size_t q = 0; q < words_per_row; ++q) {
      const size_t words = x.block_words(b);
      const PlaneTile planes = {x.run(b, 64 * q).data(), words, std::min<size_t>(64, x.planes() - 64 * q),
                                words};
      tile(planes, b * kBlockRows, q);
    }
}

Bits gather_sparse(const Bits& x, std::span<const uint32_t> index) {
  Bits z = Bits::unset(index.size(), x.planes());
  AlignedWords gathered(x.planes());
  for (size_t w = 0; w < z.row_words(); ++w) {
    std::ranges::fill(gathered, 0);
    for (size_t i = 64 * w; i < std::min(index.size(), 64 * w + 64); ++i) {
      const size_t row = index[i];
      CHECK(row < x.rows());
      const size_t block = row / kBlockRows;
      const size_t stride = x.block_words(block);
      const uint64_t* word = x.run(block, 0).data() + row % kBlockRows / 64;
      for (size_t p = 0; p < gathered.size(); ++p)
        gathered[p] |= (word[p * stride] >> row % 64 & 1) << i % 64;
    }
    for (size_t p = 0; p < gathered.size(); ++p) z.run(w / kBlockWords, p)[w % kBlockWords] = gathered[p];
  }
  return z;
}

}  // namespace

Rows to_rows(const Bits& x) {
  Rows z{x.rows(), x.planes(), {}};
  const size_t per_row = z.words_per_row();
  z.words.resize(z.rows * per_row);
  std::array<uint64_t, 64> last{};
  for_each_tile(x, per_row, [&](PlaneTile from, size_t first_row, size_t q) {
    uint64_t* rows = z.words.data() + first_row * per_row + q;
    const size_t in_last = std::min(kBlockRows, z.rows - first_row) % 64;
    if (in_last != 0) {
      const size_t w = from.words - 1;
      const PlaneTile end = {from.planes + w, from.plane_stride, from.plane_count, 1};
      bit_kernels().planes_to_rows(end, {last.data(), 1});
      for (size_t r = 0; r < in_last; ++r) rows[(64 * w + r) * per_row] = last[r];
      from.words = w;
    }
    if (from.words > 0) bit_kernels().planes_to_rows(from, {rows, per_row});
  });
  secure_wipe(last.data(), sizeof last);
  return z;
}

Bits to_planes(const Rows& x) {
  const size_t per_row = x.words_per_row();
  CHECK(x.words.size() == x.rows * per_row);
  Bits z = Bits::unset(x.rows, x.planes);
  std::array<uint64_t, 64> last{};
  for_each_tile(z, per_row, [&](PlaneTile to, size_t first_row, size_t q) {
    // The kernels only read rows.
    uint64_t* rows = const_cast<uint64_t*>(x.words.data()) + first_row * per_row + q;
    const size_t in_last = std::min(kBlockRows, x.rows - first_row) % 64;
    if (in_last != 0) {
      const size_t w = to.words - 1;
      last.fill(0);
      for (size_t r = 0; r < in_last; ++r) last[r] = rows[(64 * w + r) * per_row];
      bit_kernels().rows_to_planes({last.data(), 1}, {to.planes + w, to.plane_stride, to.plane_count, 1});
      to.words = w;
    }
    if (to.words > 0) bit_kernels().rows_to_planes({rows, per_row}, to);
  });
  secure_wipe(last.data(), sizeof last);
  return z;
}

Bits gather_rows(const Bits& x, std::span<const uint32_t> index) {
  if (index.size() < x.rows() / kSparse) return gather_sparse(x, index);
  const Rows from = to_rows(x);
  Rows to{index.size(), x.planes(), {}};
  const size_t per_row = from.words_per_row();
  to.words.resize(to.rows * per_row);
  for (size_t i = 0; i < index.size(); ++i) {
    CHECK(index[i] < x.rows());
    for (size_t q = 0; q < per_row; ++q) to.words[i * per_row + q] = from.words[index[i] * per_row + q];
  }
  return to_planes(to);
}

namespace {

void prefix_xor(const Bits& x, Bits& z) {
  AlignedWords carry(x.planes());
  for (size_t b = 0; b < x.blocks(); ++b)
    for (size_t p = 0; p < x.planes(); ++p)
      carry[p] = bit_kernels().prefix_xor(x.run(b, p).data(), z.run(b, p).data(), x.block_words(b), carry[p]);
}

}  // namespace

Bits prefix_xor(const Bits& x) {
  Bits z = Bits::unset(x.rows(), x.planes());
  prefix_xor(x, z);
  return z;
}

void prefix_xor_into(Bits& x) { prefix_xor(x, x); }

void xor_row_before_into(Bits& x) {
  for (size_t b = x.blocks(); b-- > 0;)
    for (size_t p = 0; p < x.planes(); ++p) {
      const auto run = x.run(b, p);
      for (size_t w = run.size(); --w > 0;) run[w] ^= run[w] << 1 | run[w - 1] >> 63;
      run[0] ^= run[0] << 1 | (b == 0 ? 0 : x.run(b - 1, p).back() >> 63);
    }
}

SharedBits gather_rows(const SharedBits& x, std::span<const uint32_t> index) {
  SharedBits z;
  z.own = gather_rows(x.own, index);
  z.next = gather_rows(x.next, index);
  return z;
}

SharedBits prefix_xor(const SharedBits& x) {
  SharedBits z;
  z.own = prefix_xor(x.own);
  z.next = prefix_xor(x.next);
  return z;
}

void prefix_xor_into(SharedBits& x) {
  prefix_xor_into(x.own);
  prefix_xor_into(x.next);
}

void xor_row_before_into(SharedBits& x) {
  xor_row_before_into(x.own);
  xor_row_before_into(x.next);
}

}  // namespace sluis::sharing
