// Randomness from the operating system (getrandom through libsodium). Stops the process if there is none.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/secret.h"

namespace sluis::crypto {

void random_bytes(std::span<uint8_t> out);
uint64_t random_u64();
// n random bytes in secret memory.
SecretBytes random_secret(size_t n);

template <size_t N>
std::array<uint8_t, N> random_array() {
  std::array<uint8_t, N> out;
  random_bytes(out);
  return out;
}

}  // namespace sluis::crypto
