#include "crypto/key_exchange.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "crypto/random.h"

namespace sluis::crypto {

static_assert(crypto_scalarmult_BYTES == 32 && crypto_scalarmult_SCALARBYTES == 32);

KeyExchange::KeyExchange() : private_key_(random_secret(32)) {
  CHECK(::crypto_scalarmult_base(public_key_.data(), private_key_.data()) == 0);
}

KeyExchange::KeyExchange(std::span<const uint8_t, 32> private_key)
    : private_key_(SecretBytes::copy_of(private_key)) {
  CHECK(::sodium_init() >= 0);
  CHECK(::crypto_scalarmult_base(public_key_.data(), private_key_.data()) == 0);
}

std::optional<SecretBytes> KeyExchange::agree(std::span<const uint8_t, 32> peer_public_key) const {
  SecretBytes shared(32);
  // libsodium itself reports low-order keys; the second test does not rely on that.
  if (::crypto_scalarmult(shared.data(), private_key_.data(), peer_public_key.data()) != 0)
    return std::nullopt;
  if (::sodium_is_zero(shared.data(), shared.size()) != 0) return std::nullopt;
  return shared;
}

}  // namespace sluis::crypto
