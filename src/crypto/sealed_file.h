// Sealed files: encrypted, authenticated, written and read in chunks with bounded memory. The container of
// shares on a node's disk (docs/formats/share_file.md). XChaCha20-Poly1305 through libsodium's secretstream.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hash.h"

namespace sluis::crypto {

inline constexpr size_t kSealKeyBytes = 32;

// What a finished file is.
struct SealedFileInfo {
  Digest sha256{};             // of the whole file as it lies on disk
  uint64_t file_bytes = 0;     // on disk
  uint64_t content_bytes = 0;  // of clear content
};

// Writes to `path`.part<pid> and renames at the end: `path` appears whole or not at all. Without finish() the
// temporary file is removed.
class SealedWriter {
 public:
  // `associated` (such as the table's hash) is not stored: a reader must present the same bytes, so a file
  // moved to another table's place does not open. Errors: S1091.write.
  static Result<std::unique_ptr<SealedWriter>> create(const std::string& path,
                                                      std::span<const uint8_t, kSealKeyBytes> key,
                                                      ByteSpan associated);
  ~SealedWriter();
  SealedWriter(const SealedWriter&) = delete;
  SealedWriter& operator=(const SealedWriter&) = delete;

  Status write(ByteSpan content);
  // The final chunk, sync, rename. Nothing may be called after it.
  Result<SealedFileInfo> finish();

 private:
  SealedWriter() = default;
  struct State;
  std::unique_ptr<State> state_;
};

// Content is released chunk by chunk, each chunk authenticated; that the file is complete is known only when
// read() has returned 0. Act on nothing before that.
class SealedReader {
 public:
  // Errors: S1091.open, .shape (not a sealed file), .version. A wrong key or wrong associated data shows at
  // the first read.
  static Result<std::unique_ptr<SealedReader>> open(const std::string& path,
                                                    std::span<const uint8_t, kSealKeyBytes> key,
                                                    ByteSpan associated);
  ~SealedReader();
  SealedReader(const SealedReader&) = delete;
  SealedReader& operator=(const SealedReader&) = delete;

  // Up to out.size() bytes of content; 0 means the verified end. REQUIRES: out not empty.
  // Errors: S1091.altered (changed, wrong key or wrong associated data), .truncated, .trailing (bytes after
  // the end).
  Result<size_t> read(std::span<uint8_t> out);
  // Exactly out.size() bytes. The same errors; .truncated also if the content ends before.
  Status read_exact(std::span<uint8_t> out);
  // The content must end here. Errors as above; .trailing if content is left.
  Status expect_end();
  // Digest and sizes of what was read; set once the end was reached.
  std::optional<SealedFileInfo> info() const;

 private:
  SealedReader() = default;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluis::crypto
