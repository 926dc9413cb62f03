// Tables at a node: an owner delivers and withdraws its own.
#include <algorithm>

#include "importers/profile.h"
#include "node/approval.h"
#include "node/call.h"
#include "node/erasure_receipts.h"
#include "study/schema.h"

namespace sluis::node {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

// The upload is what the study asks of this owner: a table of the owner's kind, exactly the shared columns,
// with the types that the study's profile gives them.
Status check_against_study(const wire::TableUpload& upload, const governance::Study& study) {
  const governance::InvitedOwner* owner = study.find_invited(upload.owner);
  const governance::StudyTable* table = study.find_table(upload.table);
  if (owner == nullptr || table == nullptr || table->owners != owner->kind || table->schema != upload.profile)
    return request_error("S1055.table", {upload.table});
  SLUIS_ASSIGN(const study::SharedColumns expected, study::shared_columns(study, *table));
  if (upload.columns != expected.columns) return request_error("S1055.columns", {upload.table});
  return {};
}

Result<Reply> receive(Call& call, const wire::TableUpload& upload) {
  SLUIS_ASSIGN(const std::unique_ptr<ShareStore::Incoming> incoming, call.state.store->begin(upload));
  Bytes chunk(kChunkBytes);
  while (call.stream.body_left() > 0) {
    SLUIS_ASSIGN(const size_t n, call.stream.receive_body(chunk));
    SLUIS_TRY(incoming->write(ByteSpan(chunk).first(n)));
  }
  SLUIS_TRY(incoming->finish());
  const Status listed = call.state.catalogue->put_table(upload, unix_now());
  if (!listed) {
    (void)call.state.store->erase(upload.commitment());
    return listed.error();
  }
  JsonWriter json;
  json.begin_object().member("commitment", crypto::to_hex(upload.commitment())).end_object();
  return Reply{json.take(), {}};
}

}  // namespace

Result<Reply> put_table(Call& call) {
  SLUIS_ASSIGN(const wire::TableUpload upload, wire::parse_table_upload(call.json.text("table", 32 * 1024)));
  if (upload.owner != call.caller.oin) return request_error("S1511.owner");
  if (call.body_bytes != upload.body_bytes(call.state.config.party)) return request_error("S1052.length");
  SLUIS_ASSIGN(const std::optional<std::string> bytes, call.state.catalogue->study(upload.study));
  if (!bytes) return request_error("S1054.study", {upload.study.substr(0, 4)});
  const governance::StudyParse parsed = governance::parse_study(*bytes, "study.toml");
  if (!parsed.study) return parsed.errors.front();
  SLUIS_TRY(check_against_study(upload, *parsed.study));
  SLUIS_ASSIGN(const std::vector<StoredTable> here, call.state.catalogue->tables(upload.study));
  for (const StoredTable& other : here)
    if (other.upload.owner == upload.owner && other.upload.table == upload.table &&
        other.upload.version == upload.version)
      return request_error("S1052.exists", {upload.table, upload.version}, Exit::kCheckFailed);
  return receive(call, upload);
}

Result<Reply> list_tables(Call& call) {
  SLUIS_ASSIGN(const std::vector<StoredTable> rows, call.state.catalogue->tables());
  JsonWriter json;
  json.begin_object().key("tables").begin_array();
  size_t listed = 0;
  for (const StoredTable& row : rows) {
    if (row.upload.owner != call.caller.oin || ++listed > 300) continue;
    json.begin_object().member("table", row.upload.table).member("version", row.upload.version);
    json.member("study", row.upload.study).member("rows", static_cast<int64_t>(row.upload.rows));
    json.member("commitment", crypto::to_hex(row.upload.commitment()))
        .member("received", row.received)
        .end_object();
  }
  json.end_array().end_object();
  return Reply{json.take(), {}};
}

Result<Reply> withdraw_table(Call& call) {
  const std::string commitment = call.json.text("commitment", 64);
  SLUIS_ASSIGN(const std::vector<StoredTable> rows, call.state.catalogue->tables());
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const StoredTable& row) {
    return row.upload.owner == call.caller.oin && crypto::to_hex(row.upload.commitment()) == commitment;
  });
  if (at == rows.end()) return request_error("S1511.table");
  // A run that uses it must not go on.
  SLUIS_ASSIGN(const std::vector<RunRow> runs, call.state.catalogue->runs(at->upload.study));
  for (const RunRow& run : runs)
    if (!is_ending(run.state)) (void)call.state.supervisor->cancel(run.id, RunState::kCancelledByOwner);
  SLUIS_TRY(call.state.store->erase(at->upload.commitment()));
  const int64_t now = unix_now();
  SLUIS_TRY(call.state.catalogue->remove_table(commitment, now));
  return write_erasure_receipt(call.state, at->upload, now);
}

}  // namespace sluis::node
