// What an owner tells each node about a table it shares: public facts, no values.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "relation/table.h"
#include "sharing/bits.h"
#include "sharing/split.h"

namespace sluis::wire {

inline constexpr uint64_t kMaxUploadRows = uint64_t{1} << 26;
inline constexpr size_t kMaxUploadColumns = 64;

// One version of one owner's table, bound to one study. The same text goes to all three nodes; its digest is
// the table's commitment, which runs and receipts name.
struct TableUpload {
  std::string study;    // 64 hexadecimal digits
  std::string table;    // name in the study
  std::string profile;  // "ddas-shv/1.0#traject-client"
  std::string version;  // the owner's label, "2026-10-01"
  std::string owner;    // OIN, 20 digits; the node checks it against the certificate
  uint64_t rows = 0;    // padded to a public size (padded_rows)
  std::vector<relation::ColumnSchema> columns;
  // SHA-256 of the words of x_2 (little-endian, as they travel) and of each seed: both holders of a share
  // check the same digest, so that no two nodes can be given different ones. Set by commit_to().
  std::string x_2_sha256, seed_0_sha256, seed_1_sha256;
  std::string upload_id;  // 32 hexadecimal digits, fresh for every delivery

  // Planes per row: each column's bits, then its null plane if nullable; one plane `valid` in front.
  size_t planes() const;
  // Bytes that follow the text at this party: P0 seed_0 seed_1; P1 seed_1 x_2; P2 x_2 seed_0.
  uint64_t body_bytes(int party) const;
  crypto::Digest commitment() const;
};

std::string to_json(const TableUpload& upload);
// Strict; bounds all sizes. Errors: S1040.*, S1003–S1006, S1050.upload.
Result<TableUpload> parse_table_upload(std::string_view json);

// The number of rows that is shared for n real rows: the next of 64, 80, 96, 112, 128, 160, ... (four steps
// per doubling), so that at most 25 % is padding and the size tells little.
uint64_t padded_rows(uint64_t n);

// Clear table -> planes in the upload's layout, padded with rows that are not valid. REQUIRES: table columns
// as upload.columns.
sharing::Bits encode_table(const relation::Table& table, uint64_t rows);
// The parts of one party as bytes after the text.
Bytes party_body(const sharing::Split& split, int party);
// Inverse, at the node: both shares of party. REQUIRES: body.size() == body_bytes(party).
sharing::SharedBits open_party_body(const TableUpload& upload, int party, ByteSpan body);
// Puts the digests of the three shares into the upload.
void commit_to(TableUpload& upload, const sharing::Split& split);

}  // namespace sluis::wire
