#include "node/catalogue.h"

#include <array>

namespace sluis::node {
namespace {

constexpr std::array<const char*, 12> kStateNames = {
    "waiting",    "linking",           "aggregating",          "checking",
    "opening",    "released",          "aborted_inconsistent", "node_lost",
    "over_limit", "cancelled_by_user", "cancelled_by_owner",   "failed"};

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS studies (
  sha TEXT PRIMARY KEY, bytes BLOB NOT NULL, submitter TEXT NOT NULL, received INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS decisions (
  hash TEXT PRIMARY KEY, study TEXT NOT NULL, bytes BLOB NOT NULL, signature BLOB NOT NULL, received INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS decisions_by_study ON decisions (study);
CREATE TABLE IF NOT EXISTS tables (
  commitment TEXT PRIMARY KEY, study TEXT NOT NULL, upload TEXT NOT NULL, received INTEGER NOT NULL, removed INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY, study TEXT NOT NULL, requester TEXT NOT NULL, state TEXT NOT NULL, step TEXT NOT NULL,
  bytes_done INTEGER NOT NULL, bytes_planned INTEGER NOT NULL, error_id TEXT NOT NULL,
  started INTEGER NOT NULL, ended INTEGER NOT NULL) STRICT;
)";

RunRow read_run(const Statement& row) {
  RunRow run;
  run.id = row.text(0);
  run.study = row.text(1);
  run.requester = row.text(2);
  run.state = run_state_of(row.text(3)).value_or(RunState::kFailed);
  run.step = row.text(4);
  run.bytes_done = static_cast<uint64_t>(row.integer(5));
  run.bytes_planned = static_cast<uint64_t>(row.integer(6));
  run.error_id = row.text(7);
  run.started = row.integer(8);
  run.ended = row.integer(9);
  return run;
}

constexpr const char* kRunColumns =
    "id, study, requester, state, step, bytes_done, bytes_planned, error_id, started, ended";

}  // namespace

const char* run_state_name(RunState state) { return kStateNames[static_cast<size_t>(state)]; }

std::optional<RunState> run_state_of(std::string_view name) {
  for (size_t i = 0; i < kStateNames.size(); ++i)
    if (name == kStateNames[i]) return static_cast<RunState>(i);
  return std::nullopt;
}

Result<std::unique_ptr<Catalogue>> Catalogue::open(const std::string& path) {
  SLUIS_ASSIGN(std::unique_ptr<Database> database, Database::open(path, 1, kSchema));
  return std::unique_ptr<Catalogue>(new Catalogue(std::move(database)));
}

Status Catalogue::put_study(const std::string& sha, std::string_view bytes, const std::string& submitter,
                            int64_t now) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement insert, database_->prepare("INSERT OR IGNORE INTO studies VALUES (?, ?, ?, ?)"));
  return insert.bind(sha).bind(as_bytes(bytes)).bind(submitter).bind(now).run();
}

Result<std::optional<std::string>> Catalogue::study(const std::string& sha) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query, database_->prepare("SELECT bytes FROM studies WHERE sha = ?"));
  SLUIS_ASSIGN(const bool found, query.bind(sha).step());
  if (!found) return std::optional<std::string>();
  return std::optional<std::string>(std::string(as_text(query.blob(0))));
}

Result<std::vector<Catalogue::StudyRow>> Catalogue::studies() {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare("SELECT sha, submitter, received FROM studies ORDER BY received, sha"));
  std::vector<StudyRow> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    rows.push_back({query.text(0), query.text(1), query.integer(2)});
  }
}

Status Catalogue::put_decision(const std::string& study, const std::string& hash,
                               const StoredDecision& decision) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement insert,
               database_->prepare("INSERT OR IGNORE INTO decisions VALUES (?, ?, ?, ?, ?)"));
  insert.bind(hash).bind(study).bind(as_bytes(decision.bytes)).bind(as_bytes(decision.signature));
  return insert.bind(decision.received).run();
}

Result<std::vector<StoredDecision>> Catalogue::decisions(const std::string& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare("SELECT bytes, signature, received FROM decisions WHERE study = ? "
                                  "ORDER BY received, hash"));
  query.bind(study);
  std::vector<StoredDecision> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    rows.push_back(
        {std::string(as_text(query.blob(0))), std::string(as_text(query.blob(1))), query.integer(2)});
  }
}

