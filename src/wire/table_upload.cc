#include "wire/table_upload.h"

#include <bit>
#include <cstring>

#include "base/check.h"
#include "sharing/bits_ops.h"
#include "wire/column_json.h"

namespace sluis::wire {
namespace {

constexpr size_t kSeedBytes = sizeof(sharing::Seed);

bool is_hex(const std::string& text, size_t digits) {
  return text.size() == digits && from_hex(text).has_value();
}

bool is_identifier(const std::string& text) {
  if (text.empty() || text.size() > 64) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) return false;
  }
  return true;
}

// Letters, digits, dot, dash: safe in file names and logs.
bool is_label(const std::string& text) {
  if (text.empty() || text.size() > 32 || text[0] == '.') return false;
  for (char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.'))
      return false;
  return true;
}

bool is_oin(const std::string& text) {
  return text.size() == 20 && text.find_first_not_of("0123456789") == std::string::npos;
}

Status check(const TableUpload& upload) {
  const auto fault = [](const char* what) {
    Error error;
    error.id = "S1050.upload";
    error.args = {what};
    return error;
  };
  if (!is_hex(upload.study, 64)) return fault("study");
  if (!is_identifier(upload.table)) return fault("table");
  if (!is_label(upload.version)) return fault("version");
  if (!is_oin(upload.owner)) return fault("owner");
  if (!is_hex(upload.x_2_sha256, 64)) return fault("x2_sha256");
  if (!is_hex(upload.seed_0_sha256, 64)) return fault("seed0_sha256");
  if (!is_hex(upload.seed_1_sha256, 64)) return fault("seed1_sha256");
  if (!is_hex(upload.upload_id, 32)) return fault("upload_id");
  if (upload.rows == 0 || upload.rows != padded_rows(upload.rows)) return fault("rows");
  if (upload.columns.empty()) return fault("columns");
  for (const relation::ColumnSchema& column : upload.columns)
    if (!is_identifier(column.name)) return fault("columns");
  return {};
}

sharing::Seed seed_at(ByteSpan body, size_t at) {
  sharing::Seed seed;
  std::memcpy(seed.data(), body.data() + at, seed.size());
  return seed;
}

sharing::Bits words_at(const TableUpload& upload, ByteSpan body, size_t at) {
  sharing::Bits x(upload.rows, upload.planes());
  CHECK(body.size() - at >= x.words().size_bytes());
  std::memcpy(x.words().data(), body.data() + at, x.words().size_bytes());
  return x;
}

void append(Bytes& out, const void* data, size_t n) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  out.insert(out.end(), bytes, bytes + n);
}

}  // namespace

size_t TableUpload::planes() const {
  size_t planes = 1;
  for (const relation::ColumnSchema& column : columns)
    planes += static_cast<size_t>(column.type.bits()) + (column.nullable ? 1 : 0);
  return planes;
}

uint64_t TableUpload::body_bytes(int party) const {
  const uint64_t words = planes() * ((rows + 63) / 64);
  return party == 0 ? 2 * kSeedBytes : kSeedBytes + 8 * words;
}

crypto::Digest TableUpload::commitment() const { return crypto::sha256(as_bytes(to_json(*this))); }

std::string to_json(const TableUpload& upload) {
  JsonWriter json;
  json.begin_object()
      .member("format", "sluis-table/1")
      .member("study", upload.study)
      .member("table", upload.table);
  json.member("profile", upload.profile).member("version", upload.version).member("owner", upload.owner);
  json.member("rows", static_cast<int64_t>(upload.rows)).key("columns");
  write_columns(json, upload.columns);
  json.member("x2_sha256", upload.x_2_sha256).member("seed0_sha256", upload.seed_0_sha256);
  json.member("seed1_sha256", upload.seed_1_sha256).member("upload_id", upload.upload_id).end_object();
  return json.take();
}

