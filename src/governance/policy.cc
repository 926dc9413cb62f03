#include "governance/policy.h"

#include <algorithm>

#include "governance/fields.h"
#include "governance/profile.h"
#include "governance/toml_document.h"

namespace sluis::governance {
namespace {

constexpr const char* kFormat = "sluis-policy/1";

template <typename Read>
std::optional<int64_t> if_present(TomlReader& reader, const char* key, Read read) {
  if (reader.find(key) == nullptr) return std::nullopt;
  return read(key);
}

void read_floors(TomlReader reader, OwnerPolicy& out) {
  const auto count = [&](const char* key) { return reader.integer(key, 1, 1'000'000); };
  const auto share = [&](const char* key) { return reader.millionths(key, 1, 1'000'000); };
  out.t_person = if_present(reader, "t_person", count);
  out.t_household = if_present(reader, "t_household", count);
  out.t_owner = if_present(reader, "t_owner", count);
  out.denominator_min = if_present(reader, "denominator_min", count);
  out.round_base = if_present(reader, "round_base", count);
  if (out.round_base && *out.round_base % 2 == 0)
    reader.fault("S1005.form", {reader.path("round_base"), "5, 7, 9, …"}, reader.at("round_base"));
  out.owner_max_millionths = if_present(reader, "owner_max", share);
  out.group_max_millionths = if_present(reader, "group_max", share);
  out.shares_days = if_present(reader, "shares_days", count);
  reader.finish();
}

void read_purposes(TomlReader reader, OwnerPolicy& out) {
  for (const std::string& text : reader.texts("recipients", 0, 500)) {
    const std::optional<std::string> oin = parse_oin_ref(text);
    if (!oin)
      reader.fault("S1005.form", {reader.path("recipients"), "oin:<20 x 0-9>"}, reader.at("recipients"));
    if (oin) out.recipients.push_back(*oin);
  }
  out.templates = reader.texts("templates", 0, 50);
  reader.finish();
}

OwnerPolicy read_policy(TomlReader& root) {
  OwnerPolicy out;
  const std::string owner = root.text("owner", 100);
  out.owner = parse_oin_ref(owner).value_or("");
  if (out.owner.empty() && !owner.empty())
    root.fault("S1005.form", {"owner", "oin:<20 x 0-9>"}, root.at("owner"));
  // Advice comes before every decision in any case; a policy may say so, and not the contrary.
  if (root.has("advice_required") && !root.boolean("advice_required"))
    root.fault("S1030.value", {"advice_required", "true"}, root.at("advice_required"));
  root.find("advice_required");
  read_floors(root.table("floors", false), out);
  read_purposes(root.table("purposes", false), out);
  for (const std::string& text : root.texts("never_columns", 0, 500)) {
    const size_t colon = text.find(':');
    const NeverColumn never{text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon + 1)};
    if (!is_slug(never.schema) || !is_identifier(never.column))
      root.fault("S1005.form", {"never_columns", "profiel:kolom"}, root.at("never_columns"));
    out.never.push_back(never);
  }
  root.finish();
  return out;
}

void raise(EffectiveValue& value, std::optional<int64_t> other, const std::string& from) {
  if (other && *other > value.value) value = {*other, from};
}
void lower(EffectiveValue& value, std::optional<int64_t> other, const std::string& from) {
  if (other && *other < value.value) value = {*other, from};
}

EffectivePolicy from_study(const Study& study, const Profile& profile) {
  EffectivePolicy out;
  out.profile = profile.name;
  out.profile_hash = profile.hash;
  const Disclosure& d = study.disclosure;
  const auto value = [](int64_t wanted, int64_t floor) {
    return EffectiveValue{wanted, wanted == floor ? "profile" : "study"};
  };
  out.t_person = value(d.t_person, profile.t_person);
  out.t_household = value(d.t_household, profile.t_household);
  out.t_owner = value(d.t_owner, profile.t_owner);
  out.denominator_min = value(d.denominator_min, profile.denominator_min);
  out.round_base = value(d.round_base, profile.round_base);
  out.owner_max_millionths = value(d.owner_max_millionths, profile.owner_max_millionths);
  out.group_max_millionths = value(d.group_max_millionths, profile.group_max_millionths);
  out.shares_days = {study.retention.shares_days, "study"};
  return out;
}

Error conflict(const char* id, std::vector<std::string> args, Position at = {}) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.line = at.line;
  error.column = at.column;
  error.exit = Exit::kNotAllowed;
  return error;
}

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

