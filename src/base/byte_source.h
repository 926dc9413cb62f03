// A stream of bytes, read in chunks: a file that may be larger than memory, or a text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluis {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next chunk, valid until the next call; empty at the end. Errors: S1002.read, .large.
  virtual Result<std::string_view> next() = 0;
};

// Yields a text in one chunk (or in chunks of `chunk` bytes: for tests of readers). The text must outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view text, size_t chunk = SIZE_MAX) : left_(text), chunk_(chunk) {}
  Result<std::string_view> next() override;

 private:
  std::string_view left_;
  size_t chunk_;
};

// Opens a regular file for reading in chunks of 64 KiB. More than max_bytes: S1002.large. Errors: S1002.open.
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path, uint64_t max_bytes);

}  // namespace sluis
