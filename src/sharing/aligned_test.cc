#include "sharing/aligned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace sluis::sharing {
namespace {

bool all_zero(const RawWords& words) {
  return std::ranges::all_of(words, [](uint64_t word) { return word == 0; });
}

// Buffers of many sizes in any order of giving back: each is zero when handed out, aligned, and its own.
TEST(LargeBuffers, ZeroAlignedAndApart) {
  if (kLargeBytes == SIZE_MAX) GTEST_SKIP() << "the address checker serves every buffer";
  std::mt19937_64 random(1);
  struct Held {
    RawWords words;
    uint64_t mark;
  };
  std::vector<Held> held;
  for (uint64_t step = 1; step <= 400; ++step) {
    if (held.size() > 12 || (!held.empty() && random() % 3 == 0)) {
      const size_t at = random() % held.size();
      ASSERT_TRUE(std::ranges::all_of(held[at].words, [&](uint64_t word) { return word == held[at].mark; }));
      std::swap(held[at], held.back());
      held.pop_back();
      continue;
    }
    RawWords words(kLargeBytes / 8 + random() % 300'000);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(words.data()) % 64, 0u);
    ASSERT_TRUE(all_zero(words)) << step;
    std::ranges::fill(words, step);
    held.push_back({std::move(words), step});
  }
}

// What is given back serves the next buffers whatever their size, so the sum in use is what counts.
TEST(LargeBuffers, CountsWhatIsInUse) {
  if (kLargeBytes == SIZE_MAX) GTEST_SKIP() << "the address checker serves every buffer";
  constexpr size_t kMegabyte = size_t{1} << 20;
  const size_t before = buffer_use().now;
  begin_buffer_peak();
  {
    const RawWords first(kMegabyte), second(2 * kMegabyte);  // 8 and 16 MB
    EXPECT_GE(buffer_use().now, before + 24 * kMegabyte);
  }
  {
    const RawWords third(3 * kMegabyte);
  }
  EXPECT_EQ(buffer_use().now, before);
  EXPECT_GE(buffer_use().peak, before + 24 * kMegabyte);
  EXPECT_LT(buffer_use().peak, before + 25 * kMegabyte);
  begin_buffer_peak();
  EXPECT_EQ(buffer_use().peak, before);
}

// More than is kept: memory goes back to the system and comes anew.
TEST(LargeBuffers, MoreThanIsKept) {
  if (kLargeBytes == SIZE_MAX) GTEST_SKIP() << "the address checker serves every buffer";
  for (int round = 0; round < 2; ++round) {
    std::vector<RawWords> held;
    for (int i = 0; i < 3; ++i) held.emplace_back(size_t{60} << 20);  // 480 MB each
    for (RawWords& words : held) {
      for (size_t at = 0; at < words.size(); at += 512 * 1024) {
        ASSERT_EQ(words[at], 0u);
        words[at] = 1;
      }
    }
  }
}

TEST(LargeBuffers, FromSeveralThreads) {
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      std::mt19937_64 random(t);
      for (int i = 0; i < 100; ++i) {
        RawWords words(20'000 + random() % 50'000, t + 1);
        EXPECT_TRUE(std::ranges::all_of(words, [&](uint64_t word) { return word == t + 1; }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace sluis::sharing
