// sluis run: start, watch, list, cancel, record.
#include <unistd.h>

#include <chrono>
#include <thread>

#include "apps/commands.h"
#include "apps/own.h"
#include "base/bytes.h"
#include "crypto/random.h"
#include "governance/run_record.h"
#include "node/catalogue.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// An error that a node reported in an answer: {"id","args"}.
Error reported_error(const JsonValue& value, Exit exit) {
  Error error;
  error.id = client::member(value, "id").text;
  for (const JsonValue& arg : client::member(value, "args").items) error.args.push_back(arg.text);
  if (error.id.empty()) error.id = "S1050.answer";
  error.exit = exit;
  return error;
}

// All three nodes must permit before any of them starts: else one would wait for the others in vain.
Status all_permit(client::Nodes& nodes, const std::string& sha) {
  for (int party = 0; party < 3; ++party) {
    SLUIS_ASSIGN(const client::Answer answer,
                 nodes[party].call("study.status", [&](JsonWriter& json) { json.member("study", sha); }));
    const JsonValue* busy = answer.data.find("busy");
    if (busy != nullptr && busy->boolean) return Error{"S1305.busy", {}, "", 0, 0, Exit::kPeerUnreachable};
    if (client::member(answer.data, "permitted").boolean) continue;
    const JsonValue* errors = answer.data.find("errors");
    if (errors != nullptr && !errors->items.empty())
      return reported_error(errors->items.front(), Exit::kNotApproved);
    return Error{"S1201.none", {}, "", 0, 0, Exit::kNotApproved};
  }
  return {};
}

Status start_all(client::Nodes& nodes, const std::string& sha, const std::string& run) {
  for (int party = 0; party < 3; ++party) {
    const Result<client::Answer> started = nodes[party].call(
        "run.start", [&](JsonWriter& json) { json.member("study", sha).member("run", run); });
    if (started) continue;
    for (int other = 0; other < party; ++other)
      (void)nodes[other].call("run.cancel",
                              [&](JsonWriter& json) { json.member("run", run).member("half_start", true); });
    return started.error();
  }
  return {};
}

struct Progress {
  std::string state, step, error;
  uint64_t done = 0, planned = 0;
};

Result<Progress> progress_of(client::NodeClient& node, const std::string& run) {
  SLUIS_ASSIGN(const client::Answer answer,
               node.call("run.status", [&](JsonWriter& json) { json.member("run", run); }));
  Progress progress;
  progress.state = client::member(answer.data, "state").text;
  progress.step = client::member(answer.data, "step").text;
  progress.error = client::member(answer.data, "error").text;
  progress.done = static_cast<uint64_t>(client::member(answer.data, "bytes_done").integer);
  progress.planned = static_cast<uint64_t>(client::member(answer.data, "bytes_planned").integer);
  return progress;
}

void draw(const Context& context, const Progress& progress, int seconds) {
  if (context.quiet || ::isatty(STDERR_FILENO) == 0) return;
  const double part =
      progress.planned == 0 ? 0 : static_cast<double>(progress.done) / static_cast<double>(progress.planned);
  std::string bar;
  for (int i = 0; i < 20; ++i) bar += i < static_cast<int>(part * 20) ? '#' : '-';
  std::fprintf(stderr, "\r\033[K[%s] %3d%%  %s  %02d:%02d  %.1f MB", bar.c_str(),
               static_cast<int>(part * 100), progress.step.c_str(), seconds / 60, seconds % 60,
               static_cast<double>(progress.done) / 1e6);
}

bool is_over(const std::string& state) {
  const auto known = node::run_state_of(state);
  return known && node::is_ending(*known);
}

