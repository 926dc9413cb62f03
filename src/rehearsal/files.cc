#include "rehearsal/files.h"

#include "base/bytes.h"
#include "wire/table_upload.h"

namespace sluis::rehearsal {
namespace {

constexpr size_t kMaxShareBytes = size_t{8} << 30;

std::string path_of(const std::string& directory, int party, const std::string& table, const char* suffix) {
  return party_directory(directory, party) + "/" + table + suffix;
}

}  // namespace

std::string party_directory(const std::string& directory, int party) {
  return directory + "/party" + std::to_string(party);
}

std::string certificate_path(const std::string& directory, int party) {
  return party_directory(directory, party) + "/tls.pem";
}

Result<net::Identity> load_party_identity(const std::string& directory, int party) {
  return net::load_identity(party_directory(directory, party) + "/tls.key",
                            certificate_path(directory, party));
}

Status save_shares(const std::string& directory, const relation::Table& table, const std::string& run) {
  wire::TableUpload upload;
  upload.study = std::string(64, '0');
  upload.table = table.schema.name;
  upload.profile = "rehearsal";
  upload.version = "1";
  upload.owner = std::string(20, '0');
  upload.rows = wire::padded_rows(table.rows);
  upload.columns = table.schema.columns;
  upload.upload_id = run;
  const sharing::Split split = sharing::split(wire::encode_table(table, upload.rows));
  upload.x_2_sha256 = crypto::to_hex(wire::digest_of(split.x_2));
  for (int party = 0; party < 3; ++party) {
    SLUIS_TRY(write_file(path_of(directory, party, upload.table, ".json"), wire::to_json(upload)));
    SLUIS_TRY(write_file(path_of(directory, party, upload.table, ".share"),
                         as_text(wire::party_body(split, party))));
  }
  return {};
}

Result<sharing::SharedBits> load_share(const std::string& directory, int party, const std::string& table) {
  SLUIS_ASSIGN(const std::string text, read_file(path_of(directory, party, table, ".json"), 1 << 20));
  SLUIS_ASSIGN(const wire::TableUpload upload, wire::parse_table_upload(text));
  SLUIS_ASSIGN(const std::string body, read_file(path_of(directory, party, table, ".share"), kMaxShareBytes));
  if (body.size() != upload.body_bytes(party)) {
    Error error;
    error.id = "S1052.length";
    return error;
  }
  return wire::open_party_body(upload, party, as_bytes(body));
}

}  // namespace sluis::rehearsal
