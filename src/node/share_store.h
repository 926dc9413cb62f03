// The shares that owners sent to this node: encrypted and checksummed files, one key per table version.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/hash.h"
#include "crypto/sealed_file.h"
#include "sharing/bits.h"
#include "wire/table_upload.h"

namespace sluis::node {

// Layout: <dir>/<commitment>/{table.json, share.sealed, key.sealed}. table.json holds the public facts;
// share.sealed this party's body (wire::party_body) under the table's own key, bound to the commitment;
// key.sealed that key under the node's storage key. Destroying key.sealed destroys the table, also in any
// backup of the share file. docs/formats/share_file.md.
class ShareStore {
 public:
  // `storage_key` has crypto::kSealKeyBytes bytes. Creates the directory. Removes what an interrupted
  // delivery left. Errors: S1002.*.
  static Result<ShareStore> open(const std::string& directory, int party, SecretBytes storage_key,
                                 bool clean);

  // A delivery in progress; without finish() nothing stays.
  class Incoming {
   public:
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    // The body in order, in any pieces. Errors: S1052.length, S1091.write.
    Status write(ByteSpan bytes);
    // Checks length and the digests of both parts, then makes the table visible. Errors: S1052.length,
    // S1052.digest, S1091.*.
    Status finish();

   private:
    friend class ShareStore;
    Incoming() = default;
    std::string directory_, temporary_;
    wire::TableUpload upload_;
    int party_ = 0;
    uint64_t written_ = 0;
    uint64_t boundary_ = 0;                  // where the second of the body's two parts begins
    std::array<crypto::Sha256, 2> digests_;  // of the parts: seed_0 seed_1 | seed_1 x_2 | x_2 seed_0
    std::array<std::string, 2> expected_;
    std::unique_ptr<crypto::SealedWriter> writer_;
  };
  // Errors: S1052.exists (the same delivery is here already), S1002.*, S1091.write.
  Result<std::unique_ptr<Incoming>> begin(const wire::TableUpload& upload);

  // This party's shares of a table. Errors: S1052.missing, S1091.* (altered, wrong key).
  Result<sharing::SharedBits> load(const wire::TableUpload& upload) const;
  bool has(const crypto::Digest& commitment) const;
  // Public facts of every table here, by commitment. Errors: S1002.*.
  Result<std::vector<wire::TableUpload>> list() const;
  // Overwrites and removes the key, then the files. No error if absent.
  Status erase(const crypto::Digest& commitment);
  uint64_t bytes_on_disk() const;

  // Small secrets of the node outside the store (result shares, pair secrets), under the same storage key,
  // bound to the file's name. Errors: S1091.*; S1052.length if the content is longer than `max_bytes`.
  Status seal_small(const std::string& file, ByteSpan content) const;
  Result<SecretBytes> unseal_small(const std::string& file, size_t max_bytes) const;

 private:
  ShareStore(std::string directory, int party, SecretBytes storage_key)
      : directory_(std::move(directory)), party_(party), storage_key_(std::move(storage_key)) {}
  std::string path(const crypto::Digest& commitment) const;
  Result<SecretBytes> table_key(const crypto::Digest& commitment) const;

  std::string directory_;
  int party_;
  SecretBytes storage_key_;
};

}  // namespace sluis::node
