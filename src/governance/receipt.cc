#include "governance/receipt.h"

#include <algorithm>

#include "base/json.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr const char* kFactsFormat = "sluis-receipt-facts/1";
constexpr const char* kReceiptFormat = "sluis-receipt/1";

// The values of EffectivePolicy by key, for reading and writing alike.
template <typename Policy, typename Visit>
void for_each_value(Policy& policy, Visit visit) {
  visit("t_person", policy.t_person);
  visit("t_household", policy.t_household);
  visit("t_owner", policy.t_owner);
  visit("denominator_min", policy.denominator_min);
  visit("round_base", policy.round_base);
  visit("owner_max_millionths", policy.owner_max_millionths);
  visit("group_max_millionths", policy.group_max_millionths);
  visit("shares_days", policy.shares_days);
}

void write_policy(JsonWriter& out, const EffectivePolicy& policy) {
  out.begin_object();
  out.member("profile", policy.profile);
  out.member("profile_hash", sha256_ref(policy.profile_hash));
  for_each_value(policy, [&](const char* key, const EffectiveValue& value) {
    out.key(key).begin_object();
    out.member("value", value.value).member("from", value.from);
    out.end_object();
  });
  out.end_object();
}

EffectivePolicy read_policy(JsonReader reader) {
  EffectivePolicy out;
  out.profile = reader.text("profile", 100);
  out.profile_hash = read_digest(reader, "profile_hash");
  for_each_value(out, [&](const char* key, EffectiveValue& value) {
    JsonReader one = reader.object(key);
    value.value = one.integer("value", 0, 1'000'000);
    value.from = one.text("from", 20);
    if (!value.from.empty() && value.from != "profile" && value.from != "study" && !is_oin(value.from))
      one.fault("S1005.form", {one.path("from"), "profile, study, <20 x 0-9>"}, one.value());
    one.finish();
  });
  reader.finish();
  return out;
}

void demand(JsonReader& reader, const char* key, bool fits, const char* form) {
  if (!fits) reader.fault("S1005.form", {reader.path(key), form}, reader.value());
}

ReceiptParticipant read_participant(JsonReader reader) {
  ReceiptParticipant out;
  out.oin = read_oin(reader, "oin");
  out.decision = read_digest(reader, "decision");
  out.advice = read_digest(reader, "advice");
  reader.finish();
  return out;
}

ReceiptTable read_table(JsonReader reader) {
  ReceiptTable out;
  out.table = reader.text("table", 63);
  demand(reader, "table", is_identifier(out.table), "[a-z_][a-z0-9_]*");
  out.version = reader.text("version", 64);
  out.owner = read_oin(reader, "owner");
  out.commitment = read_digest(reader, "commitment");
  reader.finish();
  return out;
}

ReceiptOutput read_output(JsonReader reader) {
  ReceiptOutput out;
  out.name = reader.text("name", 63);
  demand(reader, "name", is_identifier(out.name), "[a-z_][a-z0-9_]*");
  out.own_row = reader.choice("to", {"recipients", "own-row"}) == "own-row";
  out.recipient = read_oin(reader, "recipient");
  out.ledger_entry = read_digest(reader, "ledger_entry");
  const std::vector<std::string> shares = reader.texts("shares", 3);
  demand(reader, "shares", shares.size() == 3, "3 x sha256");
  for (size_t party = 0; party < shares.size() && party < 3; ++party) {
    const std::optional<crypto::Digest> digest = parse_sha256_ref(shares[party]);
    demand(reader, "shares", digest.has_value(), "sha256:<64 x 0-9a-f>");
    out.shares[party] = digest.value_or(crypto::Digest{});
  }
  reader.finish();
  return out;
}

