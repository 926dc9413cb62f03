#include "node/retention.h"

#include <algorithm>
#include <optional>

#include "governance/fields.h"
#include "node/approval.h"
#include "node/erasure_receipts.h"

namespace sluis::node {
namespace {

constexpr int64_t kDay = 86'400;

// When the shares of a study must be gone, or nothing while it may still run.
std::optional<int64_t> erase_at(NodeState& state, const StudyJudgement& judgement) {
  std::vector<const governance::OwnerPolicy*> policies;
  for (const governance::OwnerPolicy& policy : state.policies)
    if (judgement.study.find_invited(policy.owner) != nullptr) policies.push_back(&policy);
  const int64_t days = governance::effective_policy(judgement.study, policies).shares_days.value;
  const Result<std::vector<RunRow>> runs = state.catalogue->runs(crypto::to_hex(judgement.study.name));
  if (!runs) return std::nullopt;
  for (const RunRow& run : *runs)
    if (run.state == RunState::kReleased) return run.ended + days * kDay;
  return governance::start_of_day(judgement.study.validity.run_before) + days * kDay;
}

Status erase_table(NodeState& state, const wire::TableUpload& upload, int64_t now) {
  SLUIS_TRY(state.store->erase(upload.commitment()));
  const std::string commitment = crypto::to_hex(upload.commitment());
  SLUIS_TRY(state.catalogue->remove_table(commitment, now));
  SLUIS_TRY(write_erasure_receipt(state, upload, now));
  return {};
}

}  // namespace

Result<int> erase_expired(NodeState& state, int64_t now) {
  SLUIS_ASSIGN(const std::vector<StoredTable> tables, state.catalogue->tables());
  int erased = 0;
  for (const StoredTable& table : tables) {
    const Result<std::unique_ptr<StudyJudgement>> judgement = judge_study(state, table.upload.study);
    if (!judgement)
      continue;  // a study that cannot be read keeps its tables: withdrawing them is the owner's right at any
                 // time
    const std::optional<int64_t> when = erase_at(state, **judgement);
    if (!when || now < *when) continue;
    SLUIS_TRY(erase_table(state, table.upload, now));
    ++erased;
  }
  return erased;
}

}  // namespace sluis::node
