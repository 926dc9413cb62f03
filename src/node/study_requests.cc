// Studies and decisions at a node.
#include "governance/approval.h"
#include "node/approval.h"
#include "node/call.h"
#include "node/job_facts.h"

namespace sluis::node {
namespace {

void write_error(JsonWriter& json, const Error& error) {
  json.begin_object().member("id", error.id).key("args").begin_array();
  for (const std::string& arg : error.args) json.string(arg);
  json.end_array().end_object();
}

void write_errors(JsonWriter& json, const Errors& errors) {
  json.begin_array();
  for (const Error& error : errors) write_error(json, error);
  json.end_array();
}

// A decision that changes what a run of this study began with ends that run at once; the run itself looks
// again right before it releases.
void stop_runs(NodeState& state, const std::string& study) {
  const Result<std::vector<RunRow>> runs = state.catalogue->runs(study);
  if (!runs) return;
  for (const RunRow& run : *runs) {
    if (is_ending(run.state)) continue;
    const Result<std::string> text = read_file(run_directory(state.config, run.id) + "/job.json", 64 << 20);
    if (!text) continue;
    const Result<JobFacts> begun = parse_job_facts(*text);
    const Result<std::unique_ptr<StudyJudgement>> now = judge_study(state, study, run.id);
    if (begun && now && still_holds(state, **now, *begun)) continue;
    (void)state.supervisor->cancel(run.id, RunState::kCancelledByOwner);
  }
}

}  // namespace

Result<Reply> put_study(Call& call) {
  SLUIS_ASSIGN(const Bytes body, call.stream.receive_all(governance::kMaxStudyBytes));
  const governance::StudyParse parsed = governance::parse_study(as_text(body), "study.toml");
  if (!parsed.study) return parsed.errors.front();
  const Errors open = governance::legal_placeholders(*parsed.study, "study.toml");
  if (!open.empty()) return open.front();
  if (parsed.study->people.applicant.oin != call.caller.oin) return request_error("S1511.applicant");
  const std::string sha = crypto::to_hex(parsed.study->name);
  SLUIS_TRY(call.state.catalogue->put_study(sha, as_text(body), call.caller.oin, unix_now()));
  JsonWriter json;
  json.begin_object().member("study", sha).end_object();
  return Reply{json.take(), {}};
}

Result<Reply> get_study(Call& call) {
  const std::string sha = call.json.text("study", 64);
  SLUIS_ASSIGN(const std::optional<std::string> bytes, call.state.catalogue->study(sha));
  if (!bytes) return request_error("S1054.study", {sha.substr(0, 4)});
  const ByteSpan view = as_bytes(*bytes);
  return Reply{"{}", Bytes(view.begin(), view.end())};
}

Result<Reply> list_studies(Call& call) {
  SLUIS_ASSIGN(const std::vector<Catalogue::StudyRow> rows, call.state.catalogue->studies());
  JsonWriter json;
  json.begin_object().key("studies").begin_array();
  for (const Catalogue::StudyRow& row : rows)
    json.begin_object()
        .member("study", row.sha)
        .member("submitter", row.submitter)
        .member("received", row.received)
        .end_object();
  json.end_array().end_object();
  return Reply{json.take(), {}};
}

Result<Reply> study_status(Call& call) {
  SLUIS_ASSIGN(const std::unique_ptr<StudyJudgement> judgement,
               judge_study(call.state, call.json.text("study", 64)));
  const governance::Approval& approval = judgement->approval;
  JsonWriter json;
  json.begin_object()
      .member("state", governance::state_name(approval.state))
      .member("permitted", approval.permitted);
  json.member("busy", call.state.supervisor->busy());
  json.key("errors");
  write_errors(json, approval.errors);
  json.key("owners").begin_array();
  for (const governance::OwnerApproval& owner : approval.owners) {
    json.begin_object().member("oin", owner.owner.oin).member("name", owner.owner.name);
    json.member("state", governance::state_name(owner.state)).key("why");
    write_errors(json, owner.why);
    json.end_object();
  }
  json.end_array().end_object();
  return Reply{json.take(), {}};
}

Result<Reply> put_decision(Call& call) {
  const std::string signature = call.json.text("signature", 4000);
  SLUIS_ASSIGN(const Bytes body, call.stream.receive_all(governance::kMaxDecisionBytes));
  SLUIS_ASSIGN(const governance::SignedDecision decision,
               governance::parse_signed_decision(as_text(body), signature, unix_now()));
  if (decision.decision.owner != call.caller.oin) return request_error("S1511.owner");
  const std::string study = crypto::to_hex(decision.decision.study);
  SLUIS_TRY(call.state.catalogue->put_decision(study, crypto::to_hex(decision.hash),
                                               {decision.bytes, signature, decision.received}));
  stop_runs(call.state, study);
  JsonWriter json;
  json.begin_object().member("decision", crypto::to_hex(decision.hash)).member("study", study).end_object();
  return Reply{json.take(), {}};
}

Result<Reply> list_decisions(Call& call) {
  SLUIS_ASSIGN(const std::vector<StoredDecision> rows,
               call.state.catalogue->decisions(call.json.text("study", 64)));
  JsonWriter json;
  json.begin_object().key("decisions").begin_array();
  size_t at = 0;
  for (const StoredDecision& row : rows) {
    if (++at > 500) break;  // an answer's header is bounded
    const auto parsed = governance::parse_decision(row.bytes, "");
    if (!parsed.decision) continue;
    const governance::Decision& decision = *parsed.decision;
    json.begin_object()
        .member("owner", decision.owner)
        .member("role", governance::decision_role_name(decision.role));
    json.member("answer", governance::answer_name(decision.answer));
    json.member("hash", crypto::to_hex(crypto::sha256(row.bytes)))
        .member("received", row.received)
        .end_object();
  }
  json.end_array().end_object();
  return Reply{json.take(), {}};
}

}  // namespace sluis::node
