// What a protocol sends, as a value: the same function serves docstring, test (measured = declared, exactly),
// EXPLAIN.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace sluis::mpc {

// Rounds, and payload bytes on each of the six directed links. Frame headers are reported apart
// (net::Traffic).
struct Cost {
  uint64_t rounds = 0;
  std::array<uint64_t, 3> to_next{};  // [party]
  std::array<uint64_t, 3> to_prev{};
  // Words of 8 bytes that a party moves by itself (permutes, transposes, splits), mean of the three: only the
  // model of processor time reads it (network.h). Nothing sends it, so nothing measures or compares it.
  uint64_t words = 0;

  constexpr uint64_t sent_by(int party) const { return to_next[party] + to_prev[party]; }
  constexpr uint64_t total() const { return sent_by(0) + sent_by(1) + sent_by(2); }
  constexpr uint64_t mean() const { return total() / 3; }
  constexpr uint64_t busiest_link() const {
    uint64_t most = 0;
    for (int i = 0; i < 3; ++i) most = std::max({most, to_next[i], to_prev[i]});
    return most;
  }
  constexpr bool operator==(const Cost& other) const {
    return rounds == other.rounds && to_next == other.to_next && to_prev == other.to_prev;
  }
};

// One after the other.
constexpr Cost operator+(Cost a, const Cost& b) {
  a.rounds += b.rounds;
  a.words += b.words;
  for (int i = 0; i < 3; ++i) {
    a.to_next[i] += b.to_next[i];
    a.to_prev[i] += b.to_prev[i];
  }
  return a;
}
constexpr Cost& operator+=(Cost& a, const Cost& b) { return a = a + b; }
// n times, one after the other.
constexpr Cost operator*(uint64_t n, Cost a) {
  a.rounds *= n;
  a.words *= n;
  for (int i = 0; i < 3; ++i) {
    a.to_next[i] *= n;
    a.to_prev[i] *= n;
  }
  return a;
}
// In the same rounds: rounds are the longer of the two, bytes add.
constexpr Cost together(const Cost& a, const Cost& b) {
  Cost sum = a + b;
  sum.rounds = std::max(a.rounds, b.rounds);
  return sum;
}

}  // namespace sluis::mpc
