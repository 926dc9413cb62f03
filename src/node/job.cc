#include "node/job.h"

#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <exception>

#include "base/bytes.h"
#include "crypto/hkdf.h"
#include "disclosure/guard.h"
#include "engine/executor.h"
#include "net/establish.h"
#include "node/debit.h"
#include "node/job_report.h"
#include "node/job_tables.h"
#include "node/pair_secrets.h"
#include "node/plan_cost.h"
#include "node/receipt_round.h"
#include "node/result_files.h"
#include "node/step_log.h"
#include "release/door.h"

namespace sluis::node {
namespace {

constexpr uint32_t kFactsOperation = 0x5000'0001;

using Protected = std::vector<sharing::Cleared<disclosure::ReleaseTable>>;

// What a run needs from beginning to end.
struct Job {
  NodeState& state;
  JobReport& report;
  JobFacts facts;
  std::unique_ptr<StudyJudgement> judgement;
  BoundRun bound;
  std::unique_ptr<net::TlsContext> tls;
  std::unique_ptr<net::Mesh> mesh;
  int attempt = 1;
};

Result<std::unique_ptr<net::Mesh>> meet(Job& job) {
  const NodeState& state = job.state;
  SLUIS_ASSIGN(job.tls, net::TlsContext::create(state.identity, state.certificates, net::kAlpnMesh));
  net::MeshSetup setup;
  setup.party = state.config.party;
  for (size_t party = 0; party < 3; ++party) {
    const governance::NodeEntry& node = state.registry.nodes[party];
    SLUIS_ASSIGN(const Endpoint address, parse_endpoint(node.address));
    setup.peers[party] = {address.host, address.port, node.tls_spki};
  }
  const std::optional<Bytes> run = from_hex(job.facts.run);
  CHECK(run && run->size() == setup.run.size());
  std::copy(run->begin(), run->end(), setup.run.begin());
  setup.incoming = [](net::Deadline deadline) { return net::recv_fd(kJobConnectionFd, deadline); };
  setup.options.base_timeout_ms = static_cast<uint32_t>(state.config.deadline_s) * 1000;
  return net::establish_mesh(*job.tls, setup, net::deadline_in(setup.options.base_timeout_ms));
}

// The three nodes must see the same study, tables, policy and registry; else no share is touched. Nodes may
// have counted different numbers of attempts (one was down): the greatest counts.
int compare_facts(net::Mesh& mesh, const crypto::Digest& own, int attempt) {
  ByteWriter message;
  message.bytes(own);
  message.u64(static_cast<uint64_t>(attempt));
  for (const net::Neighbour to : net::kBothNeighbours)
    mesh.send(to, kFactsOperation, ByteSpan(message.view()));
  uint64_t most = static_cast<uint64_t>(attempt);
  for (const net::Neighbour from : net::kBothNeighbours) {
    std::array<uint8_t, 40> other{};
    mesh.recv(from, kFactsOperation, other);
    ByteReader reader(other);
    if (!std::ranges::equal(reader.bytes(own.size()), own))
      throw net::ProtocolAbort(net::AbortCode::kInconsistent);
    most = std::max(most, std::min<uint64_t>(reader.u64(), 1'000));
  }
  return static_cast<int>(most);
}

Status load_job(Job& job, const std::string& run) {
  SLUIS_ASSIGN(const std::string text,
               read_file(run_directory(job.state.config, run) + "/job.json", 64 << 20));
  SLUIS_ASSIGN(job.facts, parse_job_facts(text));
  // Judged again: a decision may have been revoked, a table withdrawn since the run was asked for.
  SLUIS_ASSIGN(job.judgement, judge_study(job.state, job.facts.study, run));
  SLUIS_TRY(still_holds(job.state, *job.judgement, job.facts));
  SLUIS_ASSIGN(job.bound, bind_run(*job.judgement, job.facts));
  return {};
}

// Band edges: the same at every attempt of one study, different for every output.
disclosure::BandSeeds band_seeds(const std::string& output, const PairSecrets& secrets,
                                 const JobFacts& facts) {
  disclosure::BandSeeds seeds;
  const std::string info = "sluis band edge " + facts.study + " " + output;
  crypto::hkdf_sha256(secrets.own.span(), {}, as_bytes(info), seeds.own);
  crypto::hkdf_sha256(secrets.next.span(), {}, as_bytes(info), seeds.next);
  return seeds;
}

// One protected figure per owner of each table that the study links.
Status add_link_rates(Job& job, mpc::Session& session, engine::Executor& executor, const PairSecrets& secrets,
                      StepLog& steps, Protected& cleared) {
  for (BoundLink& link : job.bound.links) {
    link.policy.seeds = band_seeds(link.policy.name, secrets, job.facts);
    job.report.state(RunState::kAggregating);
    sharing::Uncleared<oblivious::CellTable> persons = executor.output(link.rate.persons);
    sharing::Uncleared<oblivious::CellTable> linked = executor.output(link.rate.linked);
    job.report.state(RunState::kChecking);
    const std::string guard = sql::after_label(link.policy.name, sql::StepKind::kGuard);
    steps.begin(guard);
    job.report.step(guard);
    SLUIS_ASSIGN(
        sharing::Cleared<disclosure::ReleaseTable> one,
        disclosure::Guard::protect_link(session, std::move(persons), std::move(linked), link.policy));
    cleared.push_back(std::move(one));
  }
  return {};
}

// Public row bounds by label of a step.
std::map<std::string, uint64_t> row_bounds(const Job& job) {
  std::map<std::string, uint64_t> bounds;
  const oblivious::SortRule rule{job.facts.network};
  for (const engine::StepCost& step : engine::cost_plan(job.bound.whole(), rows_of_tables(job.facts), rule))
    bounds[step.label] = step.rows;
  for (const disclosure::OutputPolicy& policy : job.bound.policies)
    for (const sql::StepKind kind : {sql::StepKind::kGuard, sql::StepKind::kRelease})
      bounds[sql::after_label(policy.name, kind)] = policy.cells();
  for (const BoundLink& link : job.bound.links)
    for (const sql::StepKind kind : {sql::StepKind::kGuard, sql::StepKind::kRelease})
      bounds[sql::after_label(link.policy.name, kind)] = link.policy.owners.size();
  return bounds;
}

// Every output computed and protected, all on shares.
Result<Protected> compute(Job& job, mpc::Session& session, StepLog& steps, const PairSecrets& secrets) {
  job.report.state(RunState::kLinking);
  SLUIS_ASSIGN(
      const engine::SharedTables tables,
      load_tables(*job.state.store, job.state.config.party, job.judgement->study, job.bound.plan, job.facts));
  const oblivious::SortRule rule{job.facts.network};
  const engine::OrderPlan orders(job.bound.plan);
  const mpc::Cost whole = StudyCosts(rows_of_tables(job.facts), output_runs(job.judgement->study, job.bound),
                                     link_runs(job.bound), rule, orders)
                              .whole(job.bound.whole());
  job.report.planned(whole.sent_by(job.state.config.party));
  session.on_progress([&](uint64_t bytes) { job.report.bytes(bytes); });
  const auto step = [&](const std::string& label) {
    steps.begin(label);
    job.report.step(label);
  };
  engine::Executor executor(session, tables, step, rule, orders);
  Protected cleared;
  for (size_t i = 0; i < job.bound.policies.size(); ++i) {
    disclosure::OutputPolicy& policy = job.bound.policies[i];
    policy.band_seeds = band_seeds(policy.name, secrets, job.facts);
    job.report.state(RunState::kAggregating);
    sharing::Uncleared<oblivious::CellTable> exact = executor.output(job.bound.plan.outputs[i]);
    job.report.state(RunState::kChecking);
    step(sql::after_label(policy.name, sql::StepKind::kGuard));
    SLUIS_ASSIGN(sharing::Cleared<disclosure::ReleaseTable> one,
                 disclosure::Guard::protect(session, std::move(exact), policy));
    cleared.push_back(std::move(one));
  }
  SLUIS_TRY(add_link_rates(job, session, executor, secrets, steps, cleared));
  steps.end();
  return cleared;
}

// The node's shares of the exact counts, encrypted for the ledger.
Result<Bytes> sealed_counts(const Job& job, const std::string& output, ByteSpan shares) {
  const std::string file = run_directory(job.state.config, job.facts.run) + "/counts-" + output + ".sealed";
  SLUIS_TRY(job.state.store->seal_small(file, shares));
  SLUIS_ASSIGN(const std::string sealed, read_file(file, 64 << 20));
  const ByteSpan view = as_bytes(sealed);
  return Bytes(view.begin(), view.end());
}

// Decisions hold, ledger written, logged: only then anything can leave.
Result<release::Permit> ask_permit(Job& job, const Protected& cleared, governance::LedgerDebit& debit) {
  // As the decisions are now, not as they were when the run began: they are revocable until this moment.
  SLUIS_ASSIGN(const std::unique_ptr<StudyJudgement> now,
               judge_study(job.state, job.facts.study, job.facts.run));
  SLUIS_TRY(still_holds(job.state, *now, job.facts));
  debit = debit_of(*job.judgement, job.facts, job.bound, unix_now());
  for (governance::LedgerOutput& output : debit.outputs) {
    for (const sharing::Cleared<disclosure::ReleaseTable>& one : cleared) {
      if (disclosure::Guard::name(one) != output.name) continue;
      SLUIS_ASSIGN(output.sealed_counts,
                   sealed_counts(job, output.name, disclosure::Guard::ledger_shares(one)));
    }
  }
  SLUIS_ASSIGN(release::Approved approved, release::Approved::check(now->facts));
  SLUIS_ASSIGN(release::Debited debited, release::Debited::write(*job.state.ledger, debit));
  SLUIS_ASSIGN(const std::unique_ptr<governance::AuditLog> log, open_audit_log(job.state));
  SLUIS_ASSIGN(release::Logged logged, release::Logged::append(*log, job.state.config.name, job.facts.run,
                                                               job.judgement->study.name, unix_now()));
  return release::Permit::issue(std::move(approved), std::move(debited), std::move(logged));
}

Status release_all(Job& job, mpc::Session& session, StepLog& steps, Protected cleared) {
  governance::LedgerDebit debit;
  SLUIS_ASSIGN(const release::Permit permit, ask_permit(job, cleared, debit));
  job.report.state(RunState::kOpening);
  std::vector<sharing::ResultShare> shares;
  for (sharing::Cleared<disclosure::ReleaseTable>& table : cleared) {
    steps.begin(sql::after_label(disclosure::Guard::name(table), sql::StepKind::kRelease));
    SLUIS_ASSIGN(std::vector<sharing::ResultShare> some,
                 release::Door::release(session, std::move(table), permit));
    std::move(some.begin(), some.end(), std::back_inserter(shares));
  }
  steps.end();
  return write_receipt(*job.mesh, job.state,
                       {*job.judgement, job.facts, job.bound, debit, shares, job.attempt});
}

Status run_to_end(Job& job, const std::string& run) {
  SLUIS_TRY(load_job(job, run));
  SLUIS_ASSIGN(job.mesh, meet(job));
  const crypto::Digest hash = job.facts.hash();
  job.attempt = compare_facts(*job.mesh, hash, job.judgement->facts.attempts + 1);
  SLUIS_ASSIGN(const PairSecrets secrets, pair_secrets(job.state, *job.mesh));
  mpc::Session session(*job.mesh, mpc::agree_keys(*job.mesh, hash));
  StepLog steps(session, row_bounds(job));
  const std::string directory = run_directory(job.state.config, run);
  // Also of a run that ends here, as far as it came.
  try {
    Result<Protected> cleared = compute(job, session, steps, secrets);
    const Status done =
        cleared ? release_all(job, session, steps, std::move(*cleared)) : Status(cleared.error());
    const Status kept = steps.write(directory);
    return done ? kept : done;
  } catch (...) {
    steps.end();
    (void)steps.write(directory);
    throw;
  }
}

RunState ending_of(net::AbortCode code) {
  switch (code) {
    case net::AbortCode::kTimeout:
    case net::AbortCode::kClosed:
      return RunState::kNodeLost;
    case net::AbortCode::kInconsistent:
    case net::AbortCode::kBadLength:
    case net::AbortCode::kBadOperation:
      return RunState::kAbortedInconsistent;
    default:
      return RunState::kFailed;
  }
}

// Of an error that this node found by itself.
RunState ending_of(const Error& error) {
  if (error.id == "S1301.mesh") return RunState::kNodeLost;
  // Somebody's decision: of the codes for approval, and what changed in the meantime.
  if (error.id.starts_with("S12") || error.id == "S1306.revoked") return RunState::kCancelledByOwner;
  return RunState::kFailed;
}

std::string error_of(net::AbortCode code) {
  return ending_of(code) == RunState::kAbortedInconsistent ? "S1302.peers"
                                                           : std::string("S1301.") + net::abort_name(code);
}

}  // namespace

int run_job(const std::string& config_file, const std::string& run, const std::string& program_name) {
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_DUMPABLE, 0);  // no core dump with shares in it
  JobReport report(kJobReportFd);
  Result<std::unique_ptr<NodeState>> state = load_state(config_file, Role::kJob);
  if (!state) {
    report.error(state.error().id);
    report.state(RunState::kFailed);
    return static_cast<int>(Exit::kInternal);
  }
  (*state)->program_name = program_name;
  Job job{**state, report, {}, nullptr, {}, nullptr, nullptr, 1};
  try {
    const Status done = run_to_end(job, run);
    if (done) {
      report.state(RunState::kReleased);
      return 0;
    }
    if (job.mesh) job.mesh->abort(net::AbortCode::kBadInput);
    report.error(done.error().id);
    report.state(ending_of(done.error()));
    return static_cast<int>(done.error().exit);
  } catch (const net::ProtocolAbort& abort) {
    report.error(error_of(abort.code()));
    report.state(ending_of(abort.code()));
    return static_cast<int>(Exit::kProtocolAbort);
  } catch (const std::exception&) {
    // No memory, most likely. What it says is not told: it is not known to be free of data.
    if (job.mesh) job.mesh->abort(net::AbortCode::kBadInput);
    report.error("S1305.crash");
    report.state(RunState::kFailed);
    return static_cast<int>(Exit::kInternal);
  }
}

}  // namespace sluis::node