ReceiptFacts read_facts(JsonReader& reader) {
  ReceiptFacts out;
  out.study = read_digest(reader, "study");
  out.study_id = reader.text("study_id", 63);
  out.study_version = reader.text("study_version", 20);
  out.run = reader.text("run", 63);
  demand(reader, "run", is_slug(out.run), "[a-z0-9-]");
  out.attempt = static_cast<int>(reader.integer("attempt", 1, 10));
  out.registry = read_digest(reader, "registry");
  for (const JsonValue* item : reader.objects("participants", 1000))
    out.participants.push_back(read_participant(reader.item(*item, "participants")));
  for (const JsonValue* item : reader.objects("tables", 10'000))
    out.tables.push_back(read_table(reader.item(*item, "tables")));
  out.policy = read_policy(reader.object("policy"));
  out.engine = reader.text("engine", 20);
  out.plan = read_digest(reader, "plan");
  for (const JsonValue* item : reader.objects("outputs", 5000))
    out.outputs.push_back(read_output(reader.item(*item, "outputs")));
  reader.finish();
  return out;
}

void write_outputs(JsonWriter& out, const std::vector<ReceiptOutput>& outputs) {
  out.key("outputs").begin_array();
  for (const ReceiptOutput& output : outputs) {
    out.begin_object();
    out.member("name", output.name);
    out.member("to", output.own_row ? "own-row" : "recipients");
    out.member("recipient", "oin:" + output.recipient);
    out.member("ledger_entry", sha256_ref(output.ledger_entry));
    out.key("shares").begin_array();
    for (const crypto::Digest& share : output.shares) out.string(sha256_ref(share));
    out.end_array().end_object();
  }
  out.end_array();
}

void write_sources(JsonWriter& out, const ReceiptFacts& facts) {
  out.key("participants").begin_array();
  for (const ReceiptParticipant& participant : facts.participants) {
    out.begin_object();
    out.member("oin", "oin:" + participant.oin);
    out.member("decision", sha256_ref(participant.decision));
    out.member("advice", sha256_ref(participant.advice));
    out.end_object();
  }
  out.end_array();
  out.key("tables").begin_array();
  for (const ReceiptTable& table : facts.tables) {
    out.begin_object();
    out.member("table", table.table).member("version", table.version);
    out.member("owner", "oin:" + table.owner);
    out.member("commitment", sha256_ref(table.commitment));
    out.end_object();
  }
  out.end_array();
}

// Parses a document of one format with one reader function.
template <typename T, typename Read>
Result<T> parse_document(std::string_view bytes, std::string_view file, size_t max_bytes, const char* format,
                         Read read) {
  SLUIS_ASSIGN(const JsonValue root, parse_small_json(bytes, file, max_bytes));
  Errors errors;
  JsonReader reader(root, "", std::string(file), errors);
  T out{};
  if (errors.empty() && has_format(reader, format)) out = read(reader);
  if (!errors.empty()) return first_by_position(std::move(errors));
  return out;
}

}  // namespace

std::string facts_text(const ReceiptFacts& facts) {
  JsonWriter out(1);
  out.begin_object();
  out.member("format", kFactsFormat);
  out.member("study", sha256_ref(facts.study));
  out.member("study_id", facts.study_id).member("study_version", facts.study_version);
  out.member("run", facts.run).member("attempt", facts.attempt);
  out.member("registry", sha256_ref(facts.registry));
  write_sources(out, facts);
  out.key("policy");
  write_policy(out, facts.policy);
  out.member("engine", facts.engine);
  out.member("plan", sha256_ref(facts.plan));
  write_outputs(out, facts.outputs);
  out.end_object();
  return out.take() + '\n';
}

std::string receipt_text(const Receipt& receipt) {
  JsonWriter out(1);
  out.begin_object();
  out.member("format", kReceiptFormat);
  out.member("facts", sha256_ref(receipt.facts));
  out.member("node", receipt.node).member("party", receipt.party);
  out.member("operator", "oin:" + receipt.operator_oin);
  out.member("program", receipt.program);
  out.member("time", utc_text(receipt.time));
  out.end_object();
  return out.take() + '\n';
}

Result<ReceiptFacts> parse_facts(std::string_view bytes, std::string_view file) {
  return parse_document<ReceiptFacts>(bytes, file, kMaxFactsBytes, kFactsFormat, read_facts);
}

Result<Receipt> parse_receipt(std::string_view bytes, std::string_view file) {
  return parse_document<Receipt>(bytes, file, kMaxReceiptBytes, kReceiptFormat, [](JsonReader& reader) {
    Receipt out;
    out.facts = read_digest(reader, "facts");
    out.node = reader.text("node", 63);
    demand(reader, "node", is_slug(out.node), "[a-z0-9-]");
    out.party = static_cast<int>(reader.integer("party", 0, 2));
    out.operator_oin = read_oin(reader, "operator");
    out.program = reader.text("program", 200);
    out.time = read_time(reader, "time");
    reader.finish();
    return out;
  });
}

}  // namespace sluis::governance
