#include "net/tls_identity.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <ctime>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/random.h"
#include "net/fd.h"
#include "net/openssl_handles.h"

namespace sluis::net {
namespace {

constexpr size_t kMaxPem = 64 * 1024;

Error identity_error(const std::string& path, const char* id, int why = 0) {
  Error error;
  error.id = id;
  error.file = path;
  if (why != 0) error.args = {std::strerror(why)};
  return error;
}

BioHandle memory_bio() {
  BioHandle bio(BIO_new(BIO_s_mem()));
  CHECK(bio != nullptr);
  return bio;
}

ByteSpan content_of(const BioHandle& bio) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(bio.get(), &data);
  return {reinterpret_cast<const uint8_t*>(data), n > 0 ? static_cast<size_t>(n) : 0};
}

SecretBytes private_pem(EVP_PKEY* key) {
  const BioHandle bio(BIO_new(BIO_s_secmem()));
  CHECK(bio != nullptr);
  CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  SecretBytes pem = SecretBytes::copy_of(content_of(bio));
  secure_wipe(const_cast<uint8_t*>(content_of(bio).data()), pem.size());
  return pem;
}

std::string certificate_pem(X509* certificate) {
  const BioHandle bio = memory_bio();
  CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return std::string(as_text(content_of(bio)));
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  CHECK(extension != nullptr);
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  CHECK(added == 1);
}

void set_serial(X509* certificate) {
  // Positive and 159 bits (RFC 5280, 4.1.2.2).
  std::array<uint8_t, 20> serial = crypto::random_array<20>();
  serial[0] = (serial[0] & 0x3F) | 0x40;
  BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  CHECK(number != nullptr);
  CHECK(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr);
  BN_free(number);
}

CertificateHandle self_signed(EVP_PKEY* key, const std::string& name, int days, time_t from) {
  CertificateHandle certificate(X509_new());
  X509* x = certificate.get();
  CHECK(x != nullptr && X509_set_version(x, X509_VERSION_3) == 1);
  set_serial(x);
  CHECK(X509_time_adj_ex(X509_getm_notBefore(x), 0, 0, &from) != nullptr);
  CHECK(X509_time_adj_ex(X509_getm_notAfter(x), days, 0, &from) != nullptr);
  X509_NAME* subject = X509_get_subject_name(x);
  CHECK(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.data()),
                                   static_cast<int>(name.size()), -1, 0) == 1);
  CHECK(X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key) == 1);
  // Not an authority: an enrolled peer must not be able to vouch for strangers.
  add_extension(x, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(x, NID_key_usage, "critical,digitalSignature");
  add_extension(x, NID_ext_key_usage, "serverAuth,clientAuth");
  CHECK(X509_sign(x, key, EVP_sha256()) > 0);
  return certificate;
}

std::string common_name(const X509_NAME* subject) {
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return "";
  unsigned char* text = nullptr;
  const int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (n < 0) return "";
  std::string name(reinterpret_cast<const char*>(text), static_cast<size_t>(n));
  OPENSSL_free(text);
  return name;
}

int64_t unix_seconds(const ASN1_TIME* time) {
  tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return 0;
  return ::timegm(&utc);
}

Result<SecretBytes> read_key_pem(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info{};
  if (!file.valid() || ::fstat(file.get(), &info) != 0) return identity_error(path, "S1090.open", errno);
  if (!S_ISREG(info.st_mode) || info.st_size <= 0 || static_cast<size_t>(info.st_size) > kMaxPem)
    return identity_error(path, "S1090.shape");
  if ((info.st_mode & 077) != 0) return identity_error(path, "S1090.permission");
  SecretBytes pem(static_cast<size_t>(info.st_size));
  size_t at = 0;
  while (at < pem.size()) {
    const ssize_t n = ::read(file.get(), pem.data() + at, pem.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return identity_error(path, "S1090.shape");
    at += static_cast<size_t>(n);
  }
  return pem;
}

Status write_key_pem(const SecretBytes& pem, const std::string& path) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) {
    if (errno == EEXIST) return identity_error(path, "S1090.exists");
    return identity_error(path, "S1090.write", errno);
  }
  size_t at = 0;
  while (at < pem.size()) {
    const ssize_t n = ::write(file.get(), pem.data() + at, pem.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return identity_error(path, "S1090.write", errno);
    at += static_cast<size_t>(n);
  }
  if (::fsync(file.get()) != 0) return identity_error(path, "S1090.write", errno);
  return {};
}

}  // namespace

