#include "node/approval.h"

#include <algorithm>
#include <set>

#include "node/call.h"

namespace sluis::node {
namespace {

Status add_decisions(NodeState& state, const std::string& sha, governance::ApprovalFacts& facts) {
  // Decisions on other versions count as well: they explain S1207.
  SLUIS_ASSIGN(const std::vector<Catalogue::StudyRow> studies, state.catalogue->studies());
  for (const Catalogue::StudyRow& row : studies) {
    SLUIS_ASSIGN(const std::vector<StoredDecision> stored, state.catalogue->decisions(row.sha));
    for (const StoredDecision& one : stored) {
      // One that cannot be read (of another format version) counts for nothing, and must not stop the others.
      Result<governance::SignedDecision> decision =
          governance::parse_signed_decision(one.bytes, one.signature, one.received);
      if (decision) facts.decisions.push_back(std::move(*decision));
    }
    if (row.sha == sha) continue;
    SLUIS_ASSIGN(std::optional<std::string> bytes, state.catalogue->study(row.sha));
    if (!bytes) continue;
    governance::StudyParse parsed = governance::parse_study(*bytes, "study.toml");
    if (!parsed.study) continue;
    facts.known_studies.push_back(
        {parsed.study->name, parsed.study->id, parsed.study->version, std::move(*bytes)});
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<StudyJudgement>> judge_study(NodeState& state, const std::string& sha,
                                                    const std::string& own_run) {
  SLUIS_ASSIGN(std::optional<std::string> bytes, state.catalogue->study(sha));
  if (!bytes) return request_error("S1054.study", {sha.substr(0, 4)});
  auto judgement = std::make_unique<StudyJudgement>();
  judgement->bytes = std::move(*bytes);
  governance::StudyParse parsed = governance::parse_study(judgement->bytes, "study.toml");
  if (!parsed.study) return parsed.errors.front();
  judgement->study = std::move(*parsed.study);

  governance::ApprovalFacts& facts = judgement->facts;
  facts.study = &judgement->study;
  facts.study_bytes = judgement->bytes;
  facts.registry = &state.registry;
  facts.policies = state.policies;
  facts.now = unix_now();
  SLUIS_TRY(add_decisions(state, sha, facts));
  SLUIS_ASSIGN(const std::vector<StoredTable> tables, state.catalogue->tables(sha));
  for (const StoredTable& table : tables)
    facts.tables.push_back({table.upload.table, table.upload.version, table.upload.owner, false});
  SLUIS_ASSIGN(const std::vector<wire::TableUpload> removed, state.catalogue->removed_tables(sha));
  // A version that was taken back and delivered again counts as delivered.
  for (const wire::TableUpload& table : removed) {
    const bool again = std::any_of(tables.begin(), tables.end(), [&](const StoredTable& live) {
      return live.upload.table == table.table && live.upload.version == table.version &&
             live.upload.owner == table.owner;
    });
    if (!again) facts.tables.push_back({table.table, table.version, table.owner, true});
  }
  SLUIS_ASSIGN(const governance::Attempts attempts, state.ledger->attempts(judgement->study.name));
  facts.attempts = own_run.empty() ? attempts.begun : attempts.begun - 1;
  facts.history = attempts.history;
  judgement->approval = governance::evaluate(facts);
  return judgement;
}

Result<std::vector<wire::TableUpload>> tables_of_run(NodeState& state, const StudyJudgement& judgement) {
  SLUIS_ASSIGN(const std::vector<StoredTable> here,
               state.catalogue->tables(crypto::to_hex(judgement.study.name)));
  std::vector<wire::TableUpload> chosen;
  for (const std::string& oin : judgement.approval.participants) {
    for (const governance::TableChoice& choice : judgement.approval.find(oin)->tables) {
      const auto at = std::find_if(here.begin(), here.end(), [&](const StoredTable& table) {
        return table.upload.owner == oin && table.upload.table == choice.table &&
               table.upload.version == choice.version;
      });
      if (at == here.end()) return request_error("S1052.missing", {choice.table, choice.version});
      chosen.push_back(at->upload);
    }
  }
  std::sort(chosen.begin(), chosen.end(), [](const wire::TableUpload& a, const wire::TableUpload& b) {
    return a.commitment() < b.commitment();
  });
  return chosen;
}

Status still_holds(NodeState& state, const StudyJudgement& now, const JobFacts& begun) {
  if (!now.approval.permitted) return now.approval.errors.front();
  const Error changed = request_error("S1306.revoked", {}, Exit::kNotApproved);
  // Everybody who took part at the start still does. An owner that says yes meanwhile changes nothing: it is
  // not in this run.
  const std::vector<std::string>& still = now.approval.participants;
  for (const std::string& oin : begun.participants)
    if (std::find(still.begin(), still.end(), oin) == still.end()) return changed;
  // And with the same tables.
  SLUIS_ASSIGN(const std::vector<wire::TableUpload> tables, tables_of_run(state, now));
  std::set<crypto::Digest> here;
  for (const wire::TableUpload& table : tables) here.insert(table.commitment());
  for (const wire::TableUpload& table : begun.tables)
    if (!here.contains(table.commitment())) return changed;
  if (still.size() == begun.participants.size() &&
      crypto::to_hex(now.approval.policy.hash()) != begun.policy_hash)
    return changed;
  if (crypto::to_hex(state.registry.hash) != begun.registry_hash) return changed;
  return {};
}

}  // namespace sluis::node
