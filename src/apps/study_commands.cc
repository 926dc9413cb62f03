// sluis study: check, explain, dry-run, page, diff, verify, submit, list, status, show.
#include <algorithm>
#include <filesystem>

#include "apps/approval_facts.h"
#include "apps/commands.h"
#include "apps/dry_run.h"
#include "apps/own.h"
#include "apps/result_table.h"
#include "base/bytes.h"
#include "governance/run_record.h"
#include "governance/study_diff.h"
#include "report/pages.h"
#include "study/bind.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// The whole check: form, SQL, column use, what can be protected. Legal placeholders are named but stop
// nothing but a run.
struct Checked {
  StudyFile file;
  sql::Plan plan;
};

Errors check_all(const StudyFileParse& parsed) {
  if (!parsed.file) return parsed.errors;
  Errors errors = study::check(parsed.file->study, parsed.file->path);
  if (errors.empty()) errors = check_protection(parsed.file->study, parsed.file->path);
  return errors;
}

Exit check(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  const Errors errors = check_all(parsed);
  if (!errors.empty()) return fail(context, errors);
  const Errors open = governance::legal_placeholders(parsed.file->study, parsed.file->path);
  const std::string sha = crypto::to_hex(parsed.file->study.name);
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) {
      json.begin_object().member("study", sha).member("legal_open", open.size()).end_object();
    });
    return Exit::kOk;
  }
  context.print(context.tr("study.ok",
                           {parsed.file->study.title, governance::decision_digits(parsed.file->study.name)}));
  for (const Error& one : open) context.print("  " + text::render(context.language, one));
  if (!open.empty()) context.print(context.tr("study.legal_open", {std::to_string(open.size())}));
  return Exit::kOk;
}

// What a run took, from its record, beside what was expected. Errors: of reading; S1051.record.
Status add_record(sql::Explanation& explanation, const governance::Study& study, const std::string& file) {
  SLUIS_ASSIGN(const std::string text, read_file(file, governance::kMaxRunRecordBytes));
  SLUIS_ASSIGN(const governance::RunRecord record, governance::parse_run_record(text, file));
  std::vector<sql::MeasuredStep> steps;
  for (const governance::RunStep& step : record.steps)
    steps.push_back(
        {step.name, {step.rounds, step.bytes_sent, 1e-3 * static_cast<double>(step.milliseconds)}});
  if (record.study != study.name || !sql::add_measured(explanation, steps))
    return usage_error("S1051.record", {file});
  return {};
}

Exit explain(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  const Errors errors = check_all(parsed);
  if (!errors.empty()) return fail(context, errors);
  const auto network = mpc::network_of(args.has("net") ? args.get("net") : "nl");
  if (!network) return fail(context, usage_error("S1051.net", {args.get("net")}));
  Result<sql::Explanation> explanation =
      explain_study(parsed.file->study, parsed.file->path, args.all("rows"), *network);
  if (!explanation) return fail(context, explanation.error());
  if (args.has("record")) {
    const Status added = add_record(*explanation, parsed.file->study, args.get("record"));
    if (!added) return fail(context, added.error());
  }
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) { json.raw(sql::explain_json(*explanation)); });
  else
    std::fputs(sql::explain_text(*explanation, context.language).c_str(), stdout);
  if (!args.has("rows")) context.note(context.tr("study.assumed_rows"));
  return Exit::kOk;
}

Exit dry_run(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  const Errors errors = check_all(parsed);
  if (!errors.empty()) return fail(context, errors);
  const Result<int64_t> seed = args.number("seed", 1, 0, INT64_MAX);
  const Result<int64_t> rows = args.number("dummy-rows", 2'000, 1, 1'000'000);
  if (!seed) return fail(context, seed.error());
  if (!rows) return fail(context, rows.error());
  const Result<DryRun> run = dry_run_study(
      parsed.file->study, {static_cast<uint64_t>(*seed), static_cast<size_t>(*rows), args.get("data")});
  if (!run) return fail(context, run.error());
  const std::string text = dry_run_json(parsed.file->study, *run);
  if (args.has("expect")) {
    const Result<std::string> expected = read_file(args.get("expect"), 64 << 20);
    if (!expected) return fail(context, expected.error());
    if (*expected != text)
      return fail(context, Error{"S1060.differs", {}, args.get("expect"), 0, 0, Exit::kCheckFailed});
  }
  if (context.form == OutputForm::kJson) {
    std::fputs(text.c_str(), stdout);
    return Exit::kOk;
  }
  context.note(context.tr("study.dry_run"));
  for (const auto& [name, table] : run->outputs) {
    context.print("\n" + name);
    print_result_table(context, table);
  }
  return Exit::kOk;
}

Exit page(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  const Errors errors = check_all(parsed);
  if (!errors.empty()) return fail(context, errors);
  Result<report::ApprovalModel> model =
      approval_model(context, *parsed.file, args.get("owner"), args.get("role"));
  if (!model) return fail(context, model.error());
  const std::string html = report::render_approval_page(*model, context.language);
  const std::string out = args.has("out") ? args.get("out") : parsed.file->study.id + ".besluit.html";
  const Status written = write_file(out, html, 0644);
  if (!written) return fail(context, written.error());
  context.print(context.tr("study.page", {out, crypto::to_hex(crypto::sha256(html)).substr(0, 32)}));
  return Exit::kOk;
}

Exit diff(Context& context, const Args& args) {
  const Result<std::string> before = read_file(args.get("before"), governance::kMaxStudyBytes);
  if (!before) return fail(context, before.error());
  const Result<std::string> after = read_file(args.get("study"), governance::kMaxStudyBytes);
  if (!after) return fail(context, after.error());
  const std::vector<governance::DiffLine> lines = governance::diff_lines(*before, *after);
  std::fputs(governance::diff_text(lines).c_str(), stdout);
  context.note(context.tr("study.diff", {std::to_string(governance::changed_lines(lines))}));
  return Exit::kOk;
}

Exit verify(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  if (!parsed.file) return fail(context, parsed.errors);
  std::string expected = args.get("sha");
  std::erase(expected, ' ');
  const std::string sha = crypto::to_hex(parsed.file->study.name);
  if (expected.size() < 32) return fail(context, usage_error("S1051.sha", {}));
  if (!sha.starts_with(expected))
    return fail(context, Error{"S1207.verify", {}, parsed.file->path, 0, 0, Exit::kNotApproved});
  context.print(context.tr("study.same", {governance::decision_digits(parsed.file->study.name)}));
  return Exit::kOk;
}

Exit submit(Context& context, const Args& args) {
  const StudyFileParse parsed = read_study_file(args.get("study"));
  const Errors errors = check_all(parsed);
  if (!errors.empty()) return fail(context, errors);
  const Errors open = governance::legal_placeholders(parsed.file->study, parsed.file->path);
  if (!open.empty()) return fail(context, open);
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const auto sent = nodes.call_all("study.put", {}, as_bytes(parsed.file->bytes));
  if (!sent) return fail(context, sent.error());
  const std::string sha = crypto::to_hex(parsed.file->study.name);
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) { json.begin_object().member("study", sha).end_object(); });
  else
    context.print(context.tr("study.submitted", {sha}));
  return Exit::kOk;
}

