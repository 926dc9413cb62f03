// The kernels for processors with VAES on 512-bit vectors. Compiled with its own flags (CMakeLists.txt).
#define KERNEL_LEVEL 3
#define KERNEL_NAME "avx512"
#define KERNEL_TABLE kKernelsAvx512
#include "crypto/kernel_aes.inc"
