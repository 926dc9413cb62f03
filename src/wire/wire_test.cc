#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/random.h"
#include "wire/column_json.h"
#include "wire/request.h"
#include "wire/table_upload.h"

namespace sluis::wire {
namespace {

using relation::Type;

TableUpload sample() {
  TableUpload upload;
  upload.study = std::string(64, 'a');
  upload.table = "schuldhulp";
  upload.profile = "ddas-shv/1.0#traject-client";
  upload.version = "2026-10-01";
  upload.owner = "00000099000000002001";
  upload.rows = 128;
  upload.columns = {{"ouder", Type::bsn(), true},
                    {"saldo", Type::integer(-500, 700), true},
                    {"soort", Type::category({"a", "b", "c"}), false},
                    {"dag", Type::date(), true},
                    {"ja", Type::boolean(), true}};
  upload.x_2_sha256 = std::string(64, 'b');
  upload.seed_0_sha256 = std::string(64, 'd');
  upload.seed_1_sha256 = std::string(64, 'e');
  upload.upload_id = std::string(32, 'c');
  return upload;
}

// The sample's text with one piece replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = to_json(sample());
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string fault_of(const std::string& text) {
  const Result<TableUpload> parsed = parse_table_upload(text);
  return parsed ? "" : parsed.error().id;
}

TEST(TableUpload, ReadsWhatItWrote) {
  const TableUpload upload = sample();
  const Result<TableUpload> parsed = parse_table_upload(to_json(upload));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(to_json(*parsed), to_json(upload));
  EXPECT_EQ(parsed->commitment(), upload.commitment());
  EXPECT_EQ(parsed->columns, upload.columns);
}

TEST(TableUpload, EveryFieldIsNeededAndStrict) {
  for (const char* key : {"format", "study", "table", "profile", "version", "owner", "rows", "columns",
                          "x2_sha256", "seed0_sha256", "seed1_sha256", "upload_id"}) {
    const std::string name = "\"" + std::string(key) + "\":";
    EXPECT_NE(fault_of(with(name, "\"other\":")), "") << key;              // missing, and a strange key
    EXPECT_NE(fault_of(with(name, name + "null,\"z\":")), "") << key;      // another kind
    EXPECT_NE(fault_of(with("{", "{" + name + "\"twice\",")), "") << key;  // duplicate
  }
  EXPECT_EQ(fault_of(with("{", "{\"more\":1,")), "S1003.key");
}

TEST(TableUpload, ValuesOutsideTheirRulesAreRefused) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"sluis-table/1", "sluis-table/2"},
      {std::string(64, 'a'), std::string(63, 'a')},
      {std::string(64, 'a'), std::string(63, 'a') + "g"},
      {std::string(64, 'b'), std::string(62, 'b')},
      {std::string(32, 'c'), std::string(31, 'c') + "/"},
      {"schuldhulp", "Schuldhulp"},
      {"schuldhulp", "1schuldhulp"},
      {"schuldhulp", "a b"},
      {"schuldhulp", "../../x"},
      {"2026-10-01", "..hidden"},
      {"2026-10-01", "a/b"},
      {"2026-10-01", "a\\u0000b"},
      {"00000099000000002001", "0000009900000000200"},
      {"00000099000000002001", "0000009900000000200x"},
      {"\"rows\":128", "\"rows\":0"},
      {"\"rows\":128", "\"rows\":-64"},
      {"\"rows\":128", "\"rows\":127"},
      {"\"rows\":128", "\"rows\":134217728"},
      {"\"rows\":128", "\"rows\":9223372036854775807"},
      {"\"rows\":128", "\"rows\":1e2"},
      {"\"ouder\"", "\"Ouder\""},
      {"\"ouder\"", "\"\""},
      {"\"type\":\"date\"", "\"type\":\"text\""},
      {"\"lo\":-500", "\"lo\":701"},
      {"\"lo\":-500", "\"lo\":-9223372036854775808"},
      {"[\"a\",\"b\",\"c\"]", "[]"},
      {"[\"a\",\"b\",\"c\"]", "[\"b\",\"a\"]"},
      {"[\"a\",\"b\",\"c\"]", "[\"a\",\"a\"]"},
      {"[\"a\",\"b\",\"c\"]", "[1]"},
      {"\"nullable\":true", "\"nullable\":1"},
  };
  for (const auto& [from, to] : wrong) EXPECT_NE(fault_of(with(from, to)), "") << from << " -> " << to;
}

