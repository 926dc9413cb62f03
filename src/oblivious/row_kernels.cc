#include "oblivious/row_kernels.h"

#include <cstdlib>
#include <string_view>

namespace sluis::oblivious {

#ifdef SLUIS_X86_KERNELS
extern const SplitKernels kSplitAvx512;
extern const SplitKernels kSplitAvx2;
#endif

namespace {

// Without branches: the row is written to both sides, one of which is overwritten by the next.
template <typename T>
size_t split_portable(T* lesser, T* others, const T* src, size_t count, BitCursor bits) {
  size_t lesser_count = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t at = bits.bit + i;
    const T row = src[i];
    others[i - lesser_count] = row;
    lesser[lesser_count] = row;
    lesser_count += (bits.words[at / 64] >> (at % 64)) & 1;
  }
  return lesser_count;
}

const SplitKernels& active() {
  static const SplitKernels& chosen = []() -> const SplitKernels& {
    const char* wanted = std::getenv("SLUIS_ISA");
    const std::string_view most = wanted == nullptr ? "avx512" : wanted;
    const bool lowered = most == "base" || most == "avx2" || most == "vaes";
    const SplitKernels* wide = split_kernels_avx512();
    if (!lowered && wide != nullptr) return *wide;
    const SplitKernels* middle = split_kernels_avx2();
    return most == "base" || middle == nullptr ? kSplitBase : *middle;
  }();
  return chosen;
}

}  // namespace

const SplitKernels kSplitBase = {"base", split_portable<uint64_t>, split_portable<uint32_t>};

const SplitKernels* split_kernels_avx512() {
#ifdef SLUIS_X86_KERNELS
  if (__builtin_cpu_supports("x86-64-v4")) return &kSplitAvx512;
#endif
  return nullptr;
}

const SplitKernels* split_kernels_avx2() {
#ifdef SLUIS_X86_KERNELS
  if (__builtin_cpu_supports("avx2")) return &kSplitAvx2;
#endif
  return nullptr;
}

size_t split_rows(uint64_t* lesser, uint64_t* others, const uint64_t* src, size_t count, BitCursor bits) {
  return active().split_64(lesser, others, src, count, bits);
}

size_t split_rows(uint32_t* lesser, uint32_t* others, const uint32_t* src, size_t count, BitCursor bits) {
  return active().split_32(lesser, others, src, count, bits);
}

}  // namespace sluis::oblivious
