#include "governance/ledger.h"

#include <algorithm>
#include <set>

#include "relation/date.h"

namespace sluis::governance {
namespace {

constexpr int kVersion = 1;
// A debit is never deleted; the triggers make that a property of the file, not of this code.
constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS entry (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  study BLOB NOT NULL CHECK (length(study) = 32),
  run TEXT NOT NULL,
  output TEXT NOT NULL,
  recipient TEXT NOT NULL,
  own_row INTEGER NOT NULL CHECK (own_row IN (0, 1)),
  predicate TEXT NOT NULL,
  policy BLOB NOT NULL,
  sealed_counts BLOB NOT NULL,
  debited INTEGER NOT NULL,
  opened INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS entry_study ON entry (study);
CREATE TABLE IF NOT EXISTS source (
  study BLOB NOT NULL,
  owner TEXT NOT NULL,
  dataset TEXT NOT NULL,
  schema TEXT NOT NULL,
  relation TEXT NOT NULL,
  version TEXT NOT NULL,
  commitment BLOB NOT NULL,
  debited INTEGER NOT NULL,
  PRIMARY KEY (study, owner, relation, commitment)
) STRICT;
CREATE INDEX IF NOT EXISTS source_dataset ON source (owner, dataset);
CREATE TABLE IF NOT EXISTS attempt (
  run TEXT PRIMARY KEY,
  study BLOB NOT NULL,
  begun INTEGER NOT NULL,
  ended INTEGER,
  outcome TEXT CHECK (outcome IN ('released', 'failed', 'cancelled'))
) STRICT;
CREATE INDEX IF NOT EXISTS attempt_study ON attempt (study);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'ledger'); END;
CREATE TRIGGER IF NOT EXISTS source_stays BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'ledger'); END;
CREATE TRIGGER IF NOT EXISTS attempt_stays BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'ledger'); END;
)";

constexpr const char* kOutcomes[] = {"released", "failed", "cancelled"};

Error refusal(const char* id, std::vector<std::string> args) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.exit = Exit::kNotAllowed;
  return error;
}

crypto::Digest digest_of(const Bytes& blob) {
  crypto::Digest digest{};
  if (blob.size() == digest.size()) std::copy(blob.begin(), blob.end(), digest.begin());
  return digest;
}

std::vector<LedgerSource> sorted_sources(const LedgerDebit& debit) {
  std::vector<LedgerSource> sources = debit.sources;
  std::sort(sources.begin(), sources.end(), [](const LedgerSource& a, const LedgerSource& b) {
    return std::tie(a.owner, a.table, a.version, a.commitment) <
           std::tie(b.owner, b.table, b.version, b.commitment);
  });
  return sources;
}

std::string day_text(UnixTime time) { return relation::date_text(day_of(time)); }

}  // namespace

crypto::Digest entry_id(const LedgerDebit& debit, const LedgerOutput& output) {
  ByteWriter out;
  out.text("sluis-ledger-entry/1");
  out.bytes(ByteSpan(debit.study));
  out.text(output.name);
  out.text(output.recipient);
  out.u8(output.own_row ? 1 : 0);
  out.text(output.predicate);
  out.bytes(ByteSpan(debit.policy_hash));
  for (const LedgerSource& source : sorted_sources(debit)) {
    out.text(source.owner);
    out.text(source.schema);
    out.text(source.table);
    out.text(source.version);
    out.bytes(ByteSpan(source.commitment));
  }
  return crypto::sha256(ByteSpan(out.view()));
}

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path) {
  SLUIS_ASSIGN(auto database, Database::open(path, kVersion, kSchema));
  return std::unique_ptr<Ledger>(new Ledger(std::move(database)));
}

Status Ledger::check(const LedgerDebit& debit) {
  const std::lock_guard lock(mutex_);
  return check_locked(debit);
}

Status Ledger::check_locked(const LedgerDebit& debit) {
  SLUIS_TRY(check_same_study(debit));
  return check_datasets(debit);
}

