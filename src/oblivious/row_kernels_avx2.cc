// AVX2 level: rows are brought to the front four or eight at a time by a permutation out of a table.
#include "oblivious/row_kernels.h"
#if defined(__AVX2__)
#include <immintrin.h>

namespace sluis::oblivious {
namespace {

// places[mask]: the lanes whose bit is 1, in order, then the others (never read).
template <unsigned kLanes>
struct Places {
  uint8_t of[1 << kLanes][8];
  constexpr Places() : of() {
    for (unsigned mask = 0; mask < 1u << kLanes; ++mask) {
      unsigned at = 0;
      for (unsigned bit = 0; bit < 2; ++bit) {
        for (unsigned lane = 0; lane < kLanes; ++lane) {
          if (((mask >> lane) & 1) == bit) continue;
          for (unsigned half = 0; half < 8 / kLanes; ++half)
            of[mask][at++] = static_cast<uint8_t>(8 / kLanes * lane + half);
        }
      }
    }
  }
};
constexpr Places<4> kPlaces4;
constexpr Places<8> kPlaces8;

inline __m256i places(const uint8_t* of) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(of)));
}

// `count` <= 8 bits from `bit` on; reads no word that holds none of them.
inline unsigned window(const uint64_t* words, uint64_t bit, unsigned count) {
  const unsigned shift = bit % 64;
  const uint64_t low = words[bit / 64] >> shift;
  const uint64_t both = shift + count <= 64 ? low : low | (words[bit / 64 + 1] << (64 - shift));
  return static_cast<unsigned>(both) & ((1u << count) - 1);
}

// A full vector may be stored at `lesser`: it lies below src, so only rows already loaded are overwritten.
template <typename T, unsigned kLanes, const Places<kLanes>& kPlaces>
inline size_t split(T* lesser, T* others, const T* src, size_t count, BitCursor bits) {
  T* const start = lesser;
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const unsigned less = window(bits.words, bits.bit + i, kLanes);
    const unsigned rest = ~less & ((1u << kLanes) - 1);
    const __m256i rows = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(src + i));
    const auto front = [&](unsigned mask) {
      return _mm256_permutevar8x32_epi32(rows, places(kPlaces.of[mask]));
    };
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lesser), front(less));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(others), front(rest));
    const auto n = static_cast<unsigned>(__builtin_popcount(less));
    lesser += n;
    others += kLanes - n;
  }
  for (; i < count; ++i) {
    const bool less = window(bits.words, bits.bit + i, 1) != 0;
    const T row = src[i];
    T*& to = less ? lesser : others;
    *to++ = row;
  }
  return static_cast<size_t>(lesser - start);
}

size_t split_64(uint64_t* lesser, uint64_t* others, const uint64_t* src, size_t count, BitCursor bits) {
  return split<uint64_t, 4, kPlaces4>(lesser, others, src, count, bits);
}

size_t split_32(uint32_t* lesser, uint32_t* others, const uint32_t* src, size_t count, BitCursor bits) {
  return split<uint32_t, 8, kPlaces8>(lesser, others, src, count, bits);
}

}  // namespace

extern const SplitKernels kSplitAvx2;
const SplitKernels kSplitAvx2 = {"avx2", split_64, split_32};

}  // namespace sluis::oblivious
#endif
