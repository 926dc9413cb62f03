#include <cstdlib>
#include <cstring>

#include "crypto/kernels.h"

namespace sluis::crypto {

extern const Kernels kKernelsBase;

const Kernels* kernels_at(Isa isa) {
  switch (isa) {
    case Isa::kBase:
      return &kKernelsBase;
    default:
      return nullptr;
  }
}

const Kernels& active_kernels() { return kKernelsBase; }

}  // namespace sluis::crypto
