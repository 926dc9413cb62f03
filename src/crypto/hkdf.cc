#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>

#include "base/check.h"

namespace sluis::crypto {

void hkdf_sha256(ByteSpan secret, ByteSpan salt, ByteSpan info, std::span<uint8_t> out) {
  CHECK(!out.empty() && out.size() <= 255 * 32);
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  CHECK(kdf != nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  EVP_KDF_free(kdf);
  CHECK(context != nullptr);
  char digest[] = "SHA256";
  // OpenSSL 3.0 refuses null pointers here even for length zero.
  uint8_t none = 0;
  const auto octets = [&none](const char* name, ByteSpan v) {
    return OSSL_PARAM_construct_octet_string(name, v.empty() ? &none : const_cast<uint8_t*>(v.data()),
                                             v.size());
  };
  const std::array<OSSL_PARAM, 5> params = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0), octets(OSSL_KDF_PARAM_KEY, secret),
      octets(OSSL_KDF_PARAM_SALT, salt), octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  const int done = EVP_KDF_derive(context, out.data(), out.size(), params.data());
  EVP_KDF_CTX_free(context);
  CHECK(done == 1);
}

SecretBytes hkdf_sha256(ByteSpan secret, ByteSpan salt, std::string_view info, size_t length) {
  SecretBytes out(length);
  hkdf_sha256(secret, salt, as_bytes(info), out.span());
  return out;
}

}  // namespace sluis::crypto
