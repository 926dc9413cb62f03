// A TLS identity: private key and self-signed leaf certificate. There is no certificate authority: peers
// enrol each other's leaves.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/hash.h"

namespace sluis::net {

// SHA-256 of the certificate's public key (SubjectPublicKeyInfo, DER). It names a peer, and stays the same
// when a certificate is renewed with the same key.
using Fingerprint = crypto::Digest;

struct Identity {
  SecretBytes key_pem;  // PKCS #8, not encrypted
  std::string certificate_pem;
  Fingerprint fingerprint{};
};

// A new P-256 key and a certificate for it, valid from `from` (Unix seconds; 0 = an hour ago, for clocks that
// differ) for `days`. `name` becomes the common name: an organisation's, never a person's. REQUIRES: name of
// 1 to 64 bytes.
Identity generate_identity(const std::string& name, int days = 366, int64_t from = 0);

// Both files beside each other: key 0600 and never overwritten, certificate 0644.
// Errors: S1090.exists, S1090.write, S1002.write.
Status save_identity(const Identity& identity, const std::string& key_path,
                     const std::string& certificate_path);
// Errors: S1090.open, .permission, .shape, .mismatch (the key is not the certificate's); S1002.*;
// S1392.certificate.
Result<Identity> load_identity(const std::string& key_path, const std::string& certificate_path);

// What a certificate says. Errors: S1392.certificate (not one PEM certificate).
struct CertificateInfo {
  std::string name;  // common name
  Fingerprint fingerprint{};
  int64_t not_before = 0;  // Unix seconds
  int64_t not_after = 0;
};
Result<CertificateInfo> inspect_certificate(const std::string& certificate_pem);

}  // namespace sluis::net
