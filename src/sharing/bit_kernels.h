// The table of local kernels on bit planes, one per instruction-set level. Internal to sharing/.
// Includes only <cstdint> and <cstddef>: the per-level sources must not pull in inline functions that the
// linker could then take from an object compiled for a newer processor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluis::sharing {

// One group of at most 64 planes within one block, and the same bits as rows. Word w of plane p is
// planes[p * plane_stride + w] and holds rows 64 w .. 64 w + 63; row r is the word rows[r * row_stride], with
// plane p in bit p.
struct PlaneTile {
  const uint64_t* planes;
  size_t plane_stride;
  size_t plane_count;  // 1..64
  size_t words;        // >= 1
};
struct RowTile {
  uint64_t* rows;  // 64 * words rows
  size_t row_stride;
};

struct WordRun {
  uint64_t* words;
  size_t count;
};
// One party's two shares of a run of words.
struct SharedRun {
  const uint64_t* own;
  const uint64_t* next;
};

struct BitKernels {
  const char* name;
  // Fills all 64 * words rows; bits from plane_count on are zero.
  void (*planes_to_rows)(const PlaneTile& from, const RowTile& to);
  // Fills all plane_count planes; the planes of `to` are written despite the const.
  void (*rows_to_planes)(const RowTile& from, const PlaneTile& to);
  // out word i holds the even (odd) bits of in words 2 i (low half) and 2 i + 1; in has 2 * out_words words.
  void (*even_bits)(const uint64_t* in, uint64_t* out, size_t out_words);
  void (*odd_bits)(const uint64_t* in, uint64_t* out, size_t out_words);
  // The inverse: out words 2 i and 2 i + 1 from word i of even and odd.
  void (*interleave)(const uint64_t* even, const uint64_t* odd, uint64_t* out, size_t in_words);
  // Bit i of the result is the XOR of bits 0..i and of `carry` (0 or all ones); returns the carry out.
  uint64_t (*prefix_xor)(const uint64_t* in, uint64_t* out, size_t words, uint64_t carry);
  // out = in[0] ^ ... ^ in[count - 1] ^ flip, word by word. count <= 4.
  void (*xor_words)(const uint64_t* const* in, size_t count, uint64_t flip, const WordRun& out);
  // z ^= x_i y_i ^ x_i y_{i+1} ^ x_{i+1} y_i.
  void (*add_product)(const SharedRun& x, const SharedRun& y, const WordRun& z);
};

// The best level of this processor, lowered (never raised) by the environment variable SLUIS_ISA = base |
// avx2 | vaes | avx512. Chosen once.
const BitKernels& bit_kernels();

}  // namespace sluis::sharing
