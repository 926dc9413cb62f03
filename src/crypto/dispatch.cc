#include <cstdlib>
#include <string_view>

#include "crypto/kernels.h"

namespace sluis::crypto {

extern const Kernels kKernelsBase;
#if defined(__x86_64__)
extern const Kernels kKernelsAvx2;
extern const Kernels kKernelsVaes;
extern const Kernels kKernelsAvx512;
#endif

namespace {

#if defined(__x86_64__)
bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("aes") &&
         __builtin_cpu_supports("pclmul");
}
bool has_vaes() {
  return has_avx2() && __builtin_cpu_supports("vaes") && __builtin_cpu_supports("vpclmulqdq");
}
bool has_avx512() { return has_vaes() && __builtin_cpu_supports("x86-64-v4"); }
#endif

// The level that SLUIS_ISA allows; an unknown value lowers to the portable level, the safe reading of a typo.
Isa allowed_by_environment() {
  const char* value = std::getenv("SLUIS_ISA");
  if (value == nullptr) return Isa::kAvx512;
  for (int i = static_cast<int>(Isa::kAvx512); i > 0; --i) {
    constexpr std::string_view kNames[] = {"base", "avx2", "vaes", "avx512"};
    if (value == kNames[i]) return static_cast<Isa>(i);
  }
  return Isa::kBase;
}

const Kernels& choose() {
  for (int i = static_cast<int>(allowed_by_environment()); i > 0; --i) {
    const Kernels* kernels = kernels_at(static_cast<Isa>(i));
    if (kernels != nullptr) return *kernels;
  }
  return kKernelsBase;
}

}  // namespace

const Kernels* kernels_at(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAvx2) return has_avx2() ? &kKernelsAvx2 : nullptr;
  if (isa == Isa::kVaes) return has_vaes() ? &kKernelsVaes : nullptr;
  if (isa == Isa::kAvx512) return has_avx512() ? &kKernelsAvx512 : nullptr;
#endif
  return isa == Isa::kBase ? &kKernelsBase : nullptr;
}

const Kernels& active_kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace sluis::crypto
