// Splitting rows by a bit vector: the local half of the sort. Run-time dispatch between AVX-512, AVX2
// and portable code; all give the same results.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluis::oblivious {

// A bit vector from one of its bits on.
struct BitCursor {
  const uint64_t* words;
  uint64_t bit;
};

// Stable split: rows whose bit is 1 go to `lesser`, the others to `others`; returns how many went to
// `lesser`. REQUIRES: lesser < src within one array (it is written in place), or no overlap and room for
// count rows; others has room for count + 16 rows and overlaps nothing.
size_t split_rows(uint64_t* lesser, uint64_t* others, const uint64_t* src, size_t count, BitCursor bits);
size_t split_rows(uint32_t* lesser, uint32_t* others, const uint32_t* src, size_t count, BitCursor bits);

// The kernels of one level. Internal, but for tests: split_rows uses the best level of this processor,
// lowered by the environment variable SLUIS_ISA = base | avx2 | vaes | avx512 (chosen once).
struct SplitKernels {
  const char* name;
  size_t (*split_64)(uint64_t* lesser, uint64_t* others, const uint64_t* src, size_t count, BitCursor bits);
  size_t (*split_32)(uint32_t* lesser, uint32_t* others, const uint32_t* src, size_t count, BitCursor bits);
};
extern const SplitKernels kSplitBase;
// Null where this processor or build lacks it.
const SplitKernels* split_kernels_avx512();
const SplitKernels* split_kernels_avx2();

}  // namespace sluis::oblivious