Status Catalogue::put_table(const wire::TableUpload& upload, int64_t now) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(
      Statement same,
      database_->prepare("SELECT 1 FROM tables WHERE removed IS NULL AND study = ? AND "
                         "json_extract(upload, '$.owner') = ? AND json_extract(upload, '$.table') = ? "
                         "AND json_extract(upload, '$.version') = ?"));
  same.bind(upload.study).bind(upload.owner).bind(upload.table).bind(upload.version);
  SLUIS_ASSIGN(const bool taken, same.step());
  if (taken) {
    Error error;
    error.id = "S1052.exists";
    error.args = {upload.table, upload.version};
    error.exit = Exit::kCheckFailed;
    return error;
  }
  SLUIS_ASSIGN(Statement insert, database_->prepare("INSERT INTO tables VALUES (?, ?, ?, ?, NULL)"));
  insert.bind(crypto::to_hex(upload.commitment())).bind(upload.study).bind(wire::to_json(upload));
  return insert.bind(now).run();
}

Status Catalogue::remove_table(const std::string& commitment, int64_t now) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement update, database_->prepare("UPDATE tables SET removed = ? WHERE commitment = ?"));
  return update.bind(now).bind(commitment).run();
}

Result<std::vector<StoredTable>> Catalogue::tables(const std::string& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare(
                   "SELECT upload, received FROM tables WHERE removed IS NULL AND (?1 = '' OR study = ?1) "
                   "ORDER BY received, commitment"));
  query.bind(study);
  std::vector<StoredTable> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    SLUIS_ASSIGN(wire::TableUpload upload, wire::parse_table_upload(query.text(0)));
    rows.push_back({std::move(upload), query.integer(1)});
  }
}

Result<std::vector<wire::TableUpload>> Catalogue::removed_tables(const std::string& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare(
                   "SELECT upload FROM tables WHERE removed IS NOT NULL AND study = ? ORDER BY commitment"));
  query.bind(study);
  std::vector<wire::TableUpload> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    SLUIS_ASSIGN(wire::TableUpload upload, wire::parse_table_upload(query.text(0)));
    rows.push_back(std::move(upload));
  }
}

Status Catalogue::add_run(const RunRow& run) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement insert,
               database_->prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind(run.id).bind(run.study).bind(run.requester).bind(std::string_view(run_state_name(run.state)));
  insert.bind(run.step)
      .bind(static_cast<int64_t>(run.bytes_done))
      .bind(static_cast<int64_t>(run.bytes_planned));
  return insert.bind(run.error_id).bind(run.started).bind(run.ended).run();
}

Status Catalogue::update_run(const RunRow& run) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement update,
               database_->prepare(
                   "UPDATE runs SET state = ?, step = ?, bytes_done = ?, bytes_planned = ?, error_id = ?, "
                   "ended = ? WHERE id = ?"));
  update.bind(std::string_view(run_state_name(run.state)))
      .bind(run.step)
      .bind(static_cast<int64_t>(run.bytes_done));
  return update.bind(static_cast<int64_t>(run.bytes_planned))
      .bind(run.error_id)
      .bind(run.ended)
      .bind(run.id)
      .run();
}

Result<std::optional<RunRow>> Catalogue::run(const std::string& id) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare(std::string("SELECT ") + kRunColumns + " FROM runs WHERE id = ?"));
  SLUIS_ASSIGN(const bool found, query.bind(id).step());
  return found ? std::optional<RunRow>(read_run(query)) : std::optional<RunRow>();
}

Result<std::vector<RunRow>> Catalogue::runs(const std::string& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare(std::string("SELECT ") + kRunColumns +
                                  " FROM runs WHERE ?1 = '' OR study = ?1 ORDER BY started, id"));
  query.bind(study);
  std::vector<RunRow> rows;
  for (;;) {
    SLUIS_ASSIGN(const bool more, query.step());
    if (!more) return rows;
    rows.push_back(read_run(query));
  }
}

}  // namespace sluis::node