Exit status(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<std::string> sha = find_study(nodes, args.get("sha"));
  if (!sha) return fail(context, sha.error());
  const Result<client::Answer> answer =
      nodes[0].call("study.status", [&](JsonWriter& json) { json.member("study", *sha); });
  if (!answer) return fail(context, answer.error());
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.value(answer->data); });
    return Exit::kOk;
  }
  context.print(*sha);
  context.print(context.tr("study.state", {client::member(answer->data, "state").text}));
  for (const JsonValue& owner : client::member(answer->data, "owners").items)
    context.print("  " + client::member(owner, "name").text + ": " + client::member(owner, "state").text);
  return Exit::kOk;
}

Exit list(Context& context, const Args&) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<client::Answer> answer = nodes[0].call("study.list");
  if (!answer) return fail(context, answer.error());
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.value(answer->data); });
    return Exit::kOk;
  }
  for (const JsonValue& row : client::member(answer->data, "studies").items)
    context.print(client::member(row, "study").text);
  return Exit::kOk;
}

Exit show(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<std::string> sha = find_study(nodes, args.get("sha"));
  if (!sha) return fail(context, sha.error());
  const Result<client::Answer> answer =
      nodes[0].call("study.get", [&](JsonWriter& json) { json.member("study", *sha); });
  if (!answer) return fail(context, answer.error());
  // The bytes count, not who sent them: compare with the name that was asked for.
  if (crypto::to_hex(crypto::sha256(as_text(answer->body))) != *sha)
    return fail(context, Error{"S1207.verify", {}, "", 0, 0, Exit::kProtocolAbort});
  std::fwrite(answer->body.data(), 1, answer->body.size(), stdout);
  return Exit::kOk;
}

}  // namespace

Result<std::string> find_study(client::Nodes& nodes, const std::string& prefix) {
  std::error_code none;
  if (std::filesystem::is_regular_file(prefix, none)) {
    const StudyFileParse file = read_study_file(prefix);
    if (!file.file) return file.errors.front();
    return crypto::to_hex(file.file->study.name);
  }
  SLUIS_ASSIGN(const client::Answer answer, nodes[0].call("study.list"));
  std::vector<std::string> found;
  for (const JsonValue& row : client::member(answer.data, "studies").items)
    if (client::member(row, "study").text.starts_with(prefix))
      found.push_back(client::member(row, "study").text);
  if (found.size() == 1) return found.front();
  return Error{
      found.empty() ? "S1054.study" : "S1054.several", {prefix.substr(0, 8)}, "", 0, 0, Exit::kUsage};
}

void add_study_commands(std::vector<CommandSpec>& commands) {
  const OptionSpec file{"study", Kind::kPositional, true, ""};
  const OptionSpec sha{"sha", Kind::kPositional, true, ""};
  commands.push_back({"study", "check", {file}, check});
  commands.push_back({"study",
                      "explain",
                      {file,
                       {"rows", Kind::kList, false, ""},
                       {"net", Kind::kValue, false, ""},
                       {"record", Kind::kValue, false, ""}},
                      explain});
  commands.push_back({"study",
                      "dry-run",
                      {file,
                       {"data", Kind::kValue, false, ""},
                       {"seed", Kind::kValue, false, ""},
                       {"dummy-rows", Kind::kValue, false, ""},
                       {"expect", Kind::kValue, false, ""}},
                      dry_run});
  commands.push_back({"study",
                      "page",
                      {file,
                       {"owner", Kind::kValue, false, ""},
                       {"role", Kind::kValue, false, "advice"},
                       {"out", Kind::kValue, false, ""}},
                      page});
  commands.push_back({"study", "diff", {{"before", Kind::kPositional, true, ""}, file}, diff});
  commands.push_back({"study", "verify", {file, {"sha", Kind::kValue, true, ""}}, verify});
  commands.push_back({"study", "submit", {file}, submit});
  commands.push_back({"study", "list", {}, list});
  commands.push_back({"study", "status", {sha}, status});
  commands.push_back({"study", "show", {sha}, show});
}

}  // namespace sluis::apps
