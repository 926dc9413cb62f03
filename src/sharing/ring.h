// Replicated additive sharing over Z_2^k (k = 32, 64).
#pragma once

#include <cstdint>
#include <vector>

#include "sharing/aligned.h"

namespace sluis::sharing {

template <typename T>
using AlignedRing = std::vector<T, WipingAllocator<T>>;

// Party i's part of x = x_0 + x_1 + x_2 mod 2^k: own = x_i, next = x_{i+1}.
template <typename T>
struct SharedRing {
  AlignedRing<T> own, next;
  SharedRing() = default;
  explicit SharedRing(size_t n) : own(n), next(n) {}
  size_t size() const { return own.size(); }
};

using SharedRing32 = SharedRing<uint32_t>;
using SharedRing64 = SharedRing<uint64_t>;

}  // namespace sluis::sharing