PolicyParse parse_policy(std::string_view bytes, std::string_view file) {
  auto [policy, errors] = read_toml_document(bytes, file, kFormat, read_policy);
  if (policy) policy->hash = crypto::sha256(bytes);
  return {std::move(policy), std::move(errors)};
}

std::string EffectivePolicy::canonical_text() const {
  std::string out = "sluis-effective-policy/1\nprofile = " + profile + ' ' + sha256_ref(profile_hash) + '\n';
  const std::pair<const char*, const EffectiveValue*> values[] = {
      {"t_person", &t_person},
      {"t_household", &t_household},
      {"t_owner", &t_owner},
      {"denominator_min", &denominator_min},
      {"round_base", &round_base},
      {"owner_max_millionths", &owner_max_millionths},
      {"group_max_millionths", &group_max_millionths},
      {"shares_days", &shares_days}};
  for (const auto& [key, value] : values)
    out.append(key).append(" = ").append(std::to_string(value->value)) += '\n';
  return out;
}

crypto::Digest EffectivePolicy::hash() const { return crypto::sha256(canonical_text()); }

EffectivePolicy effective_policy(const Study& study, const std::vector<const OwnerPolicy*>& policies) {
  const Profile* profile = find_profile(study.disclosure.profile);
  CHECK(profile != nullptr);  // parse_study refused every other
  EffectivePolicy out = from_study(study, *profile);
  for (const OwnerPolicy* policy : policies) {
    raise(out.t_person, policy->t_person, policy->owner);
    raise(out.t_household, policy->t_household, policy->owner);
    raise(out.t_owner, policy->t_owner, policy->owner);
    raise(out.denominator_min, policy->denominator_min, policy->owner);
    raise(out.round_base, policy->round_base, policy->owner);
    lower(out.owner_max_millionths, policy->owner_max_millionths, policy->owner);
    lower(out.group_max_millionths, policy->group_max_millionths, policy->owner);
    lower(out.shares_days, policy->shares_days, policy->owner);
  }
  raise(out.t_person, out.round_base.value, out.round_base.from);
  return out;
}

Errors policy_conflicts(const Study& study, const OwnerPolicy& policy) {
  Errors out;
  for (const std::string& recipient : study.people.recipients)
    if (!policy.recipients.empty() && !has(policy.recipients, recipient))
      out.push_back(conflict("S1218.recipient", {policy.owner, recipient}));
  if (!policy.templates.empty() && !has(policy.templates, study.study_template))
    out.push_back(conflict("S1218.template", {policy.owner, study.study_template}));
  const InvitedOwner* owner = study.find_invited(policy.owner);
  for (const StudyTable& table : study.tables) {
    if (owner == nullptr || table.owners != owner->kind) continue;
    const std::string schema = table.schema.substr(0, table.schema.find('/'));
    for (const StudyColumn& column : table.columns)
      if (std::find(policy.never.begin(), policy.never.end(), NeverColumn{schema, column.name}) !=
          policy.never.end())
        out.push_back(conflict("S1218.column", {policy.owner, table.name, column.name}, column.at));
  }
  const int64_t t_person = effective_policy(study, {&policy}).t_person.value;
  for (const Output& output : study.outputs)
    if (!output.bands.empty() && output.bands[0] < t_person)
      out.push_back(conflict("S1031.bands", {output.name, std::to_string(t_person)}, output.at));
  return out;
}

}  // namespace sluis::governance
