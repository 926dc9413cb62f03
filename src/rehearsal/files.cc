#include "rehearsal/files.h"

#include "base/bytes.h"
#include "wire/table_upload.h"

namespace sluis::rehearsal {
namespace {

constexpr size_t kMaxShareBytes = size_t{8} << 30;

std::string share_path(const std::string& directory, int party, const SharedPart& part) {
  return party_directory(directory, party) + "/" + part.schema.name + ".share";
}

// As far as the layout of a body depends on it.
wire::TableUpload shape_of(const SharedPart& part) {
  wire::TableUpload upload;
  upload.rows = part.rows;
  upload.columns = part.schema.columns;
  return upload;
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

Status save_shares(const std::string& directory, const relation::Table& table, const SharedPart& part) {
  const sharing::Split split = sharing::split(wire::encode_table(table, part.rows));
  for (int party = 0; party < 3; ++party)
    SLUIS_TRY(write_file(share_path(directory, party, part), as_text(wire::party_body(split, party))));
  return {};
}

Result<sharing::SharedBits> load_share(const std::string& directory, int party, const SharedPart& part) {
  const wire::TableUpload shape = shape_of(part);
  SLUIS_ASSIGN(const std::string body, read_file(share_path(directory, party, part), kMaxShareBytes));
  if (body.size() != shape.body_bytes(party)) {
    Error error;
    error.id = "S1052.length";
    return error;
  }
  return wire::open_party_body(shape, party, as_bytes(body));
}

}  // namespace sluis::rehearsal
