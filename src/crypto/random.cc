#include "crypto/random.h"

#include <sodium.h>

#include "base/check.h"

namespace sluis::crypto {

void random_bytes(std::span<uint8_t> out) {
  static const bool ready = ::sodium_init() >= 0;  // opens the system source; safe to repeat
  CHECK(ready);
  if (!out.empty()) ::randombytes_buf(out.data(), out.size());
}

uint64_t random_u64() {
  uint64_t v = 0;
  random_bytes(std::span<uint8_t>(reinterpret_cast<uint8_t*>(&v), sizeof v));
  return v;
}

SecretBytes random_secret(size_t n) {
  SecretBytes out(n);
  random_bytes(out.span());
  return out;
}

}  // namespace sluis::crypto
