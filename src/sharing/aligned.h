// Word buffers aligned to cache lines, wiped when freed (they hold shares).
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

namespace sluis::sharing {

// Allocator: 64-byte alignment; wipes memory before it is given back.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, size_t n) {
    explicit_bzero(p, n * sizeof(T));
    ::operator delete(p, std::align_val_t{64});
  }
  bool operator==(const WipingAllocator&) const = default;
};

using AlignedWords = std::vector<uint64_t, WipingAllocator<uint64_t>>;

}  // namespace sluis::sharing
