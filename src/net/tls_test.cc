// Who may connect to whom, and how connections end.
#include "net/tls_connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "net/loopback.h"
#include "net/openssl_handles.h"

namespace sluis::net {
namespace {

using Connected = Result<std::unique_ptr<TlsConnection>>;
using Expect = std::optional<Fingerprint>;

std::unique_ptr<TlsContext> context_of(const Identity& identity, const std::vector<std::string>& enrolled,
                                       const std::string& alpn = kAlpnMesh) {
  return TlsContext::create(identity, enrolled, alpn).value();
}

struct Both {
  Connected dialler, listener;
};

Both handshake(const TlsContext& dialler, const TlsContext& listener, const Expect& dialler_expects = {},
               const Expect& listener_expects = {}) {
  std::array<Fd, 2> sockets = make_socket_pair();
  Connected accepted = Error{};
  std::thread other([&] {
    accepted = TlsConnection::accept(listener, std::move(sockets[1]), listener_expects, deadline_in(5'000));
  });
  Connected connected =
      TlsConnection::connect(dialler, std::move(sockets[0]), dialler_expects, deadline_in(5'000));
  other.join();
  return {std::move(connected), std::move(accepted)};
}

void expect_refused(const Both& both) {
  ASSERT_FALSE(both.dialler.ok());
  ASSERT_FALSE(both.listener.ok());
  // Whoever refuses says so; the other may see the refusal or just the end.
  EXPECT_EQ(both.dialler.error().code(), "S1390");
  EXPECT_EQ(both.listener.error().code(), "S1390");
  EXPECT_NE(both.dialler.error().id, "S1390.timeout");
  EXPECT_NE(both.listener.error().id, "S1390.timeout");
}

class TlsTest : public testing::Test {
 protected:
  const Identity alice_ = generate_identity("alice");
  const Identity bob_ = generate_identity("bob");
  const Identity carol_ = generate_identity("carol");
  // The listener knows two peers and learns which one it is.
  const std::unique_ptr<TlsContext> listener_ =
      context_of(alice_, {bob_.certificate_pem, carol_.certificate_pem});
};

TEST_F(TlsTest, EnrolledPeersConnectAndKnowEachOther) {
  for (const Identity* peer : {&bob_, &carol_}) {
    const auto dialler = context_of(*peer, {alice_.certificate_pem});
    Both both = handshake(*dialler, *listener_);
    ASSERT_TRUE(both.dialler.ok()) << both.dialler.error().summary();
    ASSERT_TRUE(both.listener.ok()) << both.listener.error().summary();
    EXPECT_EQ(both.dialler.value()->peer(), alice_.fingerprint);
    EXPECT_EQ(both.listener.value()->peer(), peer->fingerprint);
  }
}

TEST_F(TlsTest, RefusesAStranger) {
  const Identity mallory = generate_identity("mallory");
  expect_refused(handshake(*context_of(mallory, {alice_.certificate_pem}), *listener_));
}

TEST_F(TlsTest, RefusesAStrangerWithAPeersName) {
  const Identity false_bob = generate_identity("bob");
  expect_refused(handshake(*context_of(false_bob, {alice_.certificate_pem}), *listener_));
}

TEST_F(TlsTest, TheDiallerRefusesAFalseListener) {
  const Identity false_alice = generate_identity("alice");
  const auto listener = context_of(false_alice, {bob_.certificate_pem});
  expect_refused(handshake(*context_of(bob_, {alice_.certificate_pem}), *listener));
}

TEST_F(TlsTest, RefusesAnotherEnrolledPeerThanExpected) {
  const auto dialler = context_of(bob_, {alice_.certificate_pem});
  const Both both = handshake(*dialler, *listener_, {}, carol_.fingerprint);
  ASSERT_FALSE(both.listener.ok());
  EXPECT_EQ(both.listener.error().id, "S1390.stranger");
  EXPECT_FALSE(both.dialler.ok());
}

TEST_F(TlsTest, RefusesExpiredAndFutureCertificates) {
  const int64_t now = std::time(nullptr);
  for (const int64_t from : {now - 3 * 86400, now + 86400}) {
    const Identity bad = generate_identity("bob", 2, from);
    const auto listener = context_of(alice_, {bad.certificate_pem});
    expect_refused(handshake(*context_of(bad, {alice_.certificate_pem}), *listener));
  }
}

TEST_F(TlsTest, RefusesAnotherProtocolName) {
  expect_refused(handshake(*context_of(bob_, {alice_.certificate_pem}, kAlpnNode), *listener_));
}

// A raw OpenSSL client, for what TlsContext cannot be made to do. True if the handshake and a read succeeded.
struct RawClient {
  bool with_certificate = true;
  bool with_alpn = true;
  int version = TLS1_3_VERSION;
};

bool raw_client_gets_through(const RawClient& kind, const Identity& identity, int fd) {
  const SslContextHandle context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(context.get(), kind.version);
  if (kind.with_certificate) {
    const CertificateHandle certificate = parse_certificate(identity.certificate_pem);
    const KeyHandle key = parse_private_key(identity.key_pem.span());
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
  }
  static constexpr unsigned char kAlpn[] = "\x0csluis-mesh/1";
  if (kind.with_alpn) SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof kAlpn - 1);
  const SslHandle ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), fd);
  if (SSL_connect(ssl.get()) != 1) return false;
  char hello[8];
  return SSL_read(ssl.get(), hello, sizeof hello) > 0;
}

bool raw_client_is_accepted(const RawClient& kind, const Identity& identity, const TlsContext& listener) {
  std::array<Fd, 2> sockets = make_socket_pair();
  // Blocking, for the raw client.
  const int flags = ::fcntl(sockets[0].get(), F_GETFL);
  ::fcntl(sockets[0].get(), F_SETFL, flags & ~O_NONBLOCK);
  bool accepted = false;
  std::thread other([&] {
    const Connected result = TlsConnection::accept(listener, std::move(sockets[1]), {}, deadline_in(1'000));
    // A raw client sends no hello: reaching that wait means that the handshake was accepted.
    accepted = result.ok() || result.error().id == "S1390.timeout";
  });
  const bool through = raw_client_gets_through(kind, identity, sockets[0].get());
  other.join();
  EXPECT_EQ(through, accepted);
  return accepted;
}

TEST_F(TlsTest, RefusesNoCertificateOldTlsAndNoProtocolName) {
  // The raw client as such is fine: what follows fails for the stated reason only.
  EXPECT_TRUE(raw_client_is_accepted({}, bob_, *listener_));
  EXPECT_FALSE(raw_client_is_accepted({.with_certificate = false}, bob_, *listener_));
  EXPECT_FALSE(raw_client_is_accepted({.version = TLS1_2_VERSION}, bob_, *listener_));
  EXPECT_FALSE(raw_client_is_accepted({.with_alpn = false}, bob_, *listener_));
}

// A listener that ignores protocol names: the dialler must notice.
TEST_F(TlsTest, TheDiallerInsistsOnTheProtocolName) {
  ::signal(SIGPIPE, SIG_IGN);  // for OpenSSL's own socket BIO here; ours does not raise it
  std::array<Fd, 2> sockets = make_socket_pair();
  std::thread server([&] {
    const SslContextHandle context(SSL_CTX_new(TLS_server_method()));
    const CertificateHandle certificate = parse_certificate(alice_.certificate_pem);
    const KeyHandle key = parse_private_key(alice_.key_pem.span());
    SSL_CTX_use_certificate(context.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
    ::fcntl(sockets[1].get(), F_SETFL, 0);
    const SslHandle ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), sockets[1].get());
    SSL_accept(ssl.get());
    SSL_write(ssl.get(), "SLUIS/1\n", 8);
  });
  const auto dialler = context_of(bob_, {alice_.certificate_pem});
  const Connected result = TlsConnection::connect(*dialler, std::move(sockets[0]), {}, deadline_in(2'000));
  server.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().id, "S1390.refused");
}

// An enrolled leaf is not an authority, even if it was made as one.
TEST_F(TlsTest, RefusesACertificateThatAnEnrolledPeerIssued) {
  const KeyHandle issuer_key(EVP_EC_gen("P-256"));
  const KeyHandle leaf_key(EVP_EC_gen("P-256"));
  const auto make = [](EVP_PKEY* key, EVP_PKEY* signer, const char* name, const char* issuer,
                       bool authority) {
    CertificateHandle x(X509_new());
    X509_set_version(x.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x.get()), authority ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(x.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(x.get()), 3600);
    const auto set = [](X509_NAME* n, const char* v) {
      X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(v), -1, -1,
                                 0);
    };
    set(X509_get_subject_name(x.get()), name);
    set(X509_get_issuer_name(x.get()), issuer);
    X509_set_pubkey(x.get(), key);
    if (authority) {
      X509V3_CTX context;
      X509V3_set_ctx_nodb(&context);
      X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, &context, NID_basic_constraints, "critical,CA:TRUE");
      X509_add_ext(x.get(), e, -1);
      X509_EXTENSION_free(e);
    }
    X509_sign(x.get(), signer, EVP_sha256());
    return x;
  };
  const auto pem_of = [](const CertificateHandle& x) {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), x.get());
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<size_t>(n));
  };
  const auto issuer = make(issuer_key.get(), issuer_key.get(), "issuer", "issuer", true);
  const auto leaf = make(leaf_key.get(), issuer_key.get(), "leaf", "issuer", false);
  Identity identity;
  const BioHandle key_bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(key_bio.get(), leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long n = BIO_get_mem_data(key_bio.get(), &data);
  identity.key_pem = SecretBytes::copy_of(as_bytes(std::string_view(data, static_cast<size_t>(n))));
  identity.certificate_pem = pem_of(leaf);
  const auto listener = context_of(alice_, {pem_of(issuer)});
  expect_refused(handshake(*context_of(identity, {alice_.certificate_pem}), *listener));
}

TEST_F(TlsTest, GarbageInsteadOfAHandshakeIsRefused) {
  std::array<Fd, 2> sockets = make_socket_pair();
  const std::string garbage(100'000, 'G');
  ASSERT_GT(::send(sockets[0].get(), garbage.data(), garbage.size(), MSG_NOSIGNAL), 0);
  const Connected result = TlsConnection::accept(*listener_, std::move(sockets[1]), {}, deadline_in(2'000));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().id, "S1390.refused");
}

TEST_F(TlsTest, ASilentCallerTimesOut) {
  std::array<Fd, 2> sockets = make_socket_pair();
  const auto start = Clock::now();
  const Connected result = TlsConnection::accept(*listener_, std::move(sockets[1]), {}, deadline_in(150));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().id, "S1390.timeout");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(1));
}

TEST_F(TlsTest, MovesDataAndClosesProperly) {
  const auto dialler = context_of(bob_, {alice_.certificate_pem});
  Both both = handshake(*dialler, *listener_);
  ASSERT_TRUE(both.dialler.ok() && both.listener.ok());
  Bytes data(3'000'000);
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  TlsConnection& out = *both.dialler.value();
  TlsConnection& in = *both.listener.value();
  std::thread writer([&] {
    EXPECT_EQ(out.write(data, deadline_in(5'000)), Io::kOk);
    EXPECT_EQ(out.close(deadline_in(5'000)), Io::kOk);
  });
  Bytes got(data.size());
  EXPECT_EQ(in.read(got, deadline_in(5'000)), Io::kOk);
  uint8_t extra = 0;
  EXPECT_EQ(in.read(std::span(&extra, 1), deadline_in(5'000)), Io::kClosed);
  EXPECT_EQ(in.close(deadline_in(5'000)), Io::kOk);
  writer.join();
  EXPECT_EQ(got, data);
}

TEST_F(TlsTest, KeysAreRenewedOnTheWay) {
  const auto dialler = context_of(bob_, {alice_.certificate_pem});
  Both both = handshake(*dialler, *listener_);
  ASSERT_TRUE(both.dialler.ok() && both.listener.ok());
  TlsConnection& out = *both.dialler.value();
  TlsConnection& in = *both.listener.value();
  for (uint8_t i = 0; i < 5; ++i) {
    const Bytes data(1000, i);
    const size_t before = out.pending_output();
    ASSERT_EQ(out.append(data), Io::kOk);
    const size_t plain = out.pending_output() - before;
    ASSERT_EQ(out.renew_keys(), Io::kOk);
    ASSERT_EQ(out.append(data), Io::kOk);
    EXPECT_GT(out.pending_output() - before - plain, plain);  // the key update travels too
    ASSERT_EQ(out.flush(deadline_in(1'000)), Io::kOk);
    Bytes got(2000);
    ASSERT_EQ(in.read(got, deadline_in(1'000)), Io::kOk);
    EXPECT_EQ(got, Bytes(2000, i));
  }
}

TEST_F(TlsTest, ACutIsNotAProperEnd) {
  const auto dialler = context_of(bob_, {alice_.certificate_pem});
  Both both = handshake(*dialler, *listener_);
  ASSERT_TRUE(both.dialler.ok() && both.listener.ok());
  both.dialler.value().reset();  // destroyed without close
  uint8_t byte = 0;
  EXPECT_EQ(both.listener.value()->read(std::span(&byte, 1), deadline_in(2'000)), Io::kFailed);
}

TEST_F(TlsTest, IdentityFilesKeepTheirKeyPrivate) {
  char directory[] = "/tmp/sluis-identity-XXXXXX";
  ASSERT_NE(::mkdtemp(directory), nullptr);
  const std::string key = std::string(directory) + "/key.pem";
  const std::string certificate = std::string(directory) + "/certificate.pem";
  ASSERT_TRUE(save_identity(alice_, key, certificate).ok());
  struct stat info{};
  ASSERT_EQ(::stat(key.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const Result<Identity> loaded = load_identity(key, certificate);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->fingerprint, alice_.fingerprint);
  EXPECT_TRUE(loaded->key_pem == alice_.key_pem);
  EXPECT_EQ(save_identity(alice_, key, certificate).error().id, "S1090.exists");
  ASSERT_TRUE(write_file(certificate, bob_.certificate_pem).ok());
  EXPECT_EQ(load_identity(key, certificate).error().id, "S1090.mismatch");
  ASSERT_TRUE(write_file(certificate, alice_.certificate_pem + bob_.certificate_pem).ok());
  EXPECT_EQ(load_identity(key, certificate).error().id, "S1392.certificate");
  ::chmod(key.c_str(), 0640);
  EXPECT_EQ(load_identity(key, certificate).error().id, "S1090.permission");
  ::unlink(key.c_str());
  ::unlink(certificate.c_str());
  ::rmdir(directory);
}

TEST_F(TlsTest, InspectsACertificate) {
  const int64_t from = 1'800'000'000;
  const Identity identity = generate_identity("Gemeente Súdwest-Fryslân", 10, from);
  const CertificateInfo info = inspect_certificate(identity.certificate_pem).value();
  EXPECT_EQ(info.name, "Gemeente Súdwest-Fryslân");
  EXPECT_EQ(info.fingerprint, identity.fingerprint);
  EXPECT_EQ(info.not_before, from);
  EXPECT_EQ(info.not_after, from + 10 * 86400);
  EXPECT_FALSE(inspect_certificate("no certificate").ok());
}

}  // namespace
}  // namespace sluis::net
