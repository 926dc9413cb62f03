// The source of all choices of one generated case.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace sluis::differential {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // 0 .. n-1.
  size_t below(size_t n) { return static_cast<size_t>(engine_() % n); }
  int64_t between(int64_t lo, int64_t hi) {
    return lo + static_cast<int64_t>(below(static_cast<size_t>(hi - lo + 1)));
  }
  bool chance(int percent) { return below(100) < static_cast<size_t>(percent); }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sluis::differential
