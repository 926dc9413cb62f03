// SHA-256 and HMAC-SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace sluis::crypto {

using Digest = std::array<uint8_t, 32>;

// Incremental SHA-256 (FIPS 180-4).
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  Sha256& update(ByteSpan bytes);
  Sha256& update(std::string_view text) { return update(as_bytes(text)); }
  // The digest of everything so far. REQUIRES: called once, nothing after it.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(ByteSpan bytes);
inline Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }

// HMAC-SHA-256 (RFC 2104), key of any length.
Digest hmac_sha256(ByteSpan key, ByteSpan message);

// 64 lower-case hexadecimal digits: how files name a digest.
inline std::string to_hex(const Digest& digest) { return sluis::to_hex(ByteSpan(digest)); }

}  // namespace sluis::crypto
