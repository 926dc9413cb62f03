#include "crypto/sealed_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/check.h"
#include "base/secret.h"

namespace sluis::crypto {
namespace {

static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == kSealKeyBytes);

constexpr std::string_view kMagic = "SLUISSF\n";
constexpr uint32_t kVersion = 1;
constexpr size_t kChunk = 256 * 1024;  // bytes of content per chunk, fixed in version 1
constexpr size_t kTag = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr size_t kStreamHeader = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr size_t kPrefix = 16;  // magic, version, chunk size
constexpr size_t kHeader = kPrefix + kStreamHeader;

using StreamState = crypto_secretstream_xchacha20poly1305_state;

Error seal_error(const std::string& path, const char* id, int why = 0) {
  Error error;
  error.id = id;
  error.file = path;
  if (why != 0) error.args = {std::strerror(why)};
  return error;
}

std::array<uint8_t, kPrefix> prefix_bytes() {
  ByteWriter writer;
  writer.bytes(as_bytes(kMagic));
  writer.u32(kVersion);
  writer.u32(kChunk);
  std::array<uint8_t, kPrefix> out;
  std::copy(writer.view().begin(), writer.view().end(), out.begin());
  return out;
}

// What every chunk is bound to: the header's meaning and the caller's data.
Digest binding(ByteSpan associated) {
  const std::array<uint8_t, kPrefix> prefix = prefix_bytes();
  return Sha256().update(prefix).update(associated).finish();
}

struct File {
  FILE* handle = nullptr;
  ~File() { close(); }
  bool close() {
    FILE* closing = std::exchange(handle, nullptr);
    return closing == nullptr || std::fclose(closing) == 0;
  }
};

// The name is durable only when its directory is.
bool sync_directory(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

struct SealedWriter::State {
  std::string path, temporary;
  File file;
  StreamState stream{};
  Digest bound{};
  Sha256 hash;
  SealedFileInfo info;
  SecretBytes pending{kChunk};  // content of the chunk being collected
  size_t pending_bytes = 0;
  std::vector<uint8_t> sealed = std::vector<uint8_t>(kChunk + kTag);

  ~State() {
    secure_wipe(&stream, sizeof stream);
    if (file.handle != nullptr) ::unlink(temporary.c_str());
  }

  Status put(ByteSpan bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file.handle) != bytes.size())
      return seal_error(path, "S1091.write", errno);
    hash.update(bytes);
    info.file_bytes += bytes.size();
    return {};
  }

  Status seal(ByteSpan content, uint8_t tag) {
    CHECK(::crypto_secretstream_xchacha20poly1305_push(&stream, sealed.data(), nullptr, content.data(),
                                                       content.size(), bound.data(), bound.size(), tag) == 0);
    info.content_bytes += content.size();
    return put(ByteSpan(sealed.data(), content.size() + kTag));
  }
};

SealedWriter::~SealedWriter() = default;

