#include "sharing/bits.h"

#include <algorithm>

#include "base/check.h"

namespace sluis::sharing {

Bits::Bits(size_t rows, size_t planes) : rows_(rows), planes_(planes), words_(planes * ((rows + 63) / 64)) {
  if (8 * words_.size() < kLargeBytes) std::ranges::fill(words_, uint64_t{0});  // large buffers come zeroed
}

Bits Bits::unset(size_t rows, size_t planes) {
  Bits x;
  x.rows_ = rows;
  x.planes_ = planes;
  x.words_.resize(planes * ((rows + 63) / 64));
  return x;
}

void Bits::reshape(size_t rows, size_t planes) {
  const size_t words = planes * ((rows + 63) / 64);
  if (words > words_.capacity()) words_ = RawWords();  // nothing to copy
  words_.resize(words);
  rows_ = rows;
  planes_ = planes;
}

std::span<uint64_t> Bits::run(size_t block, size_t plane) {
  const size_t n = block_words(block);
  return words().subspan(block * planes_ * kBlockWords + plane * n, n);
}

std::span<const uint64_t> Bits::run(size_t block, size_t plane) const {
  const size_t n = block_words(block);
  return words().subspan(block * planes_ * kBlockWords + plane * n, n);
}

bool Bits::get(size_t row, size_t plane) const {
  CHECK(row < rows_ && plane < planes_);
  const size_t at = row % kBlockRows;
  return (run(row / kBlockRows, plane)[at / 64] >> (at % 64)) & 1;
}

void Bits::set(size_t row, size_t plane, bool bit) {
  CHECK(row < rows_ && plane < planes_);
  const size_t at = row % kBlockRows;
  uint64_t& word = run(row / kBlockRows, plane)[at / 64];
  word = (word & ~(uint64_t{1} << (at % 64))) | (uint64_t{bit} << (at % 64));
}

uint64_t Bits::row_value(size_t row) const {
  CHECK(planes_ <= 64);
  uint64_t value = 0;
  for (size_t p = 0; p < planes_; ++p) value |= uint64_t{get(row, p)} << p;
  return value;
}

void Bits::set_row_value(size_t row, uint64_t value) {
  for (size_t p = 0; p < planes_; ++p) set(row, p, p < 64 && ((value >> p) & 1) != 0);
}

}  // namespace sluis::sharing
