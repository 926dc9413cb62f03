// The table of kernels, one per instruction-set level. Internal to crypto/: use prg.h and kernel_and.h.
// Includes only <cstdint> and <cstddef>: the per-level sources must not pull in inline functions that the
// linker could then take from an object compiled for a newer processor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluis::crypto {

// Part of a stream: `head` is domain << 56 | operation, `block` the index of the first block.
struct KernelStream {
  const uint8_t* round_keys;  // 176 bytes, as in PrgKey
  uint64_t head;
  uint64_t block;
};

// Two streams with one position.
struct KernelPair {
  const uint8_t* keys_own;
  const uint8_t* keys_next;
  uint64_t head;
  uint64_t block;
};

struct KernelAnd {
  const uint64_t* x_own;
  const uint64_t* x_next;
  const uint64_t* y_own;
  const uint64_t* y_next;
  uint64_t* z;
  size_t words;
};

struct Kernels {
  const char* name;
  void (*fill)(const KernelStream& stream, uint8_t* out, size_t bytes);
  void (*xor_into)(const KernelStream& stream, uint8_t* out, size_t bytes);
  void (*pair_fill)(const KernelPair& pair, uint8_t* out, size_t bytes);
  void (*pair_xor)(const KernelPair& pair, uint8_t* out, size_t bytes);
  void (*and_gates)(const KernelPair& pair, const KernelAnd& gates);
};

// The levels, rising. kBase runs everywhere.
enum class Isa : int { kBase = 0, kAvx2 = 1, kVaes = 2, kAvx512 = 3 };

// The table of a level; null if this processor or build lacks it.
const Kernels* kernels_at(Isa isa);
// The table in use: the highest level available, lowered (never raised) by the environment variable SLUIS_ISA
// = base | avx2 | vaes | avx512. Chosen once.
const Kernels& active_kernels();

}  // namespace sluis::crypto