Result<TableUpload> parse_table_upload(std::string_view text) {
  SLUIS_ASSIGN(const JsonValue value, parse_json(text, {.max_bytes = 1 << 20}));
  Errors errors;
  JsonReader json(value, "", "", errors);
  TableUpload upload;
  (void)json.choice("format", {"sluis-table/1"});
  upload.study = json.text("study", 64);
  upload.table = json.text("table", 64);
  upload.profile = json.text("profile", 100);
  upload.version = json.text("version", 32);
  upload.owner = json.text("owner", 20);
  upload.rows = static_cast<uint64_t>(json.integer("rows", 1, kMaxUploadRows));
  upload.columns = read_columns(json, kMaxUploadColumns);
  upload.x_2_sha256 = json.text("x2_sha256", 64);
  upload.seed_0_sha256 = json.text("seed0_sha256", 64);
  upload.seed_1_sha256 = json.text("seed1_sha256", 64);
  upload.upload_id = json.text("upload_id", 32);
  json.finish();
  if (!errors.empty()) return errors.front();
  SLUIS_TRY(check(upload));
  return upload;
}

uint64_t padded_rows(uint64_t n) {
  if (n <= 64) return 64;
  const int octave = std::bit_width(n - 1) - 1;  // 2^octave < n <= 2^(octave + 1)
  const uint64_t step = uint64_t{1} << (octave - 2);
  return (n + step - 1) / step * step;
}

sharing::Bits encode_table(const relation::Table& table, uint64_t rows) {
  CHECK(rows >= table.rows);
  size_t planes = 1;
  for (const relation::ColumnSchema& column : table.schema.columns)
    planes += static_cast<size_t>(column.type.bits()) + (column.nullable ? 1 : 0);
  sharing::Bits out(rows, planes);
  for (size_t r = 0; r < table.rows; ++r) out.set(r, 0, true);
  size_t at = 1;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const relation::ColumnSchema& schema = table.schema.columns[c];
    const relation::Column& column = table.columns[c];
    const size_t bits = static_cast<size_t>(schema.type.bits());
    for (size_t r = 0; r < table.rows; ++r) {
      CHECK(schema.nullable || column.null[r] == 0);
      if (column.null[r] != 0) {
        out.set(r, at + bits, true);
        continue;
      }
      CHECK(column.values[r] >= schema.type.lo && column.values[r] <= schema.type.hi);
      const uint64_t value = static_cast<uint64_t>(column.values[r]);
      for (size_t p = 0; p < bits; ++p)
        if ((value >> p) & 1) out.set(r, at + p, true);
    }
    at += bits + (schema.nullable ? 1 : 0);
  }
  return out;
}

Bytes party_body(const sharing::Split& split, int party) {
  Bytes out;
  const auto words = split.x_2.words();
  if (party == 0) {
    append(out, split.seed_0.data(), kSeedBytes);
    append(out, split.seed_1.data(), kSeedBytes);
  } else if (party == 1) {
    append(out, split.seed_1.data(), kSeedBytes);
    append(out, words.data(), words.size_bytes());
  } else {
    append(out, words.data(), words.size_bytes());
    append(out, split.seed_0.data(), kSeedBytes);
  }
  return out;
}

sharing::SharedBits open_party_body(const TableUpload& upload, int party, ByteSpan body) {
  CHECK(body.size() == upload.body_bytes(party));
  const size_t words = body.size() - kSeedBytes;
  sharing::SharedBits shares;
  const auto from_seed = [&](size_t at) {
    return sharing::expand(seed_at(body, at), upload.rows, upload.planes());
  };
  if (party == 0) {
    shares.own = from_seed(0);
    shares.next = from_seed(kSeedBytes);
  } else if (party == 1) {
    shares.own = from_seed(0);
    shares.next = words_at(upload, body, kSeedBytes);
  } else {
    shares.own = words_at(upload, body, 0);
    shares.next = from_seed(words);
  }
  return shares;
}

void commit_to(TableUpload& upload, const sharing::Split& split) {
  const auto words = split.x_2.words();
  upload.x_2_sha256 =
      crypto::to_hex(crypto::sha256({reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()}));
  upload.seed_0_sha256 = crypto::to_hex(crypto::sha256(ByteSpan(split.seed_0)));
  upload.seed_1_sha256 = crypto::to_hex(crypto::sha256(ByteSpan(split.seed_1)));
}

}  // namespace sluis::wire
