// Run records, format `sluis-run-record/1`: every run leaves one at every node, however it ends
// (docs/formats/run_record.md). Sizes and times only; no figure of any table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "governance/fields.h"
#include "governance/signed_file.h"

namespace sluis::governance {

inline constexpr size_t kMaxRunRecordBytes = 1024 * 1024;

enum class RunEnding : uint8_t {
  kReleased,
  kRefused,  // approval, ledger or tables: nothing was computed
  kAbortedInconsistent,
  kNodeLost,
  kOverLimit,
  kCancelledByUser,
  kCancelledByOwner,
  kFailed
};
const char* run_ending_name(RunEnding ending);  // "released", "aborted_inconsistent", …

// Part of a run; name from the plan, never from data.
struct RunStep {
  std::string name;
  uint64_t rows = 0;  // public upper bound
  uint64_t rounds = 0, bytes_sent = 0, milliseconds = 0;
  bool operator==(const RunStep&) const = default;
};

struct RunRecord {
  std::string run;
  crypto::Digest study{};
  int attempt = 1;
  std::string node;
  int party = 0;
  RunEnding ending = RunEnding::kFailed;
  std::string error;         // code as "S1302"; "" if released
  std::string cancelled_by;  // OIN of the owner or recipient that cancelled; "" otherwise
  UnixTime started = 0, ended = 0;
  std::vector<std::string> participants;  // OINs
  uint64_t rounds = 0, bytes_sent = 0, bytes_received = 0;
  std::vector<RunStep> steps;
  std::optional<crypto::Digest> facts;  // of the receipt; present exactly when released
  std::string program;
  bool operator==(const RunRecord&) const = default;
};

std::string run_record_text(const RunRecord& record);
// Strict. Errors: the first fault, as parse_decision() names them.
Result<RunRecord> parse_run_record(std::string_view bytes, std::string_view file);

}  // namespace sluis::governance
