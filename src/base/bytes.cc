#include "base/bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace sluis {

std::string to_hex(ByteSpan bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (uint8_t b : bytes) {
    text += kDigits[b >> 4];
    text += kDigits[b & 15];
  }
  return text;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<uint8_t>(16 * high + low));
  }
  return out;
}

ByteSpan ByteReader::bytes(size_t n) {
  if (failed_ || n > left()) {
    failed_ = true;
    return {};
  }
  const ByteSpan view = in_.subspan(at_, n);
  at_ += n;
  return view;
}

std::string ByteReader::text(size_t max) {
  const uint32_t n = u32();
  if (n > max) failed_ = true;
  return std::string(as_text(bytes(failed_ ? 0 : n)));
}

uint64_t ByteReader::get(size_t n) {
  const ByteSpan view = bytes(n);
  uint64_t v = 0;
  for (size_t i = 0; i < view.size(); ++i) v |= uint64_t{view[i]} << (8 * i);
  return v;
}

static Error file_error(const std::string& path, const char* id, const std::string& why) {
  Error error;
  error.id = id;
  error.args = {why};
  error.file = path;
  return error;
}

Result<std::string> read_file(const std::string& path, size_t max_bytes) {
  FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return file_error(path, "S1002.open", std::strerror(errno));
  std::string text;
  char buffer[65536];
  size_t n = 0;
  while (text.size() <= max_bytes && (n = std::fread(buffer, 1, sizeof buffer, file)) > 0)
    text.append(buffer, n);
  const bool broken = std::ferror(file) != 0;
  std::fclose(file);
  if (broken) return file_error(path, "S1002.read", "read error");
  if (text.size() > max_bytes) return file_error(path, "S1002.large", std::to_string(max_bytes));
  return text;
}

static bool write_all(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t n = ::write(fd, contents.data(), contents.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    contents.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

Status write_file(const std::string& path, std::string_view contents, unsigned mode) {
  const std::string temporary = path + ".part" + std::to_string(::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return file_error(path, "S1002.write", std::strerror(errno));
  const bool written = write_all(fd, contents) && ::fsync(fd) == 0;
  const int reason = errno;
  ::close(fd);
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  const int why = written ? errno : reason;
  ::unlink(temporary.c_str());
  return file_error(path, "S1002.write", std::strerror(why));
}

}  // namespace sluis
