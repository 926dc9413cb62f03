// Runs and results at a node.
#include <algorithm>
#include <filesystem>

#include "base/bytes.h"
#include "governance/receipt.h"
#include "governance/run_record.h"
#include "node/approval.h"
#include "node/call.h"
#include "node/job_facts.h"
#include "node/requests.h"
#include "node/result_files.h"
#include "node/step_log.h"

namespace sluis::node {
namespace {

bool is_run_id(const std::string& text) { return text.size() == 32 && from_hex(text).has_value(); }

bool is_recipient(const governance::Study& study, const std::string& oin) {
  const auto& recipients = study.people.recipients;
  return std::find(recipients.begin(), recipients.end(), oin) != recipients.end();
}

// Who may see that a run exists: whoever asked, receives, or takes part.
bool may_watch(const governance::Study& study, const std::string& oin) {
  return study.people.applicant.oin == oin || is_recipient(study, oin) || study.find_invited(oin) != nullptr;
}

Result<RunRow> find_run(Call& call) {
  const std::string id = call.json.text("run", 32);
  SLUIS_ASSIGN(const std::optional<RunRow> row, call.state.catalogue->run(id));
  if (!row) return request_error("S1307.run");
  SLUIS_ASSIGN(const std::unique_ptr<StudyJudgement> judgement, judge_study(call.state, row->study));
  if (!may_watch(judgement->study, call.caller.oin)) return request_error("S1307.run");
  return *row;
}

void write_run(JsonWriter& json, const RunRow& row) {
  json.begin_object()
      .member("run", row.id)
      .member("study", row.study)
      .member("state", run_state_name(row.state));
  json.member("step", row.step).member("bytes_done", static_cast<int64_t>(row.bytes_done));
  json.member("bytes_planned", static_cast<int64_t>(row.bytes_planned)).member("error", row.error_id);
  json.member("started", row.started).member("ended", row.ended).end_object();
}

Reply run_reply(const RunRow& row) {
  JsonWriter json;
  write_run(json, row);
  return {json.take(), {}};
}

JobFacts job_facts(const NodeState& state, const StudyJudgement& judgement,
                   std::vector<wire::TableUpload> tables, const std::string& run) {
  JobFacts facts;
  facts.run = run;
  facts.study = crypto::to_hex(judgement.study.name);
  facts.requester = judgement.study.people.applicant.oin;
  facts.participants = judgement.approval.participants;
  std::sort(facts.participants.begin(), facts.participants.end());
  facts.tables = std::move(tables);
  facts.policy_hash = crypto::to_hex(judgement.approval.policy.hash());
  facts.registry_hash = crypto::to_hex(state.registry.hash);
  facts.engine = std::to_string(governance::kEngineVersion.major) + "." +
                 std::to_string(governance::kEngineVersion.minor);
  facts.network = state.config.network;
  return facts;
}

governance::RunEnding ending_of(RunState state) {
  switch (state) {
    case RunState::kReleased:
      return governance::RunEnding::kReleased;
    case RunState::kAbortedInconsistent:
      return governance::RunEnding::kAbortedInconsistent;
    case RunState::kNodeLost:
      return governance::RunEnding::kNodeLost;
    case RunState::kOverLimit:
      return governance::RunEnding::kOverLimit;
    case RunState::kCancelledByUser:
      return governance::RunEnding::kCancelledByUser;
    case RunState::kCancelledByOwner:
      return governance::RunEnding::kCancelledByOwner;
    default:
      return governance::RunEnding::kFailed;
  }
}

std::string code_of(const std::string& id) { return id.substr(0, id.find('.')); }

}  // namespace

Result<Reply> start_run(Call& call) {
  NodeState& state = call.state;
  const std::string sha = call.json.text("study", 64);
  const std::string run = call.json.text("run", 32);
  if (!is_run_id(run)) return request_error("S1050.request");
  SLUIS_ASSIGN(const std::unique_ptr<StudyJudgement> judgement, judge_study(state, sha));
  if (judgement->study.people.applicant.oin != call.caller.oin &&
      !is_recipient(judgement->study, call.caller.oin))
    return request_error("S1511.applicant");
  if (!judgement->approval.permitted) return judgement->approval.errors.front();
  SLUIS_ASSIGN(std::vector<wire::TableUpload> tables, tables_of_run(state, *judgement));
  const JobFacts facts = job_facts(state, *judgement, std::move(tables), run);
  SLUIS_TRY(check_ledger(state, *judgement, facts));

  // Before an attempt is counted: a busy node costs nobody one.
  if (state.supervisor->busy()) return request_error("S1305.busy", {}, Exit::kNotAllowed);
  const std::string directory = run_directory(state.config, run);
  std::error_code fault;
  if (!std::filesystem::create_directory(directory, fault)) return request_error("S1307.taken");
  SLUIS_TRY(write_file(directory + "/job.json", facts.to_text()));
  SLUIS_TRY(write_file(directory + "/study.toml", judgement->bytes));
  SLUIS_TRY(state.ledger->begin_attempt(judgement->study.name, run, judgement->study.validity.max_runs,
                                        unix_now()));
  RunRow row;
  row.id = run;
  row.study = sha;
  row.requester = call.caller.oin;
  row.started = unix_now();
  SLUIS_TRY(state.catalogue->add_run(row));
  const Status started = state.supervisor->start({state.program, state.config.file, run}, row,
                                                 judgement->study.run.max_hours * 3600);
  if (!started) {
    row.state = RunState::kFailed;
    row.error_id = started.error().id;
    row.ended = unix_now();
    SLUIS_TRY(state.catalogue->update_run(row));
    run_ended(state, row);
    return started.error();
  }
  return run_reply(row);
}

Result<Reply> run_status(Call& call) {
  SLUIS_ASSIGN(const RunRow row, find_run(call));
  return run_reply(row);
}

Result<Reply> list_runs(Call& call) {
  SLUIS_ASSIGN(const std::vector<RunRow> rows,
               call.state.catalogue->runs(call.json.optional_text("study", 64)));
  JsonWriter json;
  json.begin_object().key("runs").begin_array();
  size_t listed = 0;
  for (auto row = rows.rbegin(); row != rows.rend() && listed < 100; ++row) {
    const Result<std::unique_ptr<StudyJudgement>> judgement = judge_study(call.state, row->study);
    if (!judgement || !may_watch((*judgement)->study, call.caller.oin)) continue;
    write_run(json, *row);
    ++listed;
  }
  json.end_array().end_object();
  return Reply{json.take(), {}};
}

Result<Reply> cancel_run(Call& call) {
  SLUIS_ASSIGN(const RunRow row, find_run(call));
  if (row.requester != call.caller.oin) return request_error("S1511.applicant");
  // Taking back a start that another node refused is no cancellation of the study: a later attempt stays
  // possible.
  const bool half_start = call.json.has("half_start") && call.json.boolean("half_start");
  if (!call.state.supervisor->cancel(row.id, half_start ? RunState::kFailed : RunState::kCancelledByUser))
    return request_error("S1307.ended");
  return Reply{};
}

Result<Reply> run_record(Call& call) {
  SLUIS_ASSIGN(const RunRow row, find_run(call));
  const std::string directory = run_directory(call.state.config, row.id);
  const Result<std::string> record = read_file(directory + "/record.json", governance::kMaxRunRecordBytes);
  const Result<std::string> signature = read_file(directory + "/record.sig", 4096);
  if (!record || !signature) return request_error("S1307.running", {}, Exit::kCheckFailed);
  JsonWriter json;
  json.begin_object().member("signature", *signature).end_object();
  const ByteSpan view = as_bytes(*record);
  return Reply{json.take(), Bytes(view.begin(), view.end())};
}

Result<Reply> get_result(Call& call) {
  SLUIS_ASSIGN(const RunRow row, find_run(call));
  if (row.state != RunState::kReleased) {
    if (!is_ending(row.state)) return request_error("S1307.running", {}, Exit::kCheckFailed);
    return request_error(row.error_id.empty() ? "S1307.none" : row.error_id, {}, Exit::kProtocolAbort);
  }
  const std::string addressee = call.json.optional_text("for", 20);
  if (!addressee.empty() && addressee != call.caller.oin) return request_error("S1501.row");
  SLUIS_ASSIGN(std::string body, read_results(call.state, row.id, call.caller.oin));
  // On disk before anything is handed out; an organisation to which nothing is addressed opens nothing.
  SLUIS_TRY(call.state.ledger->mark_opened(row.id, unix_now()));
  const ByteSpan view = as_bytes(body);
  return Reply{"{}", Bytes(view.begin(), view.end())};
}

void run_ended(NodeState& state, const RunRow& row) {
  governance::RunRecord record;
  record.run = row.id;
  const std::optional<Bytes> sha = from_hex(row.study);
  if (sha && sha->size() == record.study.size()) std::copy(sha->begin(), sha->end(), record.study.begin());
  const Result<std::vector<RunRow>> all = state.catalogue->runs(row.study);
  if (all) record.attempt = std::max<int>(1, static_cast<int>(all->size()));
  record.node = state.config.name;
  record.party = state.config.party;
  record.ending = ending_of(row.state);
  record.error = row.state == RunState::kReleased ? "" : code_of(row.error_id);
  record.started = row.started;
  record.ended = row.ended;
  record.bytes_sent = row.bytes_done;
  record.steps = read_steps(run_directory(state.config, row.id));
  for (const governance::RunStep& step : record.steps) record.rounds += step.rounds;
  record.program = state.program_name;
  const std::string directory = run_directory(state.config, row.id);
  if (const Result<std::string> text = read_file(directory + "/job.json", 64 << 20)) {
    if (const Result<JobFacts> facts = parse_job_facts(*text)) record.participants = facts->participants;
  }
  if (row.state == RunState::kCancelledByUser) record.cancelled_by = row.requester;
  if (row.state == RunState::kReleased) {
    if (const Result<std::string> facts = read_file(directory + "/facts.json", governance::kMaxFactsBytes))
      record.facts = crypto::sha256(*facts);
  }
  const bool cancelled = row.state == RunState::kCancelledByUser || row.state == RunState::kCancelledByOwner;
  (void)state.ledger->end_attempt(row.id,
                                  row.state == RunState::kReleased ? governance::AttemptOutcome::kReleased
                                  : cancelled                      ? governance::AttemptOutcome::kCancelled
                                                                   : governance::AttemptOutcome::kFailed,
                                  row.ended);
  (void)audit(state, {0,
                      "run.ended",
                      "node:" + state.config.name,
                      "run:" + row.id,
                      {{"ending", run_state_name(row.state)}}});
  const std::string text = governance::run_record_text(record);
  const Result<crypto::SigningKey> key = crypto::SigningKey::load(state.config.receipt_key);
  if (!key) return;
  const governance::DetachedSignature signature =
      governance::sign_file(governance::kRunRecordKind, text, *key);
  (void)write_file(directory + "/record.json", text);
  (void)write_file(directory + "/record.sig",
                   governance::signature_text(governance::kRunRecordKind, signature));
}

}  // namespace sluis::node
