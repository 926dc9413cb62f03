#include "net/tls_context.h"

#include <openssl/err.h>

#include "base/check.h"
#include "net/openssl_handles.h"
#include "net/tls_native.h"

namespace sluis::net {
namespace {

Error context_error(const char* id, size_t which = 0) {
  ERR_clear_error();
  Error error;
  error.id = id;
  if (which != 0) error.args = {std::to_string(which)};
  return error;
}

// The server side of ALPN: exactly our name, else the handshake ends with an alert.
int select_alpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                unsigned in_length, void* argument) {
  const std::string& wire = *static_cast<const std::string*>(argument);
  std::string_view offered(reinterpret_cast<const char*>(in), in_length);
  while (!offered.empty()) {
    const size_t n = 1 + static_cast<unsigned char>(offered[0]);
    if (n > offered.size()) break;
    if (offered.substr(0, n) == wire) {
      *out = reinterpret_cast<const unsigned char*>(wire.data()) + 1;
      *out_length = static_cast<unsigned char>(wire.size() - 1);
      return SSL_TLSEXT_ERR_OK;
    }
    offered.remove_prefix(n);
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Settings that do not depend on the identity. SSL_CTX_set_alpn_protos returns 0 on success.
bool restrict_protocol(SSL_CTX* context, std::string& alpn_wire) {
  if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1) return false;
  if (SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384") != 1) return false;
  if (SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1) return false;
  if (SSL_CTX_set_num_tickets(context, 0) != 1) return false;
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_alpn_select_cb(context, select_alpn, &alpn_wire);
  return SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn_wire.data()),
                                 static_cast<unsigned>(alpn_wire.size())) == 0;
}

bool use_identity(SSL_CTX* context, const Identity& identity) {
  const CertificateHandle certificate = parse_certificate(identity.certificate_pem);
  const KeyHandle key = parse_private_key(identity.key_pem.span());
  return certificate != nullptr && key != nullptr &&
         SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::create(const Identity& identity,
                                                       const std::vector<std::string>& enrolled,
                                                       const std::string& alpn) {
  CHECK(!alpn.empty() && alpn.size() < 256);
  std::unique_ptr<TlsContext> out(new TlsContext);
  out->alpn_ = alpn;
  out->alpn_wire_ = std::string(1, static_cast<char>(alpn.size())) + alpn;
  out->native_ = std::make_unique<Native>();
  SslContextHandle& context = out->native_->context;
  context.reset(SSL_CTX_new(TLS_method()));
  CHECK(context != nullptr && restrict_protocol(context.get(), out->alpn_wire_));
  if (!use_identity(context.get(), identity)) return context_error("S1392.identity");
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  // A leaf is itself an anchor.
  CHECK(X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1);
  for (size_t i = 0; i < enrolled.size(); ++i) {
    const CertificateHandle leaf = parse_certificate(enrolled[i]);
    const std::optional<Fingerprint> fingerprint =
        leaf != nullptr ? fingerprint_of(leaf.get()) : std::nullopt;
    if (!fingerprint || X509_STORE_add_cert(store, leaf.get()) != 1)
      return context_error("S1392.certificate", i + 1);
    out->enrolled_.insert(*fingerprint);
  }
  return out;
}

TlsContext::~TlsContext() = default;

}  // namespace sluis::net
