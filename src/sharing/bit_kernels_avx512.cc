// AVX-512 level (F, BW, VL, VBMI) with GFNI: eight 64 x 64 transpositions at a time.
#include "sharing/bit_kernels.h"
#if defined(__AVX512VBMI__) && defined(__GFNI__)
#include <immintrin.h>

#include "sharing/bit_kernels.inc"

namespace sluis::sharing {
namespace {

// out[i] quadword j = in[j] quadword i.
inline void transpose_quadwords(const __m512i* in, __m512i* out) {
  __m512i t[8], s[8];
  for (int j = 0; j < 4; ++j) {
    t[2 * j] = _mm512_unpacklo_epi64(in[2 * j], in[2 * j + 1]);
    t[2 * j + 1] = _mm512_unpackhi_epi64(in[2 * j], in[2 * j + 1]);
  }
  for (int h = 0; h < 2; ++h) {  // rows 4 h .. 4 h + 3
    s[4 * h] = _mm512_shuffle_i64x2(t[4 * h], t[4 * h + 2], 0x88);
    s[4 * h + 1] = _mm512_shuffle_i64x2(t[4 * h + 1], t[4 * h + 3], 0x88);
    s[4 * h + 2] = _mm512_shuffle_i64x2(t[4 * h], t[4 * h + 2], 0xdd);
    s[4 * h + 3] = _mm512_shuffle_i64x2(t[4 * h + 1], t[4 * h + 3], 0xdd);
  }
  for (int k = 0; k < 4; ++k) {
    out[k] = _mm512_shuffle_i64x2(s[k], s[k + 4], 0x88);
    out[k + 4] = _mm512_shuffle_i64x2(s[k], s[k + 4], 0xdd);
  }
}

struct ByteOrders {
  __m512i
      gather;  // byte 8 b + 7 - i <- byte 8 i + b: byte b of all eight words, reversed for the affine step
  __m512i spread;  // byte 8 t + j <- byte 8 j + t
};

inline ByteOrders byte_orders() {
  alignas(64) uint8_t gather[64], spread[64];
  for (unsigned i = 0; i < 8; ++i)
    for (unsigned b = 0; b < 8; ++b) {
      gather[8 * b + 7 - i] = static_cast<uint8_t>(8 * i + b);
      spread[8 * i + b] = static_cast<uint8_t>(8 * b + i);
    }
  return {_mm512_load_si512(gather), _mm512_load_si512(spread)};
}

// One 64 x 64 matrix: words 8 j .. 8 j + 7 in tile[j]. Bytes of a column of words into one quadword; 8 x 8
// bits there (the affine map of unit vectors by a matrix is that matrix, transposed); quadwords between the
// registers; bytes again.
inline void transpose_tile(const ByteOrders& orders, __m512i* tile) {
  const __m512i units = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ull));
  __m512i bits[8];
  for (int j = 0; j < 8; ++j)
    bits[j] = _mm512_gf2p8affine_epi64_epi8(units, _mm512_permutexvar_epi8(orders.gather, tile[j]), 0);
  transpose_quadwords(bits, tile);
  for (int b = 0; b < 8; ++b) tile[b] = _mm512_permutexvar_epi8(orders.spread, tile[b]);
}

inline __mmask8 first_lanes(size_t n) { return static_cast<__mmask8>((1u << n) - 1); }

void planes_to_rows(const PlaneTile& from, const RowTile& to) {
  const ByteOrders orders = byte_orders();
  __m512i tile[8][8];  // [word][octet of planes]
  for (size_t w = 0; w < from.words; w += 8) {
    const size_t n = least(8, from.words - w);
    for (size_t octet = 0; octet < 8; ++octet) {
      __m512i planes[8], words[8];
      for (size_t i = 0; i < 8; ++i) {
        const size_t p = 8 * octet + i;
        planes[i] = p < from.plane_count
                        ? _mm512_maskz_loadu_epi64(first_lanes(n), from.planes + p * from.plane_stride + w)
                        : _mm512_setzero_si512();
      }
      transpose_quadwords(planes, words);
      for (size_t v = 0; v < 8; ++v) tile[v][octet] = words[v];
    }
    for (size_t v = 0; v < n; ++v) {
      transpose_tile(orders, tile[v]);
      uint64_t* rows = to.rows + 64 * (w + v) * to.row_stride;
      if (to.row_stride == 1) {
        for (size_t j = 0; j < 8; ++j) _mm512_storeu_si512(rows + 8 * j, tile[v][j]);
      } else {
        alignas(64) uint64_t flat[64];
        for (size_t j = 0; j < 8; ++j) _mm512_store_si512(flat + 8 * j, tile[v][j]);
        for (size_t r = 0; r < 64; ++r) rows[r * to.row_stride] = flat[r];
      }
    }
  }
}

void rows_to_planes(const RowTile& from, const PlaneTile& to) {
  const ByteOrders orders = byte_orders();
  uint64_t* out = const_cast<uint64_t*>(to.planes);
  __m512i tile[8][8];  // [word][octet of planes]
  for (size_t w = 0; w < to.words; w += 8) {
    const size_t n = least(8, to.words - w);
    for (size_t v = 0; v < 8; ++v) {
      const uint64_t* rows = from.rows + 64 * (w + (v < n ? v : 0)) * from.row_stride;
      if (from.row_stride == 1) {
        for (size_t j = 0; j < 8; ++j) tile[v][j] = _mm512_loadu_si512(rows + 8 * j);
      } else {
        alignas(64) uint64_t flat[64];
        for (size_t r = 0; r < 64; ++r) flat[r] = rows[r * from.row_stride];
        for (size_t j = 0; j < 8; ++j) tile[v][j] = _mm512_load_si512(flat + 8 * j);
      }
      transpose_tile(orders, tile[v]);
    }
    for (size_t octet = 0; 8 * octet < to.plane_count; ++octet) {
      __m512i words[8], planes[8];
      for (size_t v = 0; v < 8; ++v) words[v] = tile[v][octet];
      transpose_quadwords(words, planes);
      for (size_t i = 0; i < 8 && 8 * octet + i < to.plane_count; ++i)
        _mm512_mask_storeu_epi64(out + (8 * octet + i) * to.plane_stride + w, first_lanes(n), planes[i]);
    }
  }
}

}  // namespace

extern const BitKernels kBitKernelsAvx512;
const BitKernels kBitKernelsAvx512 = {"avx512",   planes_to_rows, rows_to_planes, even_bits,  odd_bits,
                                      interleave, prefix_xor,     xor_words,      add_product};

}  // namespace sluis::sharing
#endif
