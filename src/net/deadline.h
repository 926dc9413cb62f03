// Points in time until which blocking calls wait.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sluis::net {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

inline Deadline deadline_in(uint64_t milliseconds) {
  return Clock::now() + std::chrono::milliseconds(milliseconds);
}

// Whole milliseconds left, rounded up, for poll(2): 0 once the deadline has passed, at most an hour.
inline int milliseconds_left(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 3'600'000));
}

}  // namespace sluis::net
