#include "crypto/permutation.h"

#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "base/secret.h"

namespace sluis::crypto {
namespace {

// Words of one stream in order.
class WordStream {
 public:
  WordStream(const PrgKey& key, uint64_t operation) : key_(key), operation_(operation) {}
  ~WordStream() { secure_wipe(buffer_.data(), sizeof buffer_); }
  WordStream(const WordStream&) = delete;
  WordStream& operator=(const WordStream&) = delete;

  uint64_t next() {
    if (at_ == buffer_.size()) refill();
    return buffer_[at_++];
  }

 private:
  void refill() {
    prg_fill(key_, PrgDomain::kPermutation, operation_, block_, std::span<uint64_t>(buffer_));
    block_ += buffer_.size() / kPrgBlockWords;
    at_ = 0;
  }
  const PrgKey& key_;
  uint64_t operation_;
  uint64_t block_ = 0;
  std::array<uint64_t, 512> buffer_{};
  size_t at_ = buffer_.size();
};

// Uniform in 0..bound-1. Lemire, "Fast Random Integer Generation in an Interval", 2019: multiply-shift, and
// rejection of exactly the words that would favour some results.
uint32_t draw_below(WordStream& words, uint64_t bound) {
  unsigned __int128 product = static_cast<unsigned __int128>(words.next()) * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t unfair = (0 - bound) % bound;
    while (static_cast<uint64_t>(product) < unfair)
      product = static_cast<unsigned __int128>(words.next()) * bound;
  }
  return static_cast<uint32_t>(product >> 64);
}

}  // namespace

std::vector<uint32_t> random_permutation(const PrgKey& key, uint64_t operation, size_t n) {
  CHECK(n <= std::numeric_limits<uint32_t>::max());
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  WordStream words(key, operation);
  for (size_t i = n; i > 1; --i) std::swap(order[i - 1], order[draw_below(words, i)]);
  return order;
}

}  // namespace sluis::crypto
