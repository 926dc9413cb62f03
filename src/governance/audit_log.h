// Audit log: an append-only file of JSON lines, each holding the SHA-256 of the line before
// (docs/formats/ledger.md).
//
//   {"n":1,"time":"2026-11-20T14:03:11Z","event":"decision.received","actor":"oin:…","subject":"sha256:…",
//    "detail":{"role":"advice"},"previous":"sha256:0000…"}
//
// A changed, removed, inserted or moved line breaks the chain. Lines cut off at the end do not: whoever wants
// to notice that keeps the count and hash of an earlier verification (they stand in signed receipts'
// archives).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/hash.h"
#include "governance/fields.h"

namespace sluis::governance {

struct AuditEvent {
  UnixTime time = 0;
  std::string event;                          // words in [a-z0-9_] joined by dots: "run.started"
  std::string actor;                          // "oin:<20>", "node:<name>"
  std::string subject;                        // "sha256:<64>", "run:<id>", "table:<name>@<version>"; or ""
  std::map<std::string, std::string> detail;  // short public facts; never an identifier of a person
};

struct AuditHead {
  uint64_t lines = 0;
  crypto::Digest last{};  // SHA-256 of the last line without LF; zeros if there is none
  bool operator==(const AuditHead&) const = default;
};

// Walks the file: every line well formed, numbered from 1, chained, times not running back by more than a
// day. With `anchor`: line anchor.lines has that hash. Errors: S1603.line {number}, S1603.anchor {number},
// S1002.*.
Result<AuditHead> verify_audit_log(const std::string& path,
                                   const std::optional<AuditHead>& anchor = std::nullopt);
// The same, handing over each line (without LF) as it goes.
Result<AuditHead> read_audit_log(const std::string& path,
                                 const std::function<void(std::string_view line)>& line,
                                 const std::optional<AuditHead>& anchor = std::nullopt);

// Thread-safe; one process at a time (the file is locked).
class AuditLog {
 public:
  // Creates the file (0600) or verifies it whole and goes on after its last line. A last line without LF is
  // the rest of a write that a crash cut short; it was never acknowledged and is removed. Errors: S1603.*,
  // S1603.busy.
  static Result<std::unique_ptr<AuditLog>> open(const std::string& path);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // On disk when it returns. REQUIRES: event, actor and subject have the forms above, keys of detail are
  // identifiers. Values are cut at 200 bytes; what looks like a BSN is masked. Errors: S1603.write.
  Status append(const AuditEvent& event);
  AuditHead head();

 private:
  AuditLog(int fd, AuditHead head) : fd_(fd), head_(head) {}
  std::mutex mutex_;
  const int fd_;
  AuditHead head_;
};

}  // namespace sluis::governance
