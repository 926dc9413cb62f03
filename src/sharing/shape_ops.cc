// Shapes: slices, concatenations, shifts, even and odd rows.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/secret.h"
#include "sharing/bit_kernels.h"
#include "sharing/bits_ops.h"

namespace sluis::sharing {
namespace {

constexpr size_t kHalfBlockWords = kBlockWords / 2;

// The 64 bits of a plane from `row` on; bits past the plane's last word are zero.
uint64_t bits_at(const Bits& x, size_t plane, size_t row) {
  const auto word = [&](size_t w) {
    return w < x.row_words() ? x.run(w / kBlockWords, plane)[w % kBlockWords] : uint64_t{0};
  };
  const size_t shift = row % 64;
  const uint64_t low = word(row / 64) >> shift;
  return shift == 0 ? low : low | word(row / 64 + 1) << (64 - shift);
}

// Rows src_first.. of src into the words of dst from row dst_first on, both multiples of 64: whole words.
void copy_whole_words(Bits& dst, size_t dst_first, const Bits& src, size_t src_first, size_t words) {
  for (size_t p = 0; p < dst.planes(); ++p) {
    size_t d = dst_first / 64, s = src_first / 64;
    for (size_t left = words; left > 0;) {
      const size_t n = std::min({left, kBlockWords - d % kBlockWords, kBlockWords - s % kBlockWords});
      std::memcpy(dst.run(d / kBlockWords, p).data() + d % kBlockWords,
                  src.run(s / kBlockWords, p).data() + s % kBlockWords, 8 * n);
      d += n;
      s += n;
      left -= n;
    }
  }
}

// ORs `count` rows of src, from src_first on, into the zero rows of dst from dst_first on.
void copy_rows(Bits& dst, size_t dst_first, const Bits& src, size_t src_first, size_t count) {
  CHECK(dst.planes() == src.planes() && src_first + count <= src.rows() && dst_first + count <= dst.rows());
  if (dst_first % 64 == 0 && src_first % 64 == 0) {
    copy_whole_words(dst, dst_first, src, src_first, count / 64);
    const size_t done = count / 64 * 64;
    dst_first += done;
    src_first += done;
    count -= done;
  }
  while (count > 0) {  // one word of dst at a time
    const size_t offset = dst_first % 64;
    const size_t n = std::min(count, 64 - offset);
    const uint64_t mask = n == 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1;
    const size_t w = dst_first / 64;
    for (size_t p = 0; p < dst.planes(); ++p)
      dst.run(w / kBlockWords, p)[w % kBlockWords] |= (bits_at(src, p, src_first) & mask) << offset;
    dst_first += n;
    src_first += n;
    count -= n;
  }
}

template <typename F>
SharedBits on_both(const SharedBits& x, F f) {
  SharedBits z;
  z.own = f(x.own);
  z.next = f(x.next);
  return z;
}

template <Bits SharedBits::* member>
std::vector<const Bits*> members(std::span<const SharedBits* const> parts) {
  std::vector<const Bits*> out;
  for (const SharedBits* part : parts) out.push_back(&(part->*member));
  return out;
}

}  // namespace

void clear_tail(Bits& x) {
  const size_t used = x.rows() % 64;
  if (used == 0) return;
  const size_t block = x.blocks() - 1;
  for (size_t p = 0; p < x.planes(); ++p) x.run(block, p).back() &= (uint64_t{1} << used) - 1;
}

Bits slice_planes(const Bits& x, size_t first, size_t count) {
  CHECK(first + count <= x.planes());
  Bits z = Bits::unset(x.rows(), count);
  if (count == 0) return z;
  for (size_t b = 0; b < x.blocks(); ++b)
    std::memcpy(z.run(b, 0).data(), x.run(b, first).data(), 8 * count * x.block_words(b));
  return z;
}

Bits concat_planes(std::span<const Bits* const> parts) {
  size_t planes = 0;
  for (const Bits* part : parts) {
    CHECK(part->rows() == parts[0]->rows());
    planes += part->planes();
  }
  Bits z = Bits::unset(parts.empty() ? 0 : parts[0]->rows(), planes);
  size_t at = 0;
  for (const Bits* part : parts) {
    for (size_t b = 0; part->planes() > 0 && b < z.blocks(); ++b)
      std::memcpy(z.run(b, at).data(), part->run(b, 0).data(), 8 * part->planes() * z.block_words(b));
    at += part->planes();
  }
  return z;
}

void put_planes(Bits& x, size_t first, const Bits& y) {
  CHECK(x.rows() == y.rows() && first + y.planes() <= x.planes());
  for (size_t b = 0; y.planes() > 0 && b < x.blocks(); ++b)
    std::memcpy(x.run(b, first).data(), y.run(b, 0).data(), 8 * y.planes() * x.block_words(b));
}

Bits broadcast_plane(const Bits& x, size_t planes) {
  CHECK(x.planes() == 1);
  Bits z = Bits::unset(x.rows(), planes);
  for (size_t b = 0; b < z.blocks(); ++b)
    for (size_t p = 0; p < planes; ++p) std::ranges::copy(x.run(b, 0), z.run(b, p).begin());
  return z;
}

Bits slice_rows(const Bits& x, size_t first, size_t count) {
  Bits z(count, x.planes());
  copy_rows(z, 0, x, first, count);
  return z;
}

Bits concat_rows(std::span<const Bits* const> parts) {
  size_t rows = 0;
  for (const Bits* part : parts) {
    CHECK(part->planes() == parts[0]->planes());
    rows += part->rows();
  }
  Bits z(rows, parts.empty() ? 0 : parts[0]->planes());
  size_t at = 0;
  for (const Bits* part : parts) {
    copy_rows(z, at, *part, 0, part->rows());
    at += part->rows();
  }
  return z;
}

Bits shift_down(const Bits& x) {
  Bits z = Bits::unset(x.rows(), x.planes());
  std::vector<uint64_t> before(x.planes());  // last word of each plane's previous block
  for (size_t b = 0; b < x.blocks(); ++b)
    for (size_t p = 0; p < x.planes(); ++p) {
      const auto in = x.run(b, p);
      const auto out = z.run(b, p);
      out[0] = in[0] << 1 | before[p] >> 63;
      for (size_t w = 1; w < in.size(); ++w) out[w] = in[w] << 1 | in[w - 1] >> 63;
      before[p] = in.back();
    }
  secure_wipe(before.data(), 8 * before.size());
  return z;
}

Bits shift_up(const Bits& x) {
  Bits z = Bits::unset(x.rows(), x.planes());
  if (x.rows() == 0) return z;
  std::vector<uint64_t> after(x.planes());  // first word of each plane's next block
  for (size_t b = x.blocks(); b-- > 0;)
    for (size_t p = 0; p < x.planes(); ++p) {
      const auto in = x.run(b, p);
      const auto out = z.run(b, p);
      for (size_t w = 0; w + 1 < in.size(); ++w) out[w] = in[w] >> 1 | in[w + 1] << 63;
      out.back() = in.back() >> 1 | after[p] << 63;
      after[p] = in[0];
    }
  secure_wipe(after.data(), 8 * after.size());
  const uint64_t last = uint64_t{1} << (x.rows() - 1) % 64;  // this row becomes zero, and so does the tail
  for (size_t p = 0; p < x.planes(); ++p) z.run(z.blocks() - 1, p).back() &= last - 1;
  return z;
}

static Bits every_second_row(const Bits& x, bool odd) {
  const auto kernel = odd ? bit_kernels().odd_bits : bit_kernels().even_bits;
  Bits z = Bits::unset((x.rows() + (odd ? 0 : 1)) / 2, x.planes());
  std::array<uint64_t, kBlockWords> in{};
  for (size_t b = 0; b < x.blocks(); ++b) {
    const size_t at = b % 2 * kHalfBlockWords;  // where block b's half starts in block b / 2 of z
    if (b / 2 >= z.blocks() || z.block_words(b / 2) <= at) continue;
    const size_t out_words = std::min(kHalfBlockWords, z.block_words(b / 2) - at);
    for (size_t p = 0; p < x.planes(); ++p) {
      const auto run = x.run(b, p);
      std::ranges::copy(run, in.begin());
      std::fill(in.begin() + static_cast<ptrdiff_t>(run.size()), in.end(), 0);
      kernel(in.data(), z.run(b / 2, p).data() + at, out_words);
    }
  }
  return z;
}

Bits even_rows(const Bits& x) { return every_second_row(x, false); }
Bits odd_rows(const Bits& x) { return every_second_row(x, true); }

Bits interleave(const Bits& even, const Bits& odd) {
  CHECK(even.planes() == odd.planes());
  CHECK(even.rows() == odd.rows() || even.rows() == odd.rows() + 1);
  Bits z = Bits::unset(even.rows() + odd.rows(), even.planes());
  std::array<std::array<uint64_t, kHalfBlockWords>, 2> in{};
  std::array<uint64_t, kBlockWords> out{};
  for (size_t b = 0; b < z.blocks(); ++b) {
    const size_t at = b % 2 * kHalfBlockWords;
    for (size_t p = 0; p < z.planes(); ++p) {
      for (size_t side = 0; side < 2; ++side) {
        const Bits& half = side == 0 ? even : odd;
        in[side].fill(0);
        if (b / 2 >= half.blocks() || half.block_words(b / 2) <= at) continue;
        const auto run = half.run(b / 2, p).subspan(at);
        std::copy_n(run.begin(), std::min(run.size(), kHalfBlockWords), in[side].begin());
      }
      bit_kernels().interleave(in[0].data(), in[1].data(), out.data(), kHalfBlockWords);
      std::copy_n(out.begin(), z.block_words(b), z.run(b, p).begin());
    }
  }
  return z;
}

Bits extend(const Bits& x, size_t planes, bool copy_top) {
  CHECK(planes >= x.planes() && (x.planes() > 0 || !copy_top));
  Bits z(x.rows(), planes);
  for (size_t b = 0; x.planes() > 0 && b < x.blocks(); ++b) {
    std::memcpy(z.run(b, 0).data(), x.run(b, 0).data(), 8 * x.planes() * x.block_words(b));
    for (size_t p = x.planes(); copy_top && p < planes; ++p)
      std::ranges::copy(x.run(b, x.planes() - 1), z.run(b, p).begin());
  }
  return z;
}

SharedBits slice_planes(const SharedBits& x, size_t first, size_t count) {
  return on_both(x, [&](const Bits& b) { return slice_planes(b, first, count); });
}
void put_planes(SharedBits& x, size_t first, const SharedBits& y) {
  put_planes(x.own, first, y.own);
  put_planes(x.next, first, y.next);
}
SharedBits concat_planes(std::span<const SharedBits* const> parts) {
  SharedBits z;
  z.own = concat_planes(members<&SharedBits::own>(parts));
  z.next = concat_planes(members<&SharedBits::next>(parts));
  return z;
}
SharedBits concat_planes(std::initializer_list<const SharedBits*> parts) {
  return concat_planes(std::span<const SharedBits* const>(parts.begin(), parts.size()));
}
SharedBits broadcast_plane(const SharedBits& x, size_t planes) {
  return on_both(x, [&](const Bits& b) { return broadcast_plane(b, planes); });
}
SharedBits slice_rows(const SharedBits& x, size_t first, size_t count) {
  return on_both(x, [&](const Bits& b) { return slice_rows(b, first, count); });
}
SharedBits concat_rows(std::span<const SharedBits* const> parts) {
  SharedBits z;
  z.own = concat_rows(members<&SharedBits::own>(parts));
  z.next = concat_rows(members<&SharedBits::next>(parts));
  return z;
}
SharedBits concat_rows(std::initializer_list<const SharedBits*> parts) {
  return concat_rows(std::span<const SharedBits* const>(parts.begin(), parts.size()));
}
SharedBits shift_down(const SharedBits& x) {
  return on_both(x, [](const Bits& b) { return shift_down(b); });
}
SharedBits shift_up(const SharedBits& x) {
  return on_both(x, [](const Bits& b) { return shift_up(b); });
}
SharedBits even_rows(const SharedBits& x) {
  return on_both(x, [](const Bits& b) { return even_rows(b); });
}
SharedBits odd_rows(const SharedBits& x) {
  return on_both(x, [](const Bits& b) { return odd_rows(b); });
}
SharedBits interleave(const SharedBits& even, const SharedBits& odd) {
  SharedBits z;
  z.own = interleave(even.own, odd.own);
  z.next = interleave(even.next, odd.next);
  return z;
}
SharedBits extend(const SharedBits& x, size_t planes, bool copy_top) {
  return on_both(x, [&](const Bits& b) { return extend(b, planes, copy_top); });
}

}  // namespace sluis::sharing
