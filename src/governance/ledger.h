// The release ledger of one node: what has left, kept for good, written before anything is opened.
//
// Every decision here is a function of public facts alone (study, tables, owners, earlier entries): a refusal
// that looked at counts would answer a question. Until rules across studies exist, a second study over a
// dataset of an owner that has been used is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/database.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "governance/approval.h"
#include "governance/fields.h"

namespace sluis::governance {

// One owner's table version that a run reads.
struct LedgerSource {
  std::string owner;   // OIN
  std::string schema;  // as in the study: "ddas-shv/1.0#traject-client"
  std::string table, version;
  crypto::Digest commitment{};
  // The import profile without version and relation ("ddas-shv"): one file of one owner, whatever its
  // edition.
  std::string dataset() const { return schema.substr(0, schema.find('/')); }
};

// One output for one recipient.
struct LedgerOutput {
  std::string name, recipient;  // recipient: OIN
  bool own_row = false;
  std::string predicate;  // canonical text of what is counted, from the plan
  Bytes sealed_counts;    // this node's shares of the exact counts, encrypted by the caller; never opened
};

struct LedgerDebit {
  crypto::Digest study{};
  std::string run;               // 32 hexadecimal digits
  crypto::Digest policy_hash{};  // EffectivePolicy::hash()
  std::vector<LedgerSource> sources;
  std::vector<LedgerOutput> outputs;
  UnixTime time = 0;
};

// SHA-256 over study, output, recipient, predicate, policy and sources, not the run: the same at the three
// nodes, and at a second attempt over the same facts.
crypto::Digest entry_id(const LedgerDebit& debit, const LedgerOutput& output);

struct LedgerEntry {
  crypto::Digest id{}, study{};
  std::string run, output, recipient;
  bool own_row = false;
  std::string predicate;
  UnixTime debited = 0;
  std::optional<UnixTime> opened;
};

struct Attempts {
  int begun = 0;
  RunHistory history = RunHistory::kNone;
};

enum class AttemptOutcome : uint8_t { kReleased, kFailed, kCancelled };

// Thread-safe; several processes may hold the same file.
class Ledger {
 public:
  // Errors: S1053.*.
  static Result<std::unique_ptr<Ledger>> open(const std::string& path);

  // Whether debit() would be refused; writes nothing. Errors: S1401.*, S1402.* with Exit::kNotAllowed.
  //   S1401.repeat    this study has been released (fetch the stored result)
  //   S1401.changed   an earlier attempt was debited over other tables, outputs or policy; whether it was
  //   opened
  //                   cannot be known for certain, so it counts as opened
  //   S1402.dataset   another study has used this dataset of this owner
  Status check(const LedgerDebit& debit);
  // Checks and writes in one transaction, on disk when it returns: after that a crash costs the release,
  // never privacy. Debiting the same facts again, before they were opened, changes only the run. Errors: as
  // check(); S1403.outputs (none, or one named twice).
  Status debit(const LedgerDebit& debit);
  // The recipient was given the shares of this run. Errors: S1403.unknown.
  Status mark_opened(const std::string& run, UnixTime time);

  // An attempt counts from its beginning, whatever becomes of it. Errors: S1215.attempts, S1215.running,
  // S1053.conflict (run known).
  Status begin_attempt(const crypto::Digest& study, const std::string& run, int max_runs, UnixTime time);
  Status end_attempt(const std::string& run, AttemptOutcome outcome, UnixTime time);
  // After a restart: attempts that were going on have failed.
  Status fail_open_attempts(UnixTime time);
  Result<Attempts> attempts(const crypto::Digest& study);

  // Oldest first: of one study, or all.
  Result<std::vector<LedgerEntry>> entries(const std::optional<crypto::Digest>& study = std::nullopt);
  // As the caller gave it. Errors: S1403.unknown.
  Result<Bytes> sealed_counts(const crypto::Digest& id);

 private:
  explicit Ledger(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Status check_locked(const LedgerDebit& debit);
  Status check_same_study(const LedgerDebit& debit);
  Status check_datasets(const LedgerDebit& debit);
  Status write_output(const LedgerDebit& debit, const LedgerOutput& output);
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace sluis::governance
