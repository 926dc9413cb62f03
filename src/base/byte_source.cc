#include "base/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace sluis {
namespace {

constexpr size_t kChunkBytes = 64 * 1024;

Error file_error(const char* id, std::string arg, const std::string& path, Exit exit) {
  Error error;
  error.id = id;
  error.args = {std::move(arg)};
  error.file = path;
  error.exit = exit;
  return error;
}

class FileSource : public ByteSource {
 public:
  FileSource(int fd, std::string path, uint64_t max_bytes)
      : fd_(fd), path_(std::move(path)), max_bytes_(max_bytes), buffer_(kChunkBytes) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(fd_); }

  Result<std::string_view> next() override {
    ssize_t n = 0;
    do {
      n = ::read(fd_, buffer_.data(), buffer_.size());
    } while (n < 0 && errno == EINTR);
    if (n < 0) return file_error("S1002.read", std::strerror(errno), path_, Exit::kUsage);
    read_ += static_cast<uint64_t>(n);
    // The size was checked when the file was opened; it may have grown since.
    if (read_ > max_bytes_)
      return file_error("S1002.large", std::to_string(max_bytes_), path_, Exit::kCheckFailed);
    return std::string_view(buffer_.data(), static_cast<size_t>(n));
  }

 private:
  int fd_;
  std::string path_;
  uint64_t max_bytes_;
  uint64_t read_ = 0;
  std::vector<char> buffer_;
};

}  // namespace

Result<std::string_view> MemorySource::next() {
  const std::string_view chunk = left_.substr(0, chunk_);
  left_.remove_prefix(chunk.size());
  return chunk;
}

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path, uint64_t max_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not block the open
  if (fd < 0) return file_error("S1002.open", std::strerror(errno), path, Exit::kUsage);
  std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(fd, path, max_bytes);
  struct stat about{};
  if (::fstat(fd, &about) != 0) return file_error("S1002.read", std::strerror(errno), path, Exit::kUsage);
  if (!S_ISREG(about.st_mode))
    return file_error("S1002.read", std::strerror(S_ISDIR(about.st_mode) ? EISDIR : EINVAL), path,
                      Exit::kUsage);
  if (static_cast<uint64_t>(about.st_size) > max_bytes)
    return file_error("S1002.large", std::to_string(max_bytes), path, Exit::kCheckFailed);
  return source;
}

}  // namespace sluis
