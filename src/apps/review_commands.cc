// sluis review: advise, approve, return, reject, revoke, list.
#include <ctime>

#include "apps/commands.h"
#include "apps/own.h"
#include "apps/program.h"
#include "base/bytes.h"
#include "governance/decision.h"
#include "governance/policy.h"
#include "relation/date.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;
using governance::Answer;

std::optional<Answer> advice_answer(const std::string& name) {
  for (const Answer answer : {Answer::kAgree, Answer::kRemarks, Answer::kDisagree, Answer::kReturn})
    if (name == governance::answer_name(answer)) return answer;
  return std::nullopt;
}

// "schuldhulp@2026-10-01" entries.
Result<std::vector<governance::TableChoice>> table_choices(const std::vector<std::string>& entries) {
  std::vector<governance::TableChoice> choices;
  for (const std::string& entry : entries) {
    const size_t at = entry.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == entry.size())
      return usage_error("S1051.table", {entry});
    choices.push_back({entry.substr(0, at), entry.substr(at + 1)});
  }
  return choices;
}

// The person in the registry to whom the key belongs, at this organisation and in this role.
Result<std::string> person_of(const Own& own, const crypto::SigningKey& key, governance::PersonRole role) {
  for (const governance::Person* person :
       own.network.registry.find_by_key(governance::key_fingerprint(key.public_key())))
    if (person->oin == own.identity.oin && person->role == role) return person->pseudonym;
  return Error{"S1210.own", {governance::person_role_name(role)}, "", 0, 0, Exit::kNotAllowed};
}

struct Sitting {
  std::unique_ptr<Own> own;
  std::optional<client::Nodes> nodes;
  StudyFile file;
  governance::Decision decision;
};

// What every advice and decision says.
Status fill(Sitting& sitting, const Args& args) {
  const governance::Study& study = sitting.file.study;
  governance::Decision& decision = sitting.decision;
  decision.study = study.name;
  decision.owner = sitting.own->identity.oin;
  decision.on_behalf_of = args.get("behalf");
  if (decision.on_behalf_of.empty()) {
    const governance::Organisation* own = sitting.own->network.registry.find_organisation(decision.owner);
    decision.on_behalf_of = own == nullptr ? "" : own->name;
  }
  decision.mandate = args.get("mandate");
  decision.reasons = args.get("reasons");
  std::vector<governance::OwnerPolicy> policies;
  if (args.has("policy")) {
    SLUIS_ASSIGN(const std::string bytes, read_file(args.get("policy"), kMaxTomlBytes));
    governance::PolicyParse parsed = governance::parse_policy(bytes, args.get("policy"));
    if (!parsed.policy) return parsed.errors.front();
    policies.push_back(std::move(*parsed.policy));
  }
  std::vector<const governance::OwnerPolicy*> views;
  for (const governance::OwnerPolicy& policy : policies) views.push_back(&policy);
  decision.effective_policy = governance::effective_policy(study, views).hash();
  if (args.has("page")) {
    SLUIS_ASSIGN(const std::string page, read_file(args.get("page"), 64 << 20));
    decision.page_seen = crypto::sha256(page);
  }
  decision.engine_seen = program_name();
  decision.engine_valid_for = governance::kEngineVersion.major;
  decision.time = std::time(nullptr);
  decision.expires = study.validity.run_before;
  return {};
}

Result<Sitting> sit(const Context& context, const Args& args) {
  Sitting sitting;
  StudyFileParse parsed = read_study_file(args.get("study"));
  if (!parsed.file) return parsed.errors.front();
  sitting.file = std::move(*parsed.file);
  SLUIS_ASSIGN(sitting.own, load_own(context));
  SLUIS_ASSIGN(sitting.nodes, connect_nodes(context, *sitting.own));
  SLUIS_TRY(fill(sitting, args));
  return sitting;
}

Exit sign_and_send(Context& context, const Args& args, Sitting& sitting, governance::PersonRole role) {
  const Result<crypto::SigningKey> key = load_signing_key(context, args);
  if (!key) return fail(context, key.error());
  const Result<std::string> person = person_of(*sitting.own, *key, role);
  if (!person) return fail(context, person.error());
  sitting.decision.person = *person;
  const std::string text = governance::decision_text(sitting.decision);
  const governance::DecisionParse parsed = governance::parse_decision(text, "decision.json");
  if (!parsed.decision) return fail(context, parsed.errors);
  const std::string signature = governance::signature_text(
      governance::kDecisionKind, governance::sign_file(governance::kDecisionKind, text, *key));
  if (args.has("save")) {
    const Status saved = write_file(args.get("save"), text, 0644);
    const Status signed_file = write_file(args.get("save") + ".sig", signature, 0644);
    if (!saved) return fail(context, saved.error());
    if (!signed_file) return fail(context, signed_file.error());
  }
  const auto sent = sitting.nodes->call_all(
      "decision.put", [&](JsonWriter& json) { json.member("signature", signature); }, as_bytes(text));
  if (!sent) return fail(context, sent.error());
  const std::string hash = crypto::to_hex(crypto::sha256(text));
  if (context.form == OutputForm::kJson)
    print_envelope([&](JsonWriter& json) {
      json.begin_object()
          .member("decision", hash)
          .member("answer", governance::answer_name(sitting.decision.answer))
          .end_object();
    });
  else
    context.print(
        context.tr("review.sent", {governance::answer_name(sitting.decision.answer), sitting.decision.person,
                                   governance::decision_digits(sitting.file.study.name)}));
  return Exit::kOk;
}

