#include "crypto/sealed_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace sluis::crypto {
namespace {

constexpr size_t kChunk = 256 * 1024;

Bytes pattern(size_t n) {
  Bytes bytes(n);
  uint32_t state = 12345;
  for (uint8_t& b : bytes) b = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

class SealedFile : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sluis-seal-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    directory_ = name;
    path_ = directory_ + "/shares";
    key_.fill(7);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  SealedFileInfo write(ByteSpan content, size_t step = 100'000) {
    auto writer = SealedWriter::create(path_, key_, bound_).value();
    for (size_t at = 0; at < content.size(); at += step)
      EXPECT_TRUE(writer->write(content.subspan(at, std::min(step, content.size() - at))).ok());
    return writer->finish().value();
  }

  // Reads to the end; the content, or the error.
  Result<Bytes> read(std::optional<SealedFileInfo>* info = nullptr) {
    SLUIS_ASSIGN(const auto reader, SealedReader::open(path_, key_, bound_));
    Bytes content;
    Bytes part(70'001);
    while (true) {
      SLUIS_ASSIGN(const size_t n, reader->read(part));
      if (n == 0) break;
      content.insert(content.end(), part.begin(), part.begin() + static_cast<ptrdiff_t>(n));
    }
    if (info != nullptr) *info = reader->info();
    return content;
  }

  std::string raw() const { return read_file(path_, size_t{1} << 30).value(); }
  void put_raw(const std::string& bytes) { ASSERT_TRUE(write_file(path_, bytes).ok()); }

  std::string directory_, path_;
  std::array<uint8_t, kSealKeyBytes> key_{};
  Bytes bound_ = {1, 2, 3};
};

TEST_F(SealedFile, ReturnsWhatWasWrittenAtEveryLength) {
  for (const size_t n :
       {size_t{0}, size_t{1}, size_t{1000}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 3 * kChunk + 5}) {
    const Bytes content = pattern(n);
    const SealedFileInfo written = write(content);
    std::optional<SealedFileInfo> info;
    EXPECT_EQ(read(&info).value(), content) << n;
    ASSERT_TRUE(info.has_value());
    EXPECT_EQ(info->sha256, written.sha256);
    EXPECT_EQ(info->content_bytes, n);
    EXPECT_EQ(info->file_bytes, written.file_bytes);
    EXPECT_EQ(written.sha256, sha256(raw()));
    EXPECT_EQ(written.file_bytes, raw().size());
  }
}

TEST_F(SealedFile, StepsOfWritingDoNotMatter) {
  const Bytes content = pattern(2 * kChunk + 77);
  const SealedFileInfo whole = write(content, content.size());
  const SealedFileInfo small = write(content, 1009);
  EXPECT_EQ(whole.file_bytes, small.file_bytes);
  EXPECT_EQ(read().value(), content);
}

TEST_F(SealedFile, TwoFilesOfOneContentDiffer) {
  const Bytes content = pattern(500);
  write(content);
  const std::string first = raw();
  write(content);
  EXPECT_NE(first.substr(16), raw().substr(16));
}

TEST_F(SealedFile, EveryFlippedByteIsNoticed) {
  write(pattern(700));
  const std::string good = raw();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    put_raw(bad);
    const auto result = read();
    ASSERT_FALSE(result.ok()) << i;
    EXPECT_EQ(result.error().id, i < 8 ? "S1091.shape" : i < 16 ? "S1091.version" : "S1091.altered") << i;
  }
}

TEST_F(SealedFile, EveryFlippedByteOfALargeFileIsNoticed) {
  write(pattern(2 * kChunk + 1000));
  const std::string good = raw();
  for (size_t i = 16; i < good.size(); i += 40'009) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x80);
    put_raw(bad);
    EXPECT_EQ(read().error().id, "S1091.altered") << i;
  }
}

TEST_F(SealedFile, EveryTruncationIsNoticed) {
  write(pattern(300));
  const std::string good = raw();
  for (size_t n = 0; n < good.size(); ++n) {
    put_raw(good.substr(0, n));
    EXPECT_FALSE(read().ok()) << n;
  }
  // Whole chunks missing at the end: each one that is left is genuine.
  write(pattern(3 * kChunk));
  const std::string large = raw();
  for (const size_t chunks : {0, 1, 2}) {
    put_raw(large.substr(0, 40 + chunks * (kChunk + 17)));
    EXPECT_EQ(read().error().id, "S1091.truncated") << chunks;
  }
}

TEST_F(SealedFile, EveryExtensionIsNoticed) {
  // A file whose last chunk is full: extra bytes lie after it. Otherwise they spoil the last chunk itself.
  write(pattern(2 * kChunk));
  const std::string full = raw();
  put_raw(full + "x");
  EXPECT_EQ(read().error().id, "S1091.trailing");
  put_raw(full + full.substr(40));
  EXPECT_EQ(read().error().id, "S1091.trailing");
  write(pattern(300));
  put_raw(raw() + "x");
  EXPECT_EQ(read().error().id, "S1091.altered");
}

TEST_F(SealedFile, ReorderedChunksAreNoticed) {
  write(pattern(3 * kChunk));
  std::string bad = raw();
  const size_t size = kChunk + 17;
  std::swap_ranges(bad.begin() + 40, bad.begin() + 40 + static_cast<ptrdiff_t>(size),
                   bad.begin() + 40 + static_cast<ptrdiff_t>(size));
  put_raw(bad);
  EXPECT_EQ(read().error().id, "S1091.altered");
}

TEST_F(SealedFile, NeedsTheSameKeyAndTheSameTable) {
  write(pattern(300));
  key_[0] ^= 1;
  EXPECT_EQ(read().error().id, "S1091.altered");
  key_[0] ^= 1;
  bound_ = {1, 2, 4};
  EXPECT_EQ(read().error().id, "S1091.altered");
  bound_ = {1, 2, 3};
  EXPECT_TRUE(read().ok());
}

TEST_F(SealedFile, AppearsOnlyWhenFinished) {
  {
    auto writer = SealedWriter::create(path_, key_, bound_).value();
    ASSERT_TRUE(writer->write(pattern(3 * kChunk)).ok());
    EXPECT_FALSE(std::filesystem::exists(path_));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
  // An unfinished second version leaves the first as it is.
  write(pattern(10));
  {
    auto writer = SealedWriter::create(path_, key_, bound_).value();
  }
  EXPECT_EQ(read().value(), pattern(10));
  struct stat info{};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SealedFile, ExactReadsStopAtTheEnd) {
  write(pattern(1000));
  Bytes part(1000);
  auto reader = SealedReader::open(path_, key_, bound_).value();
  ASSERT_TRUE(reader->read_exact(part).ok());
  EXPECT_EQ(part, pattern(1000));
  EXPECT_TRUE(reader->expect_end().ok());
  reader = SealedReader::open(path_, key_, bound_).value();
  ASSERT_TRUE(reader->read_exact(std::span(part).first(999)).ok());
  EXPECT_EQ(reader->expect_end().error().id, "S1091.trailing");
  EXPECT_FALSE(reader->info().has_value());
  reader = SealedReader::open(path_, key_, bound_).value();
  Bytes more(1001);
  EXPECT_EQ(reader->read_exact(more).error().id, "S1091.truncated");
}

TEST_F(SealedFile, ReportsWhatCannotBeOpened) {
  EXPECT_EQ(read().error().id, "S1091.open");
  path_ = directory_ + "/none/shares";
  EXPECT_EQ(SealedWriter::create(path_, key_, bound_).error().id, "S1091.write");
}

}  // namespace
}  // namespace sluis::crypto
