// The kernels for processors with AES-NI and AVX2. Compiled with its own flags (CMakeLists.txt).
#define KERNEL_LEVEL 1
#define KERNEL_NAME "avx2"
#define KERNEL_TABLE kKernelsAvx2
#include "crypto/kernel_aes.inc"
