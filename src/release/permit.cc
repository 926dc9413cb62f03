#include "release/permit.h"

#include <algorithm>

namespace sluis::release {

Result<Approved> Approved::check(const governance::ApprovalFacts& facts) {
  governance::Approval approval = governance::evaluate(facts);
  if (!approval.permitted) {
    CHECK(!approval.errors.empty());
    return std::move(approval.errors[0]);
  }
  Approved approved;
  approved.study_ = facts.study->name;
  approved.policy_ = approval.policy.hash();
  return approved;
}

Result<Debited> Debited::write(governance::Ledger& ledger, const governance::LedgerDebit& debit) {
  Debited debited;
  debited.study_ = debit.study;
  debited.policy_ = debit.policy_hash;
  debited.run_ = debit.run;
  for (const governance::LedgerOutput& output : debit.outputs) {
    if (output.sealed_counts.empty())
      return Error{"S1413.unsealed", {output.name}, "", 0, 0, Exit::kInternal};
    debited.outputs_.push_back({output.name, output.recipient, output.own_row});
  }
  SLUIS_TRY(ledger.debit(debit));
  return debited;
}

Result<Logged> Logged::append(governance::AuditLog& log, const std::string& node, const std::string& run,
                              const crypto::Digest& study, governance::UnixTime time) {
  SLUIS_TRY(log.append(
      {time, "release.permitted", "node:" + node, "run:" + run, {{"study", governance::sha256_ref(study)}}}));
  Logged logged;
  logged.study_ = study;
  logged.run_ = run;
  return logged;
}

Result<Permit> Permit::issue(Approved approved, Debited debited, Logged logged) {
  if (approved.study_ != debited.study_ || approved.study_ != logged.study_ ||
      approved.policy_ != debited.policy_ || debited.run_ != logged.run_)
    return Error{"S1413.evidence", {}, "", 0, 0, Exit::kInternal};
  Permit permit;
  permit.run_ = std::move(debited.run_);
  permit.outputs_ = std::move(debited.outputs_);
  return permit;
}

std::vector<std::string> Permit::recipients(const std::string& output, bool own_row) const {
  std::vector<std::string> out;
  for (const Debited::Addressee& addressee : outputs_)
    if (addressee.output == output && addressee.own_row == own_row) out.push_back(addressee.recipient);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace sluis::release
