// The kernels for processors with VAES on 256-bit vectors. Compiled with its own flags (CMakeLists.txt).
#define KERNEL_LEVEL 2
#define KERNEL_NAME "vaes"
#define KERNEL_TABLE kKernelsVaes
#include "crypto/kernel_aes.inc"
