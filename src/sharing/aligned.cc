#include "sharing/aligned.h"

#include <sys/mman.h>

#include <bit>
#include <map>
#include <mutex>

#include "base/check.h"
#include "base/secret.h"

namespace sluis::sharing {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kMostKept = size_t{1} << 30;  // bytes that stay with the process between buffers

// Large buffers would all start at the same offset within a page, and a store to one then delays loads from
// the others that agree in the low 12 address bits. So each starts at a cache line that follows from its
// address.
constexpr size_t kStagger = 4096;
size_t stagger_of(uintptr_t base) { return (base / kHugePage * 0x9E3779B97F4A7C15ull >> 58) * 64; }

// Whole size of a mapping for so many bytes: eight steps to a doubling, so that buffers of similar sizes
// replace each other.
size_t mapped_size(size_t bytes) {
  const size_t step = std::bit_floor(bytes + kStagger) / 8;
  const size_t unit = step < kHugePage ? size_t{4096} : kHugePage;
  const size_t wanted = (bytes + kStagger + step - 1) / step * step;
  return (wanted + unit - 1) / unit * unit;
}

// Address space aligned to huge pages.
uintptr_t map(size_t size) {
  void* memory =
      ::mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  const auto first = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t base = (first + kHugePage - 1) / kHugePage * kHugePage;
  if (base > first) ::munmap(memory, base - first);
  ::munmap(reinterpret_cast<void*>(base + size), first + kHugePage - base);
  ::madvise(reinterpret_cast<void*>(base), size, MADV_HUGEPAGE);  // a wish; may fail
  return base;
}

// Free mappings by size. A part of the memory allocator: like malloc's own lists it serves the whole process
// and is never destroyed.
class Kept {
 public:
  // 0 if there is none.
  uintptr_t take(size_t size) {
    const std::lock_guard lock(mutex_);
    const auto found = free_.find(size);
    if (found == free_.end()) return 0;
    const uintptr_t base = found->second;
    free_.erase(found);
    bytes_ -= size;
    return base;
  }
  // False if there is no room for it.
  bool keep(uintptr_t base, size_t size) {
    const std::lock_guard lock(mutex_);
    if (bytes_ + size > kMostKept) return false;
    free_.emplace(size, base);
    bytes_ += size;
    return true;
  }

 private:
  std::mutex mutex_;
  std::multimap<size_t, uintptr_t> free_;
  size_t bytes_ = 0;
};

Kept& kept() {
  static Kept* const instance = new Kept;
  return *instance;
}

}  // namespace

void* take_large_buffer(size_t bytes) {
  const size_t size = mapped_size(bytes);
  uintptr_t base = kept().take(size);
  if (base == 0) base = map(size);
  return reinterpret_cast<void*>(base + stagger_of(base));
}

void give_large_buffer(void* memory, size_t bytes) {
  secure_wipe(memory, bytes);
  const uintptr_t base = reinterpret_cast<uintptr_t>(memory) / kHugePage * kHugePage;
  const size_t size = mapped_size(bytes);
  if (!kept().keep(base, size)) ::munmap(reinterpret_cast<void*>(base), size);
}

}  // namespace sluis::sharing