CertificateHandle parse_certificate(std::string_view pem) {
  if (pem.empty() || pem.size() > kMaxPem) return nullptr;
  const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio != nullptr);
  CertificateHandle first(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const CertificateHandle second(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return second == nullptr ? std::move(first) : nullptr;
}

KeyHandle parse_private_key(ByteSpan pem) {
  if (pem.empty() || pem.size() > kMaxPem) return nullptr;
  const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio != nullptr);
  // Without a password callback OpenSSL would ask on the terminal.
  const auto refuse = [](char*, int, int, void*) { return -1; };
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse, nullptr));
  ERR_clear_error();
  return key;
}

std::optional<Fingerprint> fingerprint_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (n <= 0) return std::nullopt;
  const Fingerprint fingerprint = crypto::sha256(ByteSpan(der, static_cast<size_t>(n)));
  OPENSSL_free(der);
  return fingerprint;
}

Identity generate_identity(const std::string& name, int days, int64_t from) {
  CHECK(!name.empty() && name.size() <= 64 && days > 0);
  const KeyHandle key(EVP_EC_gen("P-256"));
  CHECK(key != nullptr);
  const time_t start = from != 0 ? static_cast<time_t>(from) : ::time(nullptr) - 3600;
  const CertificateHandle certificate = self_signed(key.get(), name, days, start);
  Identity identity;
  identity.key_pem = private_pem(key.get());
  identity.certificate_pem = certificate_pem(certificate.get());
  identity.fingerprint = fingerprint_of(certificate.get()).value();
  return identity;
}

Status save_identity(const Identity& identity, const std::string& key_path,
                     const std::string& certificate_path) {
  SLUIS_TRY(write_key_pem(identity.key_pem, key_path));
  return write_file(certificate_path, identity.certificate_pem, 0644);
}

Result<Identity> load_identity(const std::string& key_path, const std::string& certificate_path) {
  Identity identity;
  SLUIS_ASSIGN(identity.key_pem, read_key_pem(key_path));
  SLUIS_ASSIGN(identity.certificate_pem, read_file(certificate_path, kMaxPem));
  const KeyHandle key = parse_private_key(identity.key_pem.span());
  if (key == nullptr) return identity_error(key_path, "S1090.shape");
  const CertificateHandle certificate = parse_certificate(identity.certificate_pem);
  const std::optional<Fingerprint> fingerprint =
      certificate != nullptr ? fingerprint_of(certificate.get()) : std::nullopt;
  if (!fingerprint) return identity_error(certificate_path, "S1392.certificate");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return identity_error(key_path, "S1090.mismatch");
  }
  identity.fingerprint = *fingerprint;
  return identity;
}

Result<CertificateInfo> inspect_certificate(const std::string& certificate_pem) {
  const CertificateHandle certificate = parse_certificate(certificate_pem);
  const std::optional<Fingerprint> fingerprint =
      certificate != nullptr ? fingerprint_of(certificate.get()) : std::nullopt;
  if (!fingerprint) return identity_error("", "S1392.certificate");
  CertificateInfo info;
  info.fingerprint = *fingerprint;
  info.not_before = unix_seconds(X509_get0_notBefore(certificate.get()));
  info.not_after = unix_seconds(X509_get0_notAfter(certificate.get()));
  info.name = common_name(X509_get_subject_name(certificate.get()));
  return info;
}

}  // namespace sluis::net