TEST(TableUpload, HostileTextIsAnError) {
  const std::string whole = to_json(sample());
  for (size_t n = 0; n < whole.size(); ++n) EXPECT_NE(fault_of(whole.substr(0, n)), "") << n;
  EXPECT_NE(fault_of(whole + whole), "");
  EXPECT_NE(fault_of(std::string(100'000, '[')), "");
  EXPECT_NE(fault_of("\"\xff\xfe\""), "");
  TableUpload many = sample();
  many.columns.assign(kMaxUploadColumns + 1, {"a", Type::boolean(), false});
  EXPECT_NE(fault_of(to_json(many)), "");
  many.columns.clear();
  EXPECT_NE(fault_of(to_json(many)), "");
}

TEST(TableUpload, CommitmentDependsOnEveryField) {
  const TableUpload base = sample();
  const auto changed = [&](auto change) {
    TableUpload other = base;
    change(other);
    return other.commitment() != base.commitment();
  };
  EXPECT_TRUE(changed([](TableUpload& u) { u.study[0] = 'b'; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.table = "x"; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.profile = "x"; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.version = "x"; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.owner[0] = '1'; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.rows = 64; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.columns[0].nullable = false; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.x_2_sha256[0] = 'c'; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.seed_0_sha256[0] = 'c'; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.seed_1_sha256[0] = 'c'; }));
  EXPECT_TRUE(changed([](TableUpload& u) { u.upload_id[0] = 'd'; }));
}

TEST(PaddedRows, IsTheNextPublicSizeAndAtMostAQuarterMore) {
  EXPECT_EQ(padded_rows(0), 64u);
  EXPECT_EQ(padded_rows(1), 64u);
  EXPECT_EQ(padded_rows(64), 64u);
  EXPECT_EQ(padded_rows(65), 80u);
  EXPECT_EQ(padded_rows(112), 112u);
  EXPECT_EQ(padded_rows(113), 128u);
  EXPECT_EQ(padded_rows(129), 160u);
  uint64_t before = 0;
  for (uint64_t n = 65; n < 5'000; ++n) {
    const uint64_t padded = padded_rows(n);
    EXPECT_GE(padded, n);
    EXPECT_LE(4 * padded, 5 * n + 3);
    EXPECT_EQ(padded_rows(padded), padded);
    EXPECT_GE(padded, before);
    before = padded;
  }
  EXPECT_EQ(padded_rows(kMaxUploadRows), kMaxUploadRows);
}

relation::Table table_of(const TableUpload& upload) {
  relation::Table table = relation::Table::empty({"t", upload.columns, {}});
  const std::vector<std::vector<int64_t>> rows = {
      {999'999'999, -500, 0, 0, 1}, {0, 700, 2, 65'535, 0}, {123'456'782, -1, 1, 30'000, 1}};
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) table.columns[c].push(row[c]);
    ++table.rows;
  }
  for (size_t c = 0; c < upload.columns.size(); ++c)  // a row of NULLs where they may be
    upload.columns[c].nullable ? table.columns[c].push_null() : table.columns[c].push(0);
  ++table.rows;
  return table;
}

// The value of a column in its type's own coding (offset from lo).
uint64_t planes_value(const sharing::Bits& bits, size_t row, size_t at, size_t planes) {
  uint64_t value = 0;
  for (size_t p = 0; p < planes; ++p) value |= uint64_t{bits.get(row, at + p)} << p;
  return value;
}

TEST(Encoding, ThreePartsGiveTheTableBack) {
  TableUpload upload = sample();
  const relation::Table table = table_of(upload);
  const sharing::Bits clear = encode_table(table, upload.rows);
  EXPECT_EQ(clear.planes(), upload.planes());
  const sharing::Split split = sharing::split(clear);
  std::array<sharing::SharedBits, 3> shares;
  for (int party = 0; party < 3; ++party) {
    const Bytes body = party_body(split, party);
    EXPECT_EQ(body.size(), upload.body_bytes(party));
    shares[static_cast<size_t>(party)] = open_party_body(upload, party, body);
  }
  const Result<sharing::Bits> back = sharing::combine(shares);
  ASSERT_TRUE(back.ok());
  for (size_t row = 0; row < upload.rows; ++row) {
    EXPECT_EQ(back->get(row, 0), row < table.rows);  // padding is not valid
    size_t at = 1;
    for (size_t c = 0; c < upload.columns.size(); ++c) {
      const relation::ColumnSchema& column = upload.columns[c];
      const auto bits = static_cast<size_t>(column.type.bits());
      const uint64_t coded = planes_value(*back, row, at, bits);
      const bool null = column.nullable && back->get(row, at + bits);
      at += bits + (column.nullable ? 1 : 0);
      if (row >= table.rows) continue;
      EXPECT_EQ(null, table.columns[c].null[row] != 0) << row << " " << column.name;
      if (null) {
        EXPECT_EQ(coded, 0u);  // nothing hides under a NULL
        continue;
      }
      const int64_t value = table.columns[c].values[row];
      const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
      EXPECT_EQ(coded, static_cast<uint64_t>(value) & mask) << row << " " << column.name;
    }
  }
}

TEST(Encoding, DigestsAreOfWhatTravels) {
  TableUpload upload = sample();
  const sharing::Split split = sharing::split(encode_table(table_of(upload), upload.rows));
  const Bytes body = party_body(split, 1);
  commit_to(upload, split);
  EXPECT_EQ(upload.x_2_sha256, crypto::to_hex(crypto::sha256(ByteSpan(body).subspan(sizeof(sharing::Seed)))));
  EXPECT_EQ(upload.seed_1_sha256,
            crypto::to_hex(crypto::sha256(ByteSpan(body).first(sizeof(sharing::Seed)))));
}

TEST(Encoding, FreshSeedsEveryTime) {
  const TableUpload upload = sample();
  const sharing::Bits clear = encode_table(table_of(upload), upload.rows);
  EXPECT_NE(party_body(sharing::split(clear), 0), party_body(sharing::split(clear), 0));
}

std::string request_fault(std::string_view text) {
  const Result<Request> parsed = parse_request(text);
  return parsed ? "" : parsed.error().id;
}

TEST(Request, ReadsWhatItWroteAndNothingElse) {
  const Result<Request> parsed =
      parse_request(request("run.start", [](JsonWriter& json) { json.member("run", "x"); }));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->op, "run.start");
  EXPECT_EQ(parsed->value.find("run")->text, "x");
  for (const char* text : {"{}", "[]", "1", "\"x\"", "{\"op\":\"a\"}", "{\"v\":1}", "{\"op\":1,\"v\":1}",
                           "{\"op\":\"123456789012345678901234567890123\",\"v\":1}"})
    EXPECT_TRUE(request_fault(text).starts_with("S1050")) << text;
  EXPECT_EQ(request_fault("{\"op\":\"a\",\"v\":2}"), "S1050.version");
  EXPECT_EQ(request_fault("{\"op\":\"a\",\"v\":\"1\"}"), "S1050.version");
  EXPECT_EQ(parse_request("{\"op\":\"a\",\"v\":2}").error().exit, Exit::kVersionMismatch);
  for (const std::string& text :
       {std::string(), std::string("{"), std::string(70'000, ' '), std::string(60'000, '['),
        std::string("{\"op\":\"a\",\"op\":\"b\",\"v\":1}")})
    EXPECT_NE(request_fault(text), "");
}

TEST(Answer, ErrorsTravelWhole) {
  Error error{"S1052.exists", {"tabel", ""}, "", 0, 0, Exit::kCheckFailed};
  const Result<JsonValue> back = parse_answer(error_answer(error));
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().id, "S1052.exists");
  EXPECT_EQ(back.error().exit, Exit::kCheckFailed);
  EXPECT_EQ(back.error().args, (std::vector<std::string>{"tabel", "-"}));
  EXPECT_TRUE(parse_answer(ok_answer()).ok());
}

TEST(Answer, AHostileNodeGivesAnErrorNeverSuccess) {
  for (const char* text :
       {"", "{", "[]", "{}", "{\"status\":1}", "{\"status\":\"ok\"}", "{\"status\":\"ok\",\"data\":1}",
        "{\"status\":\"ok\",\"data\":[]}", "{\"status\":\"error\"}", "{\"status\":\"error\",\"id\":\"x\"}",
        "{\"status\":\"error\",\"id\":\"x\",\"args\":[1],\"exit\":1}",
        "{\"status\":\"error\",\"id\":\"x\",\"args\":[],\"exit\":999}", "{\"status\":\"else\",\"data\":{}}"})
    EXPECT_FALSE(parse_answer(text).ok()) << text;
}

TEST(Answer, AnErrorNeverSaysThatAllIsWell) {
  const Result<JsonValue> back =
      parse_answer("{\"status\":\"error\",\"id\":\"S1000\",\"args\":[],\"exit\":0}");
  ASSERT_FALSE(back.ok());
  EXPECT_NE(back.error().exit, Exit::kOk);
}

}  // namespace
}  // namespace sluis::wire
