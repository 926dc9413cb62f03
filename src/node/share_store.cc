#include "node/share_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/check.h"
#include "crypto/random.h"

namespace sluis::node {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSeedBytes = sizeof(sharing::Seed);

Error store_error(const char* id, std::vector<std::string> args = {}) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  return error;
}

Status make_directory(const std::string& path) {
  std::error_code fault;
  fs::create_directories(path, fault);
  if (fault) return store_error("S1002.write", {fault.message()});
  fs::permissions(path, fs::perms::owner_all, fault);
  return {};
}

// Overwrites before unlinking: on a copying file system this is best effort, and the key is itself encrypted.
void overwrite_and_remove(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    const off_t size = ::lseek(fd, 0, SEEK_END);
    const Bytes zeros(4096);
    ::lseek(fd, 0, SEEK_SET);
    for (off_t at = 0; at < size; at += static_cast<off_t>(zeros.size()))
      if (::write(fd, zeros.data(), zeros.size()) < 0) break;
    ::fsync(fd);
    ::close(fd);
  }
  std::error_code ignored;
  fs::remove(path, ignored);
}

Status save_key(const std::string& path, const SecretBytes& table_key, const SecretBytes& storage_key,
                const crypto::Digest& commitment) {
  SLUIS_ASSIGN(const std::unique_ptr<crypto::SealedWriter> writer,
               crypto::SealedWriter::create(path, storage_key.first<crypto::kSealKeyBytes>(), commitment));
  SLUIS_TRY(writer->write(table_key.span()));
  SLUIS_TRY(writer->finish());
  return {};
}

}  // namespace

Result<ShareStore> ShareStore::open(const std::string& directory, int party, SecretBytes storage_key,
                                    bool clean) {
  SLUIS_TRY(make_directory(directory));
  std::error_code ignored;
  if (clean) {
    std::vector<fs::path> left;  // half received, or half erased
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored))
      if (entry.path().extension() == ".part" || !fs::exists(entry.path() / "key.sealed", ignored))
        left.push_back(entry.path());
    for (const fs::path& path : left) fs::remove_all(path, ignored);
  }
  return ShareStore(directory, party, std::move(storage_key));
}

std::string ShareStore::path(const crypto::Digest& commitment) const {
  return directory_ + "/" + crypto::to_hex(commitment);
}

bool ShareStore::has(const crypto::Digest& commitment) const {
  return fs::exists(path(commitment) + "/key.sealed");
}

Result<std::unique_ptr<ShareStore::Incoming>> ShareStore::begin(const wire::TableUpload& upload) {
  const crypto::Digest commitment = upload.commitment();
  if (has(commitment)) return store_error("S1052.exists", {upload.table, upload.version});
  std::unique_ptr<Incoming> incoming(new Incoming);
  incoming->directory_ = path(commitment);
  incoming->temporary_ = path(commitment) + "." + to_hex(crypto::random_array<8>()) + ".part";
  incoming->upload_ = upload;
  incoming->party_ = party_;
  incoming->boundary_ = party_ == 2 ? upload.body_bytes(2) - kSeedBytes : kSeedBytes;
  incoming->expected_ = party_ == 0   ? std::array{upload.seed_0_sha256, upload.seed_1_sha256}
                        : party_ == 1 ? std::array{upload.seed_1_sha256, upload.x_2_sha256}
                                      : std::array{upload.x_2_sha256, upload.seed_0_sha256};
  SLUIS_TRY(make_directory(incoming->temporary_));
  SLUIS_TRY(write_file(incoming->temporary_ + "/table.json", wire::to_json(upload)));
  const SecretBytes key = crypto::random_secret(crypto::kSealKeyBytes);
  SLUIS_TRY(save_key(incoming->temporary_ + "/key.sealed", key, storage_key_, commitment));
  SLUIS_ASSIGN(incoming->writer_,
               crypto::SealedWriter::create(incoming->temporary_ + "/share.sealed",
                                            key.first<crypto::kSealKeyBytes>(), commitment));
  return incoming;
}

