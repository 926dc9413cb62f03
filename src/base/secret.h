// SecretBytes: memory for keys. Wiped on destruction, kept out of core dumps, locked against swapping where
// the system allows it, compared in constant time, moved but never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace sluis {

// Overwrites memory in a way the compiler may not remove.
void secure_wipe(void* memory, size_t n);

// True if both have the same length and content. The time depends on the lengths only.
bool equal_constant_time(ByteSpan a, ByteSpan b);

// A fixed number of secret bytes in pages of their own: locking and excluding from core dumps work per page,
// so this is for keys, not for columns.
class SecretBytes {
 public:
  SecretBytes() = default;
  // n zero bytes.
  explicit SecretBytes(size_t n);
  // A copy of `bytes`; the caller wipes the source.
  static SecretBytes copy_of(ByteSpan bytes);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  std::span<uint8_t> span() { return {data_, size_}; }
  ByteSpan span() const { return {data_, size_}; }
  // The first N bytes. REQUIRES: size() >= N.
  template <size_t N>
  std::span<const uint8_t, N> first() const {
    CHECK(size_ >= N);
    return std::span<const uint8_t, N>(data_, N);
  }

 private:
  void release();
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t mapped_ = 0;  // bytes of the mapping; a multiple of the page size
};

// Same length and content, in constant time.
inline bool operator==(const SecretBytes& a, const SecretBytes& b) {
  return equal_constant_time(a.span(), b.span());
}

}  // namespace sluis
