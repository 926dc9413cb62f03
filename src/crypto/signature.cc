#include "crypto/signature.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "crypto/random.h"

namespace sluis::crypto {
namespace {

static_assert(crypto_sign_BYTES == 64 && crypto_sign_PUBLICKEYBYTES == 32);
static_assert(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_SEEDBYTES == 32);

// The file, exactly: four lines, LF, nothing else.
constexpr std::string_view kHeading = "sluis-key/1\n";
constexpr std::string_view kType = "type ed25519\n";
constexpr std::string_view kPublic = "public ";
constexpr std::string_view kPrivate = "private ";
constexpr size_t kFileBytes = kHeading.size() + kType.size() + kPublic.size() + 65 + kPrivate.size() + 65;

Error key_error(const std::string& path, const char* id, const char* why = nullptr) {
  Error error;
  error.id = id;
  error.file = path;
  if (why != nullptr) error.args = {why};
  return error;
}

// Appends to a buffer of known size, so that no growing string leaves copies of the key behind.
class FixedWriter {
 public:
  explicit FixedWriter(std::span<uint8_t> out) : out_(out) {}
  void text(std::string_view v) {
    CHECK(v.size() <= out_.size());
    std::copy(v.begin(), v.end(), out_.begin());
    out_ = out_.subspan(v.size());
  }
  void hex_line(ByteSpan v) {
    CHECK(2 * v.size() + 1 <= out_.size());
    char* at = reinterpret_cast<char*>(out_.data());
    // Constant-time conversion; it also writes a zero byte where the line end goes.
    ::sodium_bin2hex(at, 2 * v.size() + 1, v.data(), v.size());
    at[2 * v.size()] = '\n';
    out_ = out_.subspan(2 * v.size() + 1);
  }

 private:
  std::span<uint8_t> out_;
};

SecretBytes file_text(ByteSpan public_key, ByteSpan seed) {
  SecretBytes text(kFileBytes);
  FixedWriter writer(text.span());
  writer.text(kHeading);
  writer.text(kType);
  writer.text(kPublic);
  writer.hex_line(public_key);
  writer.text(kPrivate);
  writer.hex_line(seed);
  return text;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// 32 bytes from 64 hexadecimal digits and a line end.
bool take_hex_line(std::string_view& text, std::span<uint8_t, 32> out) {
  if (text.size() < 65 || text[64] != '\n') return false;
  size_t n = 0;
  const int bad = ::sodium_hex2bin(out.data(), out.size(), text.data(), 64, nullptr, &n, nullptr);
  text.remove_prefix(65);
  return bad == 0 && n == out.size();
}

// Closes a descriptor at the end of the scope.
struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

bool read_exact(int fd, std::span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t n = ::read(fd, out.data(), out.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out = out.subspan(static_cast<size_t>(n));
  }
  return true;
}

bool write_exact(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return true;
}

Result<SecretBytes> read_key_text(const std::string& path) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.fd < 0) return key_error(path, "S1090.open", std::strerror(errno));
  struct stat info{};
  if (::fstat(file.fd, &info) != 0) return key_error(path, "S1090.open", std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return key_error(path, "S1090.shape");
  if ((info.st_mode & 077) != 0) return key_error(path, "S1090.permission");
  SecretBytes text(kFileBytes);
  if (info.st_size != static_cast<off_t>(kFileBytes) || !read_exact(file.fd, text.span()))
    return key_error(path, "S1090.shape");
  return text;
}

}  // namespace

SigningKey SigningKey::generate() { return from_seed(random_secret(32).first<32>()); }

SigningKey SigningKey::from_seed(std::span<const uint8_t, 32> seed) {
  CHECK(::sodium_init() >= 0);
  SigningKey key;
  key.secret_ = SecretBytes(64);
  CHECK(::crypto_sign_seed_keypair(key.public_.data(), key.secret_.data(), seed.data()) == 0);
  return key;
}

Result<SigningKey> SigningKey::load(const std::string& path) {
  SLUIS_ASSIGN(const SecretBytes contents, read_key_text(path));
  std::string_view text = as_text(contents.span());
  PublicKey stated{};
  SecretBytes seed(32);
  const bool shape = take(text, kHeading) && take(text, kType) && take(text, kPublic) &&
                     take_hex_line(text, stated) && take(text, kPrivate) &&
                     take_hex_line(text, std::span<uint8_t, 32>(seed.data(), 32)) && text.empty();
  if (!shape) return key_error(path, "S1090.shape");
  SigningKey key = from_seed(seed.first<32>());
  if (key.public_ != stated) return key_error(path, "S1090.mismatch");
  return key;
}

Status SigningKey::save(const std::string& path) const {
  const SecretBytes text = file_text(public_, secret_.span().first(32));
  // O_EXCL: a key that others rely on is never replaced by accident.
  const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (file.fd < 0 && errno == EEXIST) return key_error(path, "S1090.exists");
  if (file.fd < 0) return key_error(path, "S1090.write", std::strerror(errno));
  if (write_exact(file.fd, text.span()) && ::fsync(file.fd) == 0) return {};
  const int why = errno;
  ::unlink(path.c_str());
  return key_error(path, "S1090.write", std::strerror(why));
}

Signature SigningKey::sign(ByteSpan message) const {
  Signature signature;
  CHECK(secret_.size() == 64);
  CHECK(::crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret_.data()) ==
        0);
  return signature;
}

bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) {
  return ::crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

template <size_t N>
static std::optional<std::array<uint8_t, N>> parse_array(std::string_view hex) {
  const std::optional<Bytes> bytes = from_hex(hex);
  if (!bytes || bytes->size() != N) return std::nullopt;
  std::array<uint8_t, N> out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::optional<PublicKey> parse_public_key(std::string_view hex) { return parse_array<32>(hex); }
std::optional<Signature> parse_signature(std::string_view hex) { return parse_array<64>(hex); }

}  // namespace sluis::crypto