ShareStore::Incoming::~Incoming() {
  writer_.reset();
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

Status ShareStore::Incoming::write(ByteSpan bytes) {
  const uint64_t total = upload_.body_bytes(party_);
  if (bytes.size() > total - written_) return store_error("S1052.length");
  SLUIS_TRY(writer_->write(bytes));
  const size_t first = written_ < boundary_ ? std::min<uint64_t>(boundary_ - written_, bytes.size()) : 0;
  digests_[0].update(bytes.first(first));
  digests_[1].update(bytes.subspan(first));
  written_ += bytes.size();
  return {};
}

Status ShareStore::Incoming::finish() {
  if (written_ != upload_.body_bytes(party_)) return store_error("S1052.length");
  for (size_t part = 0; part < 2; ++part)
    if (crypto::to_hex(digests_[part].finish()) != expected_[part]) return store_error("S1052.digest");
  SLUIS_TRY(writer_->finish());
  writer_.reset();
  std::error_code fault;
  fs::rename(temporary_, directory_, fault);
  if (fault) return store_error("S1052.exists", {upload_.table, upload_.version});
  temporary_.clear();
  return {};
}

Result<SecretBytes> ShareStore::table_key(const crypto::Digest& commitment) const {
  SLUIS_ASSIGN(const std::unique_ptr<crypto::SealedReader> reader,
               crypto::SealedReader::open(path(commitment) + "/key.sealed",
                                          storage_key_.first<crypto::kSealKeyBytes>(), commitment));
  SecretBytes key(crypto::kSealKeyBytes);
  SLUIS_TRY(reader->read_exact(key.span()));
  SLUIS_TRY(reader->expect_end());
  return key;
}

Result<sharing::SharedBits> ShareStore::load(const wire::TableUpload& upload) const {
  const crypto::Digest commitment = upload.commitment();
  if (!has(commitment)) return store_error("S1052.missing", {upload.table, upload.version});
  SLUIS_ASSIGN(const SecretBytes key, table_key(commitment));
  SLUIS_ASSIGN(const std::unique_ptr<crypto::SealedReader> reader,
               crypto::SealedReader::open(path(commitment) + "/share.sealed",
                                          key.first<crypto::kSealKeyBytes>(), commitment));
  Bytes body(upload.body_bytes(party_));
  SLUIS_TRY(reader->read_exact(body));
  SLUIS_TRY(reader->expect_end());
  sharing::SharedBits shares = wire::open_party_body(upload, party_, body);
  secure_wipe(body.data(), body.size());
  return shares;
}

Result<std::vector<wire::TableUpload>> ShareStore::list() const {
  std::vector<wire::TableUpload> uploads;
  std::error_code fault;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, fault)) {
    if (entry.path().extension() == ".part") continue;
    SLUIS_ASSIGN(const std::string text, read_file(entry.path().string() + "/table.json", 1 << 20));
    SLUIS_ASSIGN(wire::TableUpload upload, wire::parse_table_upload(text));
    uploads.push_back(std::move(upload));
  }
  if (fault) return store_error("S1002.read", {fault.message()});
  return uploads;
}

Status ShareStore::erase(const crypto::Digest& commitment) {
  const std::string directory = path(commitment);
  overwrite_and_remove(directory + "/key.sealed");
  std::error_code fault;
  fs::remove_all(directory, fault);
  if (fault) return store_error("S1002.write", {fault.message()});
  return {};
}

uint64_t ShareStore::bytes_on_disk() const {
  uint64_t total = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory_, ignored))
    if (entry.is_regular_file(ignored)) total += entry.file_size(ignored);
  return total;
}

namespace {

// The file's own name, without its directory: a file that was renamed does not open.
Bytes bound_to(const std::string& file) {
  const std::string name = "small:" + fs::path(file).filename().string();
  const ByteSpan view = as_bytes(name);
  return Bytes(view.begin(), view.end());
}

}  // namespace

Status ShareStore::seal_small(const std::string& file, ByteSpan content) const {
  SLUIS_ASSIGN(
      const std::unique_ptr<crypto::SealedWriter> writer,
      crypto::SealedWriter::create(file, storage_key_.first<crypto::kSealKeyBytes>(), bound_to(file)));
  SLUIS_TRY(writer->write(content));
  SLUIS_TRY(writer->finish());
  return {};
}

Result<SecretBytes> ShareStore::unseal_small(const std::string& file, size_t max_bytes) const {
  SLUIS_ASSIGN(const std::unique_ptr<crypto::SealedReader> reader,
               crypto::SealedReader::open(file, storage_key_.first<crypto::kSealKeyBytes>(), bound_to(file)));
  SecretBytes buffer(max_bytes + 1);
  size_t length = 0;
  for (;;) {
    if (length == buffer.size()) return store_error("S1052.length");
    SLUIS_ASSIGN(const size_t n, reader->read(buffer.span().subspan(length)));
    if (n == 0) break;
    length += n;
  }
  return SecretBytes::copy_of(buffer.span().first(length));
}

}  // namespace sluis::node
