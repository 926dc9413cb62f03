#include "crypto/permutation.h"

#include <algorithm>
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

// Swaps whose places are drawn before the first of them is made: their memory is on its way meanwhile.
constexpr size_t kDrawnAhead = 32;

}  // namespace

void random_permutation(const PrgKey& key, uint64_t operation, std::span<uint32_t> out) {
  CHECK(out.size() <= std::numeric_limits<uint32_t>::max());
  std::iota(out.begin(), out.end(), 0u);
  WordStream words(key, operation);
  std::array<uint32_t, kDrawnAhead> place{};
  for (size_t left = out.size(); left > 1;) {
    const size_t count = std::min(left - 1, kDrawnAhead);
    for (size_t d = 0; d < count; ++d) {
      place[d] = draw_below(words, left - d);
      __builtin_prefetch(&out[place[d]], 1);
    }
    for (size_t d = 0; d < count; ++d) std::swap(out[left - d - 1], out[place[d]]);
    left -= count;
  }
  secure_wipe(place.data(), sizeof place);
}

std::vector<uint32_t> random_permutation(const PrgKey& key, uint64_t operation, size_t n) {
  std::vector<uint32_t> order(n);
  random_permutation(key, operation, order);
  return order;
}

}  // namespace sluis::crypto
