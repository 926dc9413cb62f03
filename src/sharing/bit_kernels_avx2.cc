// AVX2 level: the portable code, four words wide.
#include "sharing/bit_kernels.h"
#ifdef __AVX2__
#include "sharing/bit_kernels.inc"

namespace sluis::sharing {

extern const BitKernels kBitKernelsAvx2;
const BitKernels kBitKernelsAvx2 = {"avx2",     planes_to_rows_lanes, rows_to_planes_lanes, even_bits,
                                    odd_bits,   interleave,           prefix_xor,           xor_words,
                                    add_product};

}  // namespace sluis::sharing
#endif