Exit advise(Context& context, const Args& args) {
  Result<Sitting> sitting = sit(context, args);
  if (!sitting) return fail(context, sitting.error());
  const std::optional<Answer> answer = advice_answer(args.get("answer"));
  if (!answer) return fail(context, usage_error("S1051.answer", {args.get("answer")}));
  sitting->decision.role = governance::DecisionRole::kAdvice;
  sitting->decision.answer = *answer;
  return sign_and_send(context, args, *sitting, governance::PersonRole::kAdvisor);
}

// The latest advice of this owner on this study, as the first node has it.
Result<crypto::Digest> latest_advice(Sitting& sitting) {
  const std::string sha = crypto::to_hex(sitting.file.study.name);
  SLUIS_ASSIGN(const client::Answer answer, (*sitting.nodes)[0].call("decision.list", [&](JsonWriter& json) {
    json.member("study", sha);
  }));
  std::optional<crypto::Digest> found;
  for (const JsonValue& row : client::member(answer.data, "decisions").items) {
    if (client::member(row, "owner").text != sitting.own->identity.oin ||
        client::member(row, "role").text != "advice")
      continue;
    const std::optional<Bytes> hash = from_hex(client::member(row, "hash").text);
    if (!hash || hash->size() != 32) continue;
    found.emplace();
    std::copy(hash->begin(), hash->end(), found->begin());
  }
  if (!found) return Error{"S1204.own", {}, "", 0, 0, Exit::kNotApproved};
  return *found;
}

Exit decide(Context& context, const Args& args, Answer answer) {
  // Before anything is asked or signed: every decision, a revocation too, says by what mandate.
  if (!args.has("mandate")) return fail(context, usage_error("S1051.missing", {"--mandate"}));
  Result<Sitting> sitting = sit(context, args);
  if (!sitting) return fail(context, sitting.error());
  sitting->decision.role = governance::DecisionRole::kDecision;
  sitting->decision.answer = answer;
  const Result<crypto::Digest> advice = latest_advice(*sitting);
  if (!advice) return fail(context, advice.error());
  sitting->decision.advice = *advice;
  Result<std::vector<governance::TableChoice>> tables = table_choices(args.all("tables"));
  if (!tables) return fail(context, tables.error());
  sitting->decision.tables = std::move(*tables);
  return sign_and_send(context, args, *sitting, governance::PersonRole::kDecider);
}

Exit list(Context& context, const Args& args) {
  Result<Session> session = open_session(context);
  if (!session) return fail(context, session.error());
  client::Nodes& nodes = *session->nodes;
  const Result<std::string> sha = find_study(nodes, args.get("sha"));
  if (!sha) return fail(context, sha.error());
  const Result<client::Answer> answer =
      nodes[0].call("decision.list", [&](JsonWriter& json) { json.member("study", *sha); });
  if (!answer) return fail(context, answer.error());
  if (context.form == OutputForm::kJson) {
    print_envelope([&](JsonWriter& json) { json.value(answer->data); });
    return Exit::kOk;
  }
  for (const JsonValue& row : client::member(answer->data, "decisions").items)
    context.print(client::member(row, "owner").text + "  " + client::member(row, "role").text + "  " +
                  client::member(row, "answer").text);
  return Exit::kOk;
}

}  // namespace

void add_review_commands(std::vector<CommandSpec>& commands) {
  std::vector<OptionSpec> common = {
      {"study", Kind::kPositional, true, ""}, {"key", Kind::kValue, false, ""},
      {"reasons", Kind::kValue, false, ""},   {"behalf", Kind::kValue, false, ""},
      {"mandate", Kind::kValue, false, ""},   {"policy", Kind::kValue, false, ""},
      {"page", Kind::kValue, false, ""},      {"save", Kind::kValue, false, ""}};
  std::vector<OptionSpec> advice = common;
  advice.push_back({"answer", Kind::kValue, false, "agree"});
  std::vector<OptionSpec> decision = common;
  decision.push_back({"tables", Kind::kList, false, ""});
  commands.push_back({"review", "advise", advice, advise});
  commands.push_back({"review", "approve", decision,
                      [](Context& c, const Args& a) { return decide(c, a, Answer::kApprove); }});
  commands.push_back({"review", "return", decision,
                      [](Context& c, const Args& a) { return decide(c, a, Answer::kReturn); }});
  commands.push_back({"review", "reject", decision,
                      [](Context& c, const Args& a) { return decide(c, a, Answer::kReject); }});
  commands.push_back({"review", "revoke", decision,
                      [](Context& c, const Args& a) { return decide(c, a, Answer::kRevoke); }});
  commands.push_back({"review", "list", {{"sha", Kind::kPositional, true, ""}}, list});
}

}  // namespace sluis::apps