Status Ledger::check_same_study(const LedgerDebit& debit) {
  std::set<crypto::Digest> wanted;
  for (const LedgerOutput& output : debit.outputs) wanted.insert(entry_id(debit, output));
  SLUIS_ASSIGN(Statement query,
               database_->prepare("SELECT id, run, debited, opened FROM entry WHERE study = ?"));
  query.bind(ByteSpan(debit.study));
  std::set<crypto::Digest> found;
  std::string day;
  while (true) {
    SLUIS_ASSIGN(const bool row, query.step());
    if (!row) break;
    if (!query.is_null(3)) return refusal("S1401.repeat", {query.text(1), day_text(query.integer(3))});
    found.insert(digest_of(query.blob(0)));
    day = day_text(query.integer(2));
  }
  if (!found.empty() && found != wanted) return refusal("S1401.changed", {day});
  return {};
}

Status Ledger::check_datasets(const LedgerDebit& debit) {
  for (const LedgerSource& source : debit.sources) {
    SLUIS_ASSIGN(Statement one,
                 database_->prepare("SELECT study, debited FROM source WHERE owner = ? AND dataset = ? "
                                    "AND study <> ? ORDER BY debited LIMIT 1"));
    one.bind(source.owner).bind(source.dataset()).bind(ByteSpan(debit.study));
    SLUIS_ASSIGN(const bool used, one.step());
    if (used)
      return refusal("S1402.dataset",
                     {source.owner, source.dataset(), crypto::to_hex(digest_of(one.blob(0))).substr(0, 4),
                      day_text(one.integer(1))});
  }
  return {};
}

Status Ledger::write_output(const LedgerDebit& debit, const LedgerOutput& output) {
  SLUIS_ASSIGN(
      Statement insert,
      database_->prepare("INSERT INTO entry (id, study, run, output, recipient, own_row, predicate, policy, "
                         "sealed_counts, debited) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT (id) DO UPDATE SET run = excluded.run, "
                         "sealed_counts = excluded.sealed_counts WHERE opened IS NULL"));
  insert.bind(ByteSpan(entry_id(debit, output))).bind(ByteSpan(debit.study)).bind(debit.run);
  insert.bind(output.name).bind(output.recipient).bind(int64_t{output.own_row}).bind(output.predicate);
  insert.bind(ByteSpan(debit.policy_hash)).bind(ByteSpan(output.sealed_counts)).bind(debit.time);
  return insert.run();
}

Status Ledger::debit(const LedgerDebit& debit) {
  std::set<crypto::Digest> ids;
  for (const LedgerOutput& output : debit.outputs) ids.insert(entry_id(debit, output));
  if (ids.empty() || ids.size() != debit.outputs.size() || debit.sources.empty())
    return refusal("S1403.outputs", {});
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(auto transaction, database_->begin());
  SLUIS_TRY(check_locked(debit));
  for (const LedgerOutput& output : debit.outputs) SLUIS_TRY(write_output(debit, output));
  for (const LedgerSource& source : debit.sources) {
    SLUIS_ASSIGN(
        Statement insert,
        database_->prepare("INSERT OR IGNORE INTO source (study, owner, dataset, schema, relation, version, "
                           "commitment, debited) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    insert.bind(ByteSpan(debit.study)).bind(source.owner).bind(source.dataset()).bind(source.schema);
    insert.bind(source.table).bind(source.version).bind(ByteSpan(source.commitment)).bind(debit.time);
    SLUIS_TRY(insert.run());
  }
  return transaction.commit();
}

Status Ledger::mark_opened(const std::string& run, UnixTime time) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(auto transaction, database_->begin());
  SLUIS_ASSIGN(Statement query, database_->prepare("SELECT count(*) FROM entry WHERE run = ?"));
  query.bind(run);
  SLUIS_ASSIGN(const bool row, query.step());
  if (!row || query.integer(0) == 0) return refusal("S1403.unknown", {run});
  SLUIS_ASSIGN(Statement update,
               database_->prepare("UPDATE entry SET opened = ? WHERE run = ? AND opened IS NULL"));
  update.bind(time).bind(run);
  SLUIS_TRY(update.run());
  return transaction.commit();
}

Status Ledger::begin_attempt(const crypto::Digest& study, const std::string& run, int max_runs,
                             UnixTime time) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(auto transaction, database_->begin());
  SLUIS_ASSIGN(Statement query, database_->prepare("SELECT count(*), count(*) FILTER (WHERE ended IS NULL), "
                                                   "count(*) FILTER (WHERE outcome <> 'failed') "
                                                   "FROM attempt WHERE study = ?"));
  query.bind(ByteSpan(study));
  SLUIS_ASSIGN(const bool row, query.step());
  CHECK(row);
  if (query.integer(1) > 0) return refusal("S1215.running", {});
  // A second attempt only after a failed first.
  if (query.integer(0) >= max_runs || query.integer(2) > 0)
    return refusal("S1215.attempts", {std::to_string(query.integer(0)), std::to_string(max_runs)});
  SLUIS_ASSIGN(Statement insert,
               database_->prepare("INSERT INTO attempt (run, study, begun) VALUES (?, ?, ?)"));
  insert.bind(run).bind(ByteSpan(study)).bind(time);
  SLUIS_TRY(insert.run());
  return transaction.commit();
}

