// Memory of a join grows with its rows: every allocation of the process is counted, none is timed. A program
// of its own, because it replaces operator new.
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "oblivious/join.h"
#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace {

std::atomic<size_t> small_now{0}, small_peak{0};  // bytes that came through operator new

void count_peak(size_t now) {
  size_t peak = small_peak.load(std::memory_order_relaxed);
  while (now > peak && !small_peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const size_t bytes = ::malloc_usable_size(memory);
  count_peak(small_now.fetch_add(bytes, std::memory_order_relaxed) + bytes);
  return memory;
}

void uncounted(void* memory) noexcept {
  small_now.fetch_sub(::malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

void* operator new(size_t bytes) { return counted(std::malloc(bytes)); }
void* operator new(size_t bytes, std::align_val_t alignment) {
  const auto a = static_cast<size_t>(alignment);
  return counted(std::aligned_alloc(a, (bytes + a - 1) / a * a));
}
void operator delete(void* memory) noexcept { uncounted(memory); }
void operator delete(void* memory, size_t) noexcept { uncounted(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { uncounted(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { uncounted(memory); }

namespace sluis::oblivious {
namespace {

using Shares = std::array<SharedBits, 3>;

constexpr uint64_t kKeyBits = 30, kPayloadBits = 62, kValueBits = 16;

Shares rising_keys(size_t rows) {
  std::vector<uint64_t> keys(rows);
  for (size_t i = 0; i < rows; ++i) keys[i] = i * ((uint64_t{1} << kKeyBits) / rows);
  return testing::share(testing::bits_of(keys, kKeyBits), 1);
}

relation::Type type_of(uint64_t bits) {
  return relation::Type::integer(0, static_cast<int64_t>((uint64_t{1} << bits) - 1));
}

// The most bytes that were in use at a time, per party and row of each side: input, result and the messages
// on their way included. Two peaks are added that need not have been at one time: an upper bound.
double bytes_per_row(size_t rows, bool by_differences) {
  const auto before = small_now.load() + sharing::buffer_use().now;
  Shares right_key = rising_keys(rows), left_key = testing::share(testing::random_bits(rows, kKeyBits, 2), 3);
  Shares payload = testing::share(testing::random_bits(rows, kPayloadBits, 4), 5);
  Shares value = testing::share(testing::random_bits(rows, kValueBits, 6), 7);
  small_peak = small_now.load();
  sharing::begin_buffer_peak();
  testing::run_three([&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    const auto table = [&](Shares& key, Shares& column, uint64_t bits) {
      SharedTable made{sharing::share_constant(session.party(), rows, 1, 1), {}};
      made.columns.push_back({type_of(kKeyBits), std::move(key[i]), std::nullopt});
      made.columns.push_back({type_of(bits), std::move(column[i]), std::nullopt});
      return made;
    };
    const SharedTable left = table(left_key, value, kValueBits),
                      right = table(right_key, payload, kPayloadBits);
    return join(session, left, right, {JoinKind::kInner, {0}, {0}, {1}, by_differences}).valid;
  });
  const size_t peak = small_peak.load() + sharing::buffer_use().peak - before;
  return static_cast<double>(peak) / 3 / static_cast<double>(rows);
}

// 300 MB a party at 2^20 rows of each side, and no more a row at four times the rows.
TEST(JoinMemory, GrowsWithTheRows) {
  constexpr double kMostPerRow = 300e6 / (1 << 20);
  bytes_per_row(1000, true);  // what is made once
  const double few = bytes_per_row(size_t{1} << 15, true), many = bytes_per_row(size_t{1} << 17, true);
  RecordProperty("bytes_per_row", std::to_string(many));
  std::printf("bytes a row and party: %.0f at 2^15 rows of each side, %.0f at 2^17\n", few, many);
  EXPECT_LT(many, 1.1 * few);
  EXPECT_LT(many, kMostPerRow);
  EXPECT_GT(many, 60);  // the columns alone: the counting works
}

TEST(JoinMemory, GrowsWithTheRowsInAnyOrder) {
  const double few = bytes_per_row(size_t{1} << 14, false), many = bytes_per_row(size_t{1} << 16, false);
  std::printf("by scan: %.0f at 2^14, %.0f at 2^16\n", few, many);
  EXPECT_LT(many, 1.1 * few);
}

}  // namespace
}  // namespace sluis::oblivious
