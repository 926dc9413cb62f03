#include "governance/decision.h"

#include <algorithm>

#include "base/json.h"
#include "governance/json_fields.h"
#include "relation/date.h"

namespace sluis::governance {
namespace {

constexpr const char* kFormat = "sluis-decision/1";
constexpr const char* kAnswers[] = {"agree", "remarks", "disagree", "return", "approve", "reject", "revoke"};

bool belongs(Answer answer, DecisionRole role) {
  const bool advice = answer == Answer::kAgree || answer == Answer::kRemarks || answer == Answer::kDisagree;
  return answer == Answer::kReturn || advice == (role == DecisionRole::kAdvice);
}

// Whoever does not simply agree says why.
bool needs_reasons(Answer answer) { return answer != Answer::kAgree && answer != Answer::kApprove; }

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

bool is_pseudonym(std::string_view text) { return is_slug(text); }

std::vector<TableChoice> read_choices(JsonReader& reader) {
  std::vector<TableChoice> out;
  for (const std::string& text : reader.texts("tables", 64)) {
    const size_t sign = text.find('@');
    TableChoice choice{text.substr(0, sign), sign == std::string::npos ? "" : text.substr(sign + 1)};
    const bool twice = std::any_of(out.begin(), out.end(),
                                   [&](const TableChoice& other) { return other.table == choice.table; });
    if (!is_identifier(choice.table) || !is_version(choice.version))
      reader.fault("S1005.form", {"tables", "tabel@2026-10-01"}, *reader.find("tables"));
    else if (twice)
      reader.fault("S1008.twice", {"tables", choice.table}, *reader.find("tables"));
    else
      out.push_back(std::move(choice));
  }
  return out;
}

void read_engine(JsonReader reader, Decision& out) {
  out.engine_seen = reader.text("seen", 200);
  const std::string major = reader.text("valid_for", 4);
  const bool digits = !major.empty() && major.size() <= 3 && major[0] != '0' &&
                      std::all_of(major.begin(), major.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) out.engine_valid_for = std::stoi(major);
  if (!digits && !major.empty())
    reader.fault("S1005.form", {reader.path("valid_for"), "1"}, *reader.find("valid_for"));
  reader.finish();
}

void read_answer(JsonReader& reader, Decision& out) {
  const std::string role = reader.choice("role", {"advice", "decision"});
  out.role = role == "advice" ? DecisionRole::kAdvice : DecisionRole::kDecision;
  const std::string answer = out.role == DecisionRole::kAdvice
                                 ? reader.choice("answer", {"agree", "remarks", "disagree", "return"})
                                 : reader.choice("answer", {"approve", "return", "reject", "revoke"});
  for (size_t i = 0; i < std::size(kAnswers); ++i)
    if (answer == kAnswers[i]) out.answer = static_cast<Answer>(i);
  out.reasons = reader.optional_text("reasons");
  if (reader.find("reasons") == nullptr) reader.text("reasons");  // must be there, may be empty
  if (belongs(out.answer, out.role) && needs_reasons(out.answer) && out.reasons.empty() &&
      reader.find("reasons") != nullptr)
    reader.fault("S1004.empty", {"reasons"}, *reader.find("reasons"));
}

// What only a decision holds; advice neither names tables nor other advice.
void read_decision_part(JsonReader& reader, Decision& out) {
  if (out.role == DecisionRole::kAdvice) return;
  out.mandate = reader.text("mandate", 500);
  out.advice = read_optional_digest(reader, "advice");
  if (out.answer == Answer::kApprove && reader.find("advice") == nullptr) reader.text("advice");
  out.tables = read_choices(reader);
  if (out.answer == Answer::kApprove && out.tables.empty() && reader.find("tables") != nullptr)
    reader.fault("S1004.empty", {"tables"}, *reader.find("tables"));
}

Decision read_decision(JsonReader& reader) {
  Decision out;
  out.study = read_digest(reader, "study");
  out.owner = read_oin(reader, "owner");
  read_answer(reader, out);
  out.on_behalf_of = reader.text("on_behalf_of", 500);
  const std::string person = reader.text("person", 100);
  const bool named = person.starts_with("pseudonym:") && is_pseudonym(std::string_view(person).substr(10));
  if (named) out.person = person.substr(10);
  if (!named && !person.empty())
    reader.fault("S1005.form", {"person", "pseudonym:4e1c"}, *reader.find("person"));
  read_decision_part(reader, out);
  out.effective_policy = read_digest(reader, "effective_policy");
  out.page_seen = read_digest(reader, "page_seen");
  read_engine(reader.object("engine"), out);
  out.time = read_time(reader, "time");
  out.expires = read_day(reader, "expires");
  reader.finish();
  return out;
}

}  // namespace

const char* decision_role_name(DecisionRole role) {
  return role == DecisionRole::kAdvice ? "advice" : "decision";
}
const char* answer_name(Answer answer) { return kAnswers[static_cast<size_t>(answer)]; }

std::string decision_text(const Decision& decision) {
  JsonWriter out(2);
  out.begin_object();
  out.member("format", kFormat);
  out.member("study", sha256_ref(decision.study));
  out.member("owner", "oin:" + decision.owner);
  out.member("role", decision_role_name(decision.role));
  out.member("on_behalf_of", decision.on_behalf_of);
  out.member("person", "pseudonym:" + decision.person);
  if (decision.role == DecisionRole::kDecision) out.member("mandate", decision.mandate);
  out.member("answer", answer_name(decision.answer));
  out.member("reasons", decision.reasons);
  if (decision.advice) out.member("advice", sha256_ref(*decision.advice));
  if (decision.role == DecisionRole::kDecision) {
    out.key("tables").begin_array();
    for (const TableChoice& choice : decision.tables) out.string(choice.table + '@' + choice.version);
    out.end_array();
  }
  out.member("effective_policy", sha256_ref(decision.effective_policy));
  out.member("page_seen", sha256_ref(decision.page_seen));
  out.key("engine").begin_object();
  out.member("seen", decision.engine_seen);
  out.member("valid_for", std::to_string(decision.engine_valid_for));
  out.end_object();
  out.member("time", utc_text(decision.time));
  out.member("expires", relation::date_text(decision.expires));
  out.end_object();
  return out.take() + '\n';
}

DecisionParse parse_decision(std::string_view bytes, std::string_view file) {
  DecisionParse out;
  const Result<JsonValue> root = parse_small_json(bytes, file, kMaxDecisionBytes);
  if (!root.ok()) {
    out.errors.push_back(root.error());
    return out;
  }
  JsonReader reader(*root, "", std::string(file), out.errors);
  if (root->is(JsonValue::Kind::kObject) && has_format(reader, kFormat)) {
    Decision decision = read_decision(reader);
    if (out.errors.empty()) out.decision = std::move(decision);
  }
  sort_by_position(out.errors);
  return out;
}

Result<SignedDecision> parse_signed_decision(std::string_view bytes, std::string_view signature,
                                             UnixTime received) {
  DecisionParse parse = parse_decision(bytes, "decision.json");
  if (!parse.decision) return std::move(parse.errors.front());
  SignedDecision out;
  SLUIS_ASSIGN(out.signature, parse_signature_file(kDecisionKind, signature, "decision.sig.json"));
  out.bytes = bytes;
  out.decision = std::move(*parse.decision);
  out.hash = crypto::sha256(bytes);
  out.received = received;
  return out;
}

SignedDecision sign_decision(const Decision& decision, const crypto::SigningKey& key) {
  SignedDecision out;
  out.bytes = decision_text(decision);
  out.decision = decision;
  out.hash = crypto::sha256(out.bytes);
  out.signature = sign_file(kDecisionKind, out.bytes, key);
  out.received = decision.time;
  return out;
}

}  // namespace sluis::governance
