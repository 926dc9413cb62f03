// Ed25519 signatures (RFC 8032) and the text file that holds a signing key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluis::crypto {

using PublicKey = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;

class SigningKey {
 public:
  // A new random key.
  static SigningKey generate();
  // From the 32-byte seed of RFC 8032.
  static SigningKey from_seed(std::span<const uint8_t, 32> seed);
  // Reads a key file. Errors: S1090.open, .shape (not a sluis-key/1 file), .mismatch (public and private part
  // differ), .permission (readable or writable by others than the owner).
  static Result<SigningKey> load(const std::string& path);

  // Writes a new key file with permission 0600. Never overwrites. Errors: S1090.exists, S1090.write.
  Status save(const std::string& path) const;

  const PublicKey& public_key() const { return public_; }
  // The caller puts a purpose in front of the message: a signature on one kind of file must not pass for
  // another.
  Signature sign(ByteSpan message) const;

 private:
  SigningKey() = default;
  SecretBytes secret_;  // 64 bytes, as libsodium orders them: seed, public key
  PublicKey public_{};
};

// False for a wrong signature, a non-canonical one, or a public key of low order.
bool verify(const PublicKey& key, ByteSpan message, const Signature& signature);

// 64 and 128 hexadecimal digits; empty if the text is not that.
std::optional<PublicKey> parse_public_key(std::string_view hex);
std::optional<Signature> parse_signature(std::string_view hex);

}  // namespace sluis::crypto
