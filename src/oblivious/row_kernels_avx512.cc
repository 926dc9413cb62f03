// AVX-512 level: rows are compressed eight or sixteen at a time.
#include "oblivious/row_kernels.h"
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>

namespace sluis::oblivious {
namespace {

// `count` <= 16 bits from `bit` on (the upper bits are unspecified); reads no word that holds none of them.
inline uint64_t window(const uint64_t* words, uint64_t bit, size_t count) {
  const unsigned shift = bit % 64;
  const uint64_t low = words[bit / 64] >> shift;
  return shift + count <= 64 ? low : low | (words[bit / 64 + 1] << (64 - shift));
}

// A full vector may be stored at `lesser`: it lies below src, so only rows already loaded are overwritten.
size_t split_64(uint64_t* lesser, uint64_t* others, const uint64_t* src, size_t count, BitCursor bits) {
  uint64_t* const start = lesser;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const auto less = static_cast<__mmask8>(window(bits.words, bits.bit + i, 8));
    const __m512i rows = _mm512_loadu_si512(src + i);
    _mm512_storeu_si512(lesser, _mm512_maskz_compress_epi64(less, rows));
    _mm512_storeu_si512(others, _mm512_maskz_compress_epi64(static_cast<__mmask8>(~less), rows));
    const auto n = static_cast<size_t>(__builtin_popcount(less));
    lesser += n;
    others += 8 - n;
  }
  if (i < count) {
    const auto live = static_cast<__mmask8>((1u << (count - i)) - 1);
    const auto less = static_cast<__mmask8>(window(bits.words, bits.bit + i, count - i) & live);
    const __m512i rows = _mm512_maskz_loadu_epi64(live, src + i);
    _mm512_mask_compressstoreu_epi64(lesser, less, rows);
    _mm512_mask_compressstoreu_epi64(others, static_cast<__mmask8>(live & ~less), rows);
    lesser += __builtin_popcount(less);
  }
  return static_cast<size_t>(lesser - start);
}

size_t split_32(uint32_t* lesser, uint32_t* others, const uint32_t* src, size_t count, BitCursor bits) {
  uint32_t* const start = lesser;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const auto less = static_cast<__mmask16>(window(bits.words, bits.bit + i, 16));
    const __m512i rows = _mm512_loadu_si512(src + i);
    _mm512_storeu_si512(lesser, _mm512_maskz_compress_epi32(less, rows));
    _mm512_storeu_si512(others, _mm512_maskz_compress_epi32(static_cast<__mmask16>(~less), rows));
    const auto n = static_cast<size_t>(__builtin_popcount(less));
    lesser += n;
    others += 16 - n;
  }
  if (i < count) {
    const auto live = static_cast<__mmask16>((1u << (count - i)) - 1);
    const auto less = static_cast<__mmask16>(window(bits.words, bits.bit + i, count - i) & live);
    const __m512i rows = _mm512_maskz_loadu_epi32(live, src + i);
    _mm512_mask_compressstoreu_epi32(lesser, less, rows);
    _mm512_mask_compressstoreu_epi32(others, static_cast<__mmask16>(live & ~less), rows);
    lesser += __builtin_popcount(less);
  }
  return static_cast<size_t>(lesser - start);
}

}  // namespace

extern const SplitKernels kSplitAvx512;
const SplitKernels kSplitAvx512 = {"avx512", split_64, split_32};

}  // namespace sluis::oblivious
#endif
