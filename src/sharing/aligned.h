// Word buffers aligned to cache lines, wiped when freed (they hold shares).
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace sluis::sharing {

// Memory for buffers of at least kLargeBytes: huge pages where the system has them, zero when handed out,
// kept for the next buffers, of any size, when given back (up to a bound). Columns come and go by the
// megabyte, and page faults would otherwise cost more than the gates. Thread-safe.
#ifdef __SANITIZE_ADDRESS__
inline constexpr size_t kLargeBytes = SIZE_MAX;  // the address checker must see the ends of every buffer
#else
inline constexpr size_t kLargeBytes = size_t{128} << 10;
#endif
void* take_large_buffer(size_t bytes);
// Wipes the first `bytes` bytes; the rest was never handed out.
void give_large_buffer(void* memory, size_t bytes);

// Bytes of large buffers in the whole process: now, and the most since the last begin_buffer_peak().
struct BufferUse {
  size_t now = 0;
  size_t peak = 0;
};
BufferUse buffer_use();
void begin_buffer_peak();

// Allocator: 64-byte alignment; wipes memory before it is given back.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(size_t n) {
    const size_t bytes = n * sizeof(T);
    return static_cast<T*>(bytes < kLargeBytes ? ::operator new(bytes, std::align_val_t{64})
                                               : take_large_buffer(bytes));
  }
  void deallocate(T* p, size_t n) {
    const size_t bytes = n * sizeof(T);
    if (bytes >= kLargeBytes) return give_large_buffer(p, bytes);
    explicit_bzero(p, bytes);
    ::operator delete(p, std::align_val_t{64});
  }
  bool operator==(const WipingAllocator&) const = default;
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
using RawIndices = std::vector<uint32_t, RawWipingAllocator<uint32_t>>;

}  // namespace sluis::sharing
