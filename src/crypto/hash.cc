#include "crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace sluis::crypto {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  CHECK(state_->context != nullptr);
  CHECK(EVP_DigestInit_ex2(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

Sha256& Sha256::update(ByteSpan bytes) {
  CHECK(state_ != nullptr);
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256::finish() {
  CHECK(state_ != nullptr);
  Digest digest;
  CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1);
  state_.reset();
  return digest;
}

Digest sha256(ByteSpan bytes) { return Sha256().update(bytes).finish(); }

Digest hmac_sha256(ByteSpan key, ByteSpan message) {
  static constexpr uint8_t kNone = 0;  // HMAC() takes a null key for "the previous key"
  Digest digest;
  unsigned length = 0;
  const uint8_t* key_data = key.empty() ? &kNone : key.data();
  CHECK(HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), message.data(), message.size(),
             digest.data(), &length) != nullptr);
  CHECK(length == digest.size());
  return digest;
}

}  // namespace sluis::crypto