// Waits for all three nodes to end. The error of a failed run, from the first node that tells.
Status wait_for_end(const Context& context, client::Nodes& nodes, const std::string& run) {
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    bool over = true;
    Progress first;
    Error failed;
    for (int party = 0; party < 3; ++party) {
      SLUIS_ASSIGN(const Progress progress, progress_of(nodes[party], run));
      if (party == 0) first = progress;
      over = over && is_over(progress.state);
      if (is_over(progress.state) && progress.state != "released" && failed.id.empty())
        failed = Error{progress.error.empty() ? "S1301" : progress.error, {}, "", 0, 0, Exit::kProtocolAbort};
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    draw(context, first, static_cast<int>(seconds));
    if (over) {
      if (!context.quiet && ::isatty(STDERR_FILENO) != 0) std::fputs("\n", stderr);
      if (!failed.id.empty()) return failed;
      return {};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

Exit finish(Context& context, client::Nodes& nodes, const std::string& run) {
  const Status ended = wait_for_end(context, nodes, run);
  if (!ended) return fail(context, ended.error());
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) {
      json.begin_object().member("run", run).member("state", "released").end_object();
    });
  else
    context.print(context.tr("run.released", {run}));
  return Exit::kOk;
}

Exit start(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<std::string> sha = find_study(nodes, args.get("sha"));
  if (!sha) return fail(context, sha.error());
  const Status permitted = all_permit(nodes, *sha);
  if (!permitted) return fail(context, permitted.error());
  const std::string run = to_hex(crypto::random_array<16>());
  const Status started = start_all(nodes, *sha, run);
  if (!started) return fail(context, started.error());
  context.note(context.tr("run.started", {run}));
  if (args.has("no-wait")) {
    context.print(run);
    return Exit::kOk;
  }
  return finish(context, nodes, run);
}

Exit watch(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  return finish(context, *session->nodes, args.get("run"));
}

// Through whichever node answers: useful when another is down.
Exit list(Context& context, const Args&) {
  const Result<std::unique_ptr<Own>> own = load_own(context);
  if (!own) return fail(context, own.error());
  Result<client::Answer> answer = Error{"S1301", {}, "", 0, 0, Exit::kPeerUnreachable};
  for (int party = 0; party < 3 && !answer; ++party) {
    Result<std::unique_ptr<client::NodeClient>> node =
        client::NodeClient::connect((*own)->network, (*own)->identity, party, context.timeout_s);
    if (node)
      answer = (*node)->call("run.list");
    else
      answer = node.error();
  }
  if (!answer) return fail(context, answer.error());
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.value(answer->data); });
    return Exit::kOk;
  }
  for (const JsonValue& row : client::member(answer->data, "runs").items)
    context.print(client::member(row, "run").text + "  " + client::member(row, "state").text + "  " +
                  client::member(row, "study").text.substr(0, 8) + "  " + client::member(row, "error").text);
  return Exit::kOk;
}

Exit cancel(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  bool any = false;
  Error last;
  for (int party = 0; party < 3; ++party) {
    const auto answer = (*session->nodes)[party].call(
        "run.cancel", [&](JsonWriter& json) { json.member("run", args.get("run")); });
    if (answer)
      any = true;
    else
      last = answer.error();
  }
  if (!any) return fail(context, last);
  context.print(context.tr("run.cancelled", {args.get("run")}));
  return Exit::kOk;
}

Exit record(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  for (int party = 0; party < 3; ++party) {
    client::NodeClient& node = (*session->nodes)[party];
    const auto answer =
        node.call("run.record", [&](JsonWriter& json) { json.member("run", args.get("run")); });
    if (!answer) return fail(context, answer.error());
    const std::string text(as_text(answer->body));
    const auto signature = governance::parse_signature_file(
        governance::kRunRecordKind, client::member(answer->data, "signature").text, "record.sig");
    const auto& entry = session->own->network.registry.nodes[static_cast<size_t>(party)];
    const bool holds = signature.ok() && governance::signature_holds(governance::kRunRecordKind, text,
                                                                     *signature, entry.receipt_key);
    if (!holds) return fail(context, Error{"S1303.signature", {node.name()}, "", 0, 0, Exit::kProtocolAbort});
    std::fputs(text.c_str(), stdout);
  }
  context.note(context.tr("run.record_ok"));
  return Exit::kOk;
}

}  // namespace

void add_run_commands(std::vector<CommandSpec>& commands) {
  const OptionSpec run{"run", Kind::kPositional, true, ""};
  commands.push_back(
      {"run", "start", {{"sha", Kind::kPositional, true, ""}, {"no-wait", Kind::kFlag, false, ""}}, start});
  commands.push_back({"run", "watch", {run}, watch});
  commands.push_back({"run", "list", {}, list});
  commands.push_back({"run", "cancel", {run}, cancel});
  commands.push_back({"run", "record", {run}, record});
}

}  // namespace sluis::apps
