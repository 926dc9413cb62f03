// Portable level.
#include "sharing/bit_kernels.h"
#include "sharing/bit_kernels.inc"

namespace sluis::sharing {

extern const BitKernels kBitKernelsBase;
const BitKernels kBitKernelsBase = {"base",     planes_to_rows_lanes, rows_to_planes_lanes, even_bits,
                                    odd_bits,   interleave,           prefix_xor,           xor_words,
                                    add_product};

}  // namespace sluis::sharing
