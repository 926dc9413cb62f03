// Byte strings: little-endian reading and writing with bounds, hexadecimal text.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluis {

using Bytes = std::vector<uint8_t>;
using ByteSpan = std::span<const uint8_t>;

inline ByteSpan as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hexadecimal, two digits per byte.
std::string to_hex(ByteSpan bytes);
// Empty if the text has an odd length or a character that is not a hexadecimal digit.
std::optional<Bytes> from_hex(std::string_view text);

// Appends little-endian integers and length-prefixed strings.
class ByteWriter {
 public:
  void u8(uint8_t v) { out_.push_back(v); }
  void u16(uint16_t v) { put(v, 2); }
  void u32(uint32_t v) { put(v, 4); }
  void u64(uint64_t v) { put(v, 8); }
  void bytes(ByteSpan v) { out_.insert(out_.end(), v.begin(), v.end()); }
  // u32 length, then the bytes.
  void text(std::string_view v) {
    u32(static_cast<uint32_t>(v.size()));
    bytes(as_bytes(v));
  }
  const Bytes& view() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  void put(uint64_t v, int n) {
    for (int i = 0; i < n; ++i) out_.push_back(static_cast<uint8_t>(v >> (8 * i)));
  }
  Bytes out_;
};

// Reads what ByteWriter wrote. A read past the end sets failed() and yields zeros: check failed() or done()
// once, at the end.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan in) : in_(in) {}
  uint8_t u8() { return static_cast<uint8_t>(get(1)); }
  uint16_t u16() { return static_cast<uint16_t>(get(2)); }
  uint32_t u32() { return static_cast<uint32_t>(get(4)); }
  uint64_t u64() { return get(8); }
  // A view into the input of n bytes; empty on failure.
  ByteSpan bytes(size_t n);
  // A length-prefixed string of at most max bytes; empty on failure.
  std::string text(size_t max);
  size_t left() const { return in_.size() - at_; }
  bool failed() const { return failed_; }
  // Everything was read and nothing failed.
  bool done() const { return !failed_ && at_ == in_.size(); }

 private:
  uint64_t get(size_t n);
  ByteSpan in_;
  size_t at_ = 0;
  bool failed_ = false;
};

// Whole file, at most max_bytes. Errors: S1002.open, .read, .large. `path` appears in the error as given.
Result<std::string> read_file(const std::string& path, size_t max_bytes);
// Writes to a temporary file beside `path`, syncs, renames: a reader sees the old or the new file, never
// half.
Status write_file(const std::string& path, std::string_view contents, unsigned mode = 0600);

}  // namespace sluis