Result<std::unique_ptr<SealedWriter>> SealedWriter::create(const std::string& path,
                                                           std::span<const uint8_t, kSealKeyBytes> key,
                                                           ByteSpan associated) {
  CHECK(::sodium_init() >= 0);
  auto state = std::make_unique<State>();
  state->path = path;
  state->temporary = path + ".part" + std::to_string(::getpid());
  const int fd =
      ::open(state->temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return seal_error(path, "S1091.write", errno);
  state->file.handle = ::fdopen(fd, "wb");
  CHECK(state->file.handle != nullptr);
  state->bound = binding(associated);
  std::array<uint8_t, kHeader> header{};
  const std::array<uint8_t, kPrefix> prefix = prefix_bytes();
  std::copy(prefix.begin(), prefix.end(), header.begin());
  CHECK(::crypto_secretstream_xchacha20poly1305_init_push(&state->stream, header.data() + kPrefix,
                                                          key.data()) == 0);
  SLUIS_TRY(state->put(header));
  std::unique_ptr<SealedWriter> writer(new SealedWriter);
  writer->state_ = std::move(state);
  return writer;
}

Status SealedWriter::write(ByteSpan content) {
  State& s = *state_;
  while (!content.empty()) {
    // A full chunk waits for more content: the last chunk, full or not, is the one that bears the final tag.
    if (s.pending_bytes == kChunk) {
      SLUIS_TRY(s.seal(s.pending.span(), crypto_secretstream_xchacha20poly1305_TAG_MESSAGE));
      s.pending_bytes = 0;
    }
    const size_t n = std::min(content.size(), kChunk - s.pending_bytes);
    std::memcpy(s.pending.data() + s.pending_bytes, content.data(), n);
    s.pending_bytes += n;
    content = content.subspan(n);
  }
  return {};
}

Result<SealedFileInfo> SealedWriter::finish() {
  State& s = *state_;
  CHECK(s.file.handle != nullptr);
  SLUIS_TRY(s.seal(s.pending.span().first(s.pending_bytes), crypto_secretstream_xchacha20poly1305_TAG_FINAL));
  if (std::fflush(s.file.handle) != 0 || ::fsync(::fileno(s.file.handle)) != 0)
    return seal_error(s.path, "S1091.write", errno);
  if (::rename(s.temporary.c_str(), s.path.c_str()) != 0) return seal_error(s.path, "S1091.write", errno);
  if (!s.file.close() || !sync_directory(s.path)) return seal_error(s.path, "S1091.write", errno);
  s.info.sha256 = s.hash.finish();
  return s.info;
}

struct SealedReader::State {
  std::string path;
  File file;
  StreamState stream{};
  Digest bound{};
  Sha256 hash;
  SealedFileInfo info;
  SecretBytes content{kChunk};
  size_t content_at = 0, content_end = 0;
  bool ended = false, failed = false;
  std::vector<uint8_t> sealed = std::vector<uint8_t>(kChunk + kTag);

  ~State() { secure_wipe(&stream, sizeof stream); }

  // Reads as much as there is, at most `most`.
  size_t get(std::span<uint8_t> out) {
    const size_t n = std::fread(out.data(), 1, out.size(), file.handle);
    hash.update(out.first(n));
    info.file_bytes += n;
    return n;
  }

  Error fail(const char* id) {
    failed = true;
    content_at = content_end = 0;
    return seal_error(path, id);
  }

  // Opens the next chunk into `content`.
  Status next_chunk() {
    const size_t n = get(sealed);
    if (std::ferror(file.handle) != 0) return fail("S1091.read");
    if (n < kTag) return fail("S1091.truncated");
    unsigned long long length = 0;
    uint8_t tag = 0;
    if (::crypto_secretstream_xchacha20poly1305_pull(&stream, content.data(), &length, &tag, sealed.data(), n,
                                                     bound.data(), bound.size()) != 0)
      return fail("S1091.altered");
    return accept_chunk(static_cast<size_t>(length), tag);
  }

  Status accept_chunk(size_t length, uint8_t tag) {
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
      if (std::fgetc(file.handle) != EOF) return fail("S1091.trailing");
      ended = true;
      info.sha256 = hash.finish();
    } else if (tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE || length != kChunk) {
      return fail("S1091.altered");
    }
    content_at = 0;
    content_end = length;
    info.content_bytes += length;
    return {};
  }
};

SealedReader::~SealedReader() = default;

Result<std::unique_ptr<SealedReader>> SealedReader::open(const std::string& path,
                                                         std::span<const uint8_t, kSealKeyBytes> key,
                                                         ByteSpan associated) {
  CHECK(::sodium_init() >= 0);
  auto state = std::make_unique<State>();
  state->path = path;
  state->file.handle = std::fopen(path.c_str(), "rbe");
  if (state->file.handle == nullptr) return seal_error(path, "S1091.open", errno);
  std::array<uint8_t, kHeader> header{};
  if (state->get(header) != header.size() || !as_text(header).starts_with(kMagic))
    return seal_error(path, "S1091.shape");
  const std::array<uint8_t, kPrefix> prefix = prefix_bytes();
  if (!std::equal(prefix.begin(), prefix.end(), header.begin())) return seal_error(path, "S1091.version");
  state->bound = binding(associated);
  if (::crypto_secretstream_xchacha20poly1305_init_pull(&state->stream, header.data() + kPrefix,
                                                        key.data()) != 0)
    return seal_error(path, "S1091.altered");
  std::unique_ptr<SealedReader> reader(new SealedReader);
  reader->state_ = std::move(state);
  return reader;
}

Result<size_t> SealedReader::read(std::span<uint8_t> out) {
  State& s = *state_;
  CHECK(!out.empty());
  if (s.failed) return seal_error(s.path, "S1091.altered");
  while (s.content_at == s.content_end && !s.ended) SLUIS_TRY(s.next_chunk());
  const size_t n = std::min(out.size(), s.content_end - s.content_at);
  if (n != 0) std::memcpy(out.data(), s.content.data() + s.content_at, n);
  s.content_at += n;
  return n;
}

Status SealedReader::read_exact(std::span<uint8_t> out) {
  while (!out.empty()) {
    SLUIS_ASSIGN(const size_t n, read(out));
    if (n == 0) return state_->fail("S1091.truncated");
    out = out.subspan(n);
  }
  return {};
}

Status SealedReader::expect_end() {
  uint8_t extra = 0;
  SLUIS_ASSIGN(const size_t n, read(std::span(&extra, 1)));
  if (n != 0) return state_->fail("S1091.trailing");
  return {};
}

std::optional<SealedFileInfo> SealedReader::info() const {
  if (!state_->ended || state_->failed) return std::nullopt;
  return state_->info;
}

}  // namespace sluis::crypto