Status Ledger::end_attempt(const std::string& run, AttemptOutcome outcome, UnixTime time) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(auto transaction, database_->begin());
  SLUIS_ASSIGN(Statement query, database_->prepare("SELECT 1 FROM attempt WHERE run = ? AND ended IS NULL"));
  query.bind(run);
  SLUIS_ASSIGN(const bool open, query.step());
  if (!open) return refusal("S1403.unknown", {run});
  SLUIS_ASSIGN(Statement update,
               database_->prepare("UPDATE attempt SET ended = ?, outcome = ? WHERE run = ?"));
  update.bind(time).bind(kOutcomes[static_cast<size_t>(outcome)]).bind(run);
  SLUIS_TRY(update.run());
  return transaction.commit();
}

Status Ledger::fail_open_attempts(UnixTime time) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement update,
               database_->prepare("UPDATE attempt SET ended = ?, outcome = 'failed' WHERE ended IS NULL"));
  update.bind(time);
  return update.run();
}

Result<Attempts> Ledger::attempts(const crypto::Digest& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query,
               database_->prepare("SELECT outcome FROM attempt WHERE study = ? ORDER BY rowid"));
  query.bind(ByteSpan(study));
  Attempts out;
  while (true) {
    SLUIS_ASSIGN(const bool row, query.step());
    if (!row) return out;
    ++out.begun;
    const std::string outcome = query.text(0);
    if (outcome == "released") out.history = RunHistory::kReleased;
    if (out.history == RunHistory::kReleased) continue;
    if (outcome == "failed") out.history = RunHistory::kFailed;
    if (outcome == "cancelled") out.history = RunHistory::kCancelled;
  }
}

Result<std::vector<LedgerEntry>> Ledger::entries(const std::optional<crypto::Digest>& study) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(
      Statement query,
      database_->prepare("SELECT id, study, run, output, recipient, own_row, predicate, debited, opened FROM "
                         "entry WHERE ?1 IS NULL OR study = ?1 ORDER BY debited, output, recipient"));
  if (study)
    query.bind(ByteSpan(*study));
  else
    query.bind_null();
  std::vector<LedgerEntry> out;
  while (true) {
    SLUIS_ASSIGN(const bool row, query.step());
    if (!row) return out;
    LedgerEntry entry{digest_of(query.blob(0)),
                      digest_of(query.blob(1)),
                      query.text(2),
                      query.text(3),
                      query.text(4),
                      query.integer(5) != 0,
                      query.text(6),
                      query.integer(7),
                      std::nullopt};
    if (!query.is_null(8)) entry.opened = query.integer(8);
    out.push_back(std::move(entry));
  }
}

Result<Bytes> Ledger::sealed_counts(const crypto::Digest& id) {
  const std::lock_guard lock(mutex_);
  SLUIS_ASSIGN(Statement query, database_->prepare("SELECT sealed_counts FROM entry WHERE id = ?"));
  query.bind(ByteSpan(id));
  SLUIS_ASSIGN(const bool row, query.step());
  if (!row) return refusal("S1403.unknown", {crypto::to_hex(id).substr(0, 8)});
  return query.blob(0);
}

}  // namespace sluis::governance
