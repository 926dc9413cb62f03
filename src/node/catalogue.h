// What a node knows, in SQLite: studies, decisions, tables, runs. Public facts only; shares lie in the share
// store.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/database.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "wire/table_upload.h"

namespace sluis::node {

// States of a run (product.md section 6). Everything from `released` on is an ending.
enum class RunState : uint8_t {
  kWaiting,
  kLinking,
  kAggregating,
  kChecking,
  kOpening,
  kReleased,
  kAbortedInconsistent,
  kNodeLost,
  kOverLimit,
  kCancelledByUser,
  kCancelledByOwner,
  kFailed,
};
const char* run_state_name(RunState state);
std::optional<RunState> run_state_of(std::string_view name);
inline bool is_ending(RunState state) { return state >= RunState::kReleased; }

struct RunRow {
  std::string id;         // 32 hexadecimal digits
  std::string study;      // 64
  std::string requester;  // OIN
  RunState state = RunState::kWaiting;
  std::string step;  // label of the step that runs
  uint64_t bytes_done = 0, bytes_planned = 0;
  std::string error_id;            // of a failure
  int64_t started = 0, ended = 0;  // Unix seconds; ended 0: still running
};

struct StoredDecision {
  std::string bytes, signature;
  int64_t received = 0;
};

struct StoredTable {
  wire::TableUpload upload;
  int64_t received = 0;
};

// Thread-safe: one lock around one connection.
class Catalogue {
 public:
  static Result<std::unique_ptr<Catalogue>> open(const std::string& path);

  // The file's exact bytes under their digest. Submitting twice is no error.
  Status put_study(const std::string& sha, std::string_view bytes, const std::string& submitter, int64_t now);
  Result<std::optional<std::string>> study(const std::string& sha);
  struct StudyRow {
    std::string sha, submitter;
    int64_t received = 0;
  };
  Result<std::vector<StudyRow>> studies();

  Status put_decision(const std::string& study, const std::string& hash, const StoredDecision& decision);
  Result<std::vector<StoredDecision>> decisions(const std::string& study);

  // Errors: S1052.exists (this owner's table is here in this version), checked and written under one lock: of
  // two deliveries at the same time one wins.
  Status put_table(const wire::TableUpload& upload, int64_t now);
  Status remove_table(const std::string& commitment, int64_t now);
  // Tables that were withdrawn or erased.
  Result<std::vector<wire::TableUpload>> removed_tables(const std::string& study);
  // Tables that are here now: of one study, or all.
  Result<std::vector<StoredTable>> tables(const std::string& study = {});

  // Errors: S1053.conflict if the id is taken.
  Status add_run(const RunRow& run);
  Status update_run(const RunRow& run);
  Result<std::optional<RunRow>> run(const std::string& id);
  Result<std::vector<RunRow>> runs(const std::string& study = {});

 private:
  explicit Catalogue(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace sluis::node
