// Word buffers aligned to cache lines, wiped when freed (they hold shares).
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace sluis::sharing {

// From this size on buffers ask for huge pages: columns are written once and read in any order, so that page
// faults and address translation would otherwise cost more than the gates.
inline constexpr size_t kHugePageBytes = size_t{2} << 20;

// Allocator: 64-byte alignment; wipes memory before it is given back.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(size_t n) {
    void* memory = ::operator new(n * sizeof(T), alignment(n));
    if (n * sizeof(T) >= kHugePageBytes) ::madvise(memory, n * sizeof(T), MADV_HUGEPAGE);  // a wish; may fail
    return static_cast<T*>(memory);
  }
  void deallocate(T* p, size_t n) {
    explicit_bzero(p, n * sizeof(T));
    ::operator delete(p, alignment(n));
  }
  bool operator==(const WipingAllocator&) const = default;

 private:
  static std::align_val_t alignment(size_t n) {
    return std::align_val_t{n * sizeof(T) >= kHugePageBytes ? kHugePageBytes : 64};
  }
};

// The same, but elements made without a value are not zeroed: for buffers that are filled at once.
template <typename T>
struct RawWipingAllocator : WipingAllocator<T> {
  RawWipingAllocator() = default;
  template <typename U>
  RawWipingAllocator(const RawWipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  template <typename U>
  struct rebind {
    using other = RawWipingAllocator<U>;
  };
  template <typename U>
  void construct(U* p) {
    ::new (static_cast<void*>(p)) U;
  }
  template <typename U, typename... Arguments>
  void construct(U* p, Arguments&&... arguments) {
    ::new (static_cast<void*>(p)) U(std::forward<Arguments>(arguments)...);
  }
};

using AlignedWords = std::vector<uint64_t, WipingAllocator<uint64_t>>;
using RawWords = std::vector<uint64_t, RawWipingAllocator<uint64_t>>;

}  // namespace sluis::sharing
