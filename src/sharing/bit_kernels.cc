#include "sharing/bit_kernels.h"

#include <cstdlib>
#include <string_view>

namespace sluis::sharing {

extern const BitKernels kBitKernelsBase;
#ifdef SLUIS_X86_KERNELS
extern const BitKernels kBitKernelsAvx2;
extern const BitKernels kBitKernelsAvx512;
#endif

namespace {

const BitKernels& choose() {
#ifdef SLUIS_X86_KERNELS
  const char* wanted = std::getenv("SLUIS_ISA");
  const std::string_view most = wanted == nullptr ? "avx512" : wanted;
  const bool may_avx512 = most != "base" && most != "avx2" && most != "vaes";
  if (may_avx512 && __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("gfni"))
    return kBitKernelsAvx512;
  if (most != "base" && __builtin_cpu_supports("avx2")) return kBitKernelsAvx2;
#endif
  return kBitKernelsBase;
}

}  // namespace

const BitKernels& bit_kernels() {
  static const BitKernels& chosen = choose();
  return chosen;
}

}  // namespace sluis::sharing
