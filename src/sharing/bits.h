// Bit matrices in blocked plane layout, and their replicated XOR sharing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sharing/aligned.h"

namespace sluis::sharing {

inline constexpr size_t kBlockRows = 4096;
inline constexpr size_t kBlockWords = kBlockRows / 64;

// rows x planes bits. Plane p holds bit p (0 = least significant) of every row. Rows are cut into blocks of
// 4,096; block b holds [plane][block_words(b)] 64-bit words, row r of the block in bit r % 64 of word r / 64.
// The last block is as short as its rows ask for, so the whole matrix is planes * ceil(rows / 64) consecutive
// words and element-wise work is one flat loop over words(). Bits past the last row of a plane are
// unspecified.
class Bits {
 public:
  Bits() = default;
  // All zero.
  Bits(size_t rows, size_t planes);
  // Contents unspecified: for callers that write every word at once.
  static Bits unset(size_t rows, size_t planes);
  // Another shape in the same memory if it is large enough; contents unspecified.
  void reshape(size_t rows, size_t planes);

  size_t rows() const { return rows_; }
  size_t planes() const { return planes_; }
  size_t row_words() const { return (rows_ + 63) / 64; }  // words of one plane
  size_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }
  size_t block_words(size_t block) const {
    return block + 1 < blocks() ? kBlockWords : row_words() - (blocks() - 1) * kBlockWords;
  }

  std::span<uint64_t> words() { return {words_.data(), words_.size()}; }
  std::span<const uint64_t> words() const { return {words_.data(), words_.size()}; }
  // The words of one plane within one block.
  std::span<uint64_t> run(size_t block, size_t plane);
  std::span<const uint64_t> run(size_t block, size_t plane) const;

  bool get(size_t row, size_t plane) const;
  void set(size_t row, size_t plane, bool bit);
  // Row as an integer, planes <= 64. Slow: tests and small tables.
  uint64_t row_value(size_t row) const;
  void set_row_value(size_t row, uint64_t value);
  bool same_shape(const Bits& other) const { return rows_ == other.rows_ && planes_ == other.planes_; }

 private:
  size_t rows_ = 0;
  size_t planes_ = 0;
  RawWords words_;
};

// Party i's part of x = x_0 ^ x_1 ^ x_2: own = x_i, next = x_{i+1} (indices mod 3).
// INVARIANT: both have the same shape.
struct SharedBits {
  Bits own, next;
  SharedBits() = default;
  SharedBits(size_t rows, size_t planes) : own(rows, planes), next(rows, planes) {}
  static SharedBits unset(size_t rows, size_t planes) {
    SharedBits x;
    x.own = Bits::unset(rows, planes);
    x.next = Bits::unset(rows, planes);
    return x;
  }
  size_t rows() const { return own.rows(); }
  size_t planes() const { return own.planes(); }
};

}  // namespace sluis::sharing
