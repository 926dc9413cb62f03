#include "sharing/aligned.h"

#include <sys/mman.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>

#include "base/check.h"
#include "base/secret.h"

namespace sluis::sharing {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kGrain = size_t{16} << 10;         // buffers begin and end at multiples of it
constexpr size_t kRegionBytes = size_t{1} << 30;    // address space that is asked for at a time
constexpr size_t kMostKept = size_t{1} << 30;       // bytes that stay with the process between buffers
constexpr size_t kSmallestRelease = kHugePage * 4;  // of a stretch that goes back to the system

// Large buffers would all start at the same offset within a page, and a store to one then delays loads from
// the others that agree in the low 12 address bits. So each starts at a cache line that follows from its
// address.
constexpr size_t kStagger = 4096;
size_t stagger_of(uintptr_t base) { return (base / kGrain * 0x9E3779B97F4A7C15ull >> 58) * 64; }

size_t whole_size(size_t bytes) { return (bytes + kStagger + kGrain - 1) / kGrain * kGrain; }

// Address space aligned to huge pages; memory comes with the first touch.
uintptr_t map(size_t size) {
  void* memory = ::mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  const auto first = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t base = (first + kHugePage - 1) / kHugePage * kHugePage;
  if (base > first) ::munmap(memory, base - first);
  ::munmap(reinterpret_cast<void*>(base + size), first + kHugePage - base);
  ::madvise(reinterpret_cast<void*>(base), size, MADV_HUGEPAGE);  // a wish; may fail
  return base;
}

// A free stretch; about `touched` bytes of it hold memory. All of it reads as zero.
struct Stretch {
  size_t size;
  size_t touched;
};

// A stretch of address space of its own, and its free parts by address.
struct Region {
  uintptr_t base;
  size_t size;
  std::map<uintptr_t, Stretch> free;
};

// Buffers out of few regions, each in the first place that is large enough, neighbours joined when freed: so
// the resident memory stays near the largest sum of buffers that were in use at a time, whatever their sizes.
// A part of the memory allocator: like malloc's own lists it serves the whole process and is never destroyed.
class Pool {
 public:
  uintptr_t take(size_t size) {
    const std::lock_guard lock(mutex_);
    use_.now += size;
    use_.peak = std::max(use_.peak, use_.now);
    for (Region& region : regions_) {
      for (auto at = region.free.begin(); at != region.free.end(); ++at) {
        if (at->second.size >= size) return cut(region, at, size);
      }
    }
    const size_t space = std::max(kRegionBytes, (size + kHugePage - 1) / kHugePage * kHugePage);
    Region& region = regions_.emplace_back(Region{map(space), space, {}});
    return cut(region, region.free.emplace(region.base, Stretch{space, 0}).first, size);
  }

  void give(uintptr_t base, size_t size) {
    const std::lock_guard lock(mutex_);
    use_.now -= size;
    const auto home = std::ranges::find_if(
        regions_, [base](const Region& r) { return base >= r.base && base < r.base + r.size; });
    CHECK(home != regions_.end());
    kept_ += size;
    const auto at = join(*home, home->free.emplace(base, Stretch{size, size}).first);
    if (kept_ <= kMostKept || at->second.size < kSmallestRelease) return;
    kept_ -= at->second.touched;
    at->second.touched = 0;
    if (at->second.size == home->size) {
      ::munmap(reinterpret_cast<void*>(home->base), home->size);
      regions_.erase(home);
    } else {
      ::madvise(reinterpret_cast<void*>(at->first), at->second.size, MADV_DONTNEED);  // reads as zero again
    }
  }

  BufferUse use() {
    const std::lock_guard lock(mutex_);
    return use_;
  }
  void begin_peak() {
    const std::lock_guard lock(mutex_);
    use_.peak = use_.now;
  }

 private:
  using Place = std::map<uintptr_t, Stretch>::iterator;

  uintptr_t cut(Region& region, Place at, size_t size) {
    const auto [base, whole] = *at;
    region.free.erase(at);
    const size_t touched = std::min(size, whole.touched);
    kept_ -= touched;
    if (whole.size > size)
      region.free.emplace(base + size, Stretch{whole.size - size, whole.touched - touched});
    return base;
  }

  // With the free stretches before and after it.
  static Place join(Region& region, Place at) {
    const auto absorb = [&](Place first, Place second) {
      first->second.size += second->second.size;
      first->second.touched += second->second.touched;
      region.free.erase(second);
      return first;
    };
    const auto next = std::next(at);
    if (next != region.free.end() && at->first + at->second.size == next->first) at = absorb(at, next);
    if (at == region.free.begin()) return at;
    const auto before = std::prev(at);
    return before->first + before->second.size == at->first ? absorb(before, at) : at;
  }

  std::mutex mutex_;
  std::vector<Region> regions_;  // in the order of their making: the oldest is filled first
  size_t kept_ = 0;              // touched bytes of free stretches
  BufferUse use_;
};

Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

}  // namespace

void* take_large_buffer(size_t bytes) {
  const uintptr_t base = pool().take(whole_size(bytes));
  return reinterpret_cast<void*>(base + stagger_of(base));
}

void give_large_buffer(void* memory, size_t bytes) {
  secure_wipe(memory, bytes);
  pool().give(reinterpret_cast<uintptr_t>(memory) / kGrain * kGrain, whole_size(bytes));
}

BufferUse buffer_use() { return pool().use(); }
void begin_buffer_peak() { pool().begin_peak(); }

}  // namespace sluis::sharing
