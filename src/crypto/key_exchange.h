// Ephemeral X25519 (RFC 7748).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/secret.h"

namespace sluis::crypto {

using ExchangePublicKey = std::array<uint8_t, 32>;

// One key pair for one exchange. The raw result goes through HKDF before use, together with both public keys.
class KeyExchange {
 public:
  // A fresh key pair.
  KeyExchange();
  // A given private key (32 bytes), for test vectors.
  explicit KeyExchange(std::span<const uint8_t, 32> private_key);
  const ExchangePublicKey& public_key() const { return public_key_; }
  // The 32-byte shared secret; empty if the peer's key is of low order (the result would be all zero).
  std::optional<SecretBytes> agree(std::span<const uint8_t, 32> peer_public_key) const;

 private:
  SecretBytes private_key_;
  ExchangePublicKey public_key_{};
};

}  // namespace sluis::crypto
