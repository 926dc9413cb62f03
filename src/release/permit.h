// What must have happened before anything leaves, as types: each piece of evidence can only be made by doing
// the thing itself, is used up by a Permit, and a Permit needs all three.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "governance/approval.h"
#include "governance/audit_log.h"
#include "governance/ledger.h"

namespace sluis::release {

// Every contributing owner's decision holds, now and on this node.
class Approved {
 public:
  Approved(Approved&&) noexcept = default;
  Approved& operator=(Approved&&) noexcept = default;
  // Evaluates the facts (again: a decision is revocable until the first output opens). Errors: the first of
  // governance::evaluate().
  static Result<Approved> check(const governance::ApprovalFacts& facts);

 private:
  friend class Permit;
  Approved() = default;
  crypto::Digest study_{};
  crypto::Digest policy_{};
};

// The release stands in this node's ledger, on disk, with the sealed exact counts.
class Debited {
 public:
  Debited(Debited&&) noexcept = default;
  Debited& operator=(Debited&&) noexcept = default;
  // Debits. Errors: of Ledger::debit(); S1413.unsealed if an output carries no counts.
  static Result<Debited> write(governance::Ledger& ledger, const governance::LedgerDebit& debit);

 private:
  friend class Permit;
  struct Addressee {
    std::string output, recipient;
    bool own_row = false;
  };
  Debited() = default;
  crypto::Digest study_{};
  crypto::Digest policy_{};
  std::string run_;
  std::vector<Addressee> outputs_;
};

// The release stands in this node's audit log, on disk.
class Logged {
 public:
  Logged(Logged&&) noexcept = default;
  Logged& operator=(Logged&&) noexcept = default;
  // Appends "release.permitted", subject "run:<run>". Errors: of AuditLog::append().
  static Result<Logged> append(governance::AuditLog& log, const std::string& node, const std::string& run,
                               const crypto::Digest& study, governance::UnixTime time);

 private:
  friend class Permit;
  Logged() = default;
  crypto::Digest study_{};
  std::string run_;
};

// Leave to release the outputs of one run to the recipients that the ledger names.
class Permit {
 public:
  Permit(Permit&&) noexcept = default;
  Permit& operator=(Permit&&) noexcept = default;
  // Errors: S1413.evidence if the three do not speak of the same study, policy and run.
  static Result<Permit> issue(Approved approved, Debited debited, Logged logged);

  const std::string& run() const { return run_; }
  // Who may get this output, by OIN, sorted.
  std::vector<std::string> recipients(const std::string& output, bool own_row) const;

 private:
  Permit() = default;
  std::string run_;
  std::vector<Debited::Addressee> outputs_;
};

}  // namespace sluis::release
