// A small deterministic generator (SplitMix64) for invented data; the same on every machine, unlike std
// distributions.
#pragma once

#include <cstdint>
#include <vector>

namespace sluis::demo {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  // 0 <= result < n.
  int64_t below(int64_t n) { return static_cast<int64_t>(next() % static_cast<uint64_t>(n)); }
  int64_t between(int64_t lo, int64_t hi) { return lo + below(hi - lo + 1); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double p) { return unit() < p; }
  // Index drawn by weight.
  template <typename Items>
  int weighted(const Items& items) {
    double left = unit();
    for (size_t i = 0; i < items.size(); ++i)
      if ((left -= items[i].share) < 0) return static_cast<int>(i);
    return static_cast<int>(items.size()) - 1;
  }

 private:
  uint64_t state_;
};

}  // namespace sluis::demo
