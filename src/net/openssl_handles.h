// Owners for OpenSSL objects. Internal to net/.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "net/tls_identity.h"

namespace sluis::net {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;

// Null if the text is not exactly one certificate or key.
CertificateHandle parse_certificate(std::string_view pem);
KeyHandle parse_private_key(ByteSpan pem);
// Empty if the certificate's key cannot be read.
std::optional<Fingerprint> fingerprint_of(const X509* certificate);

}  // namespace sluis::net
