// [disclosure] and [run] of a study: every value is enforced as it stands or refused by name.
#include <algorithm>

#include "governance/fields.h"
#include "governance/study_parse.h"

namespace sluis::governance::study_parts {
namespace {

// Reads values that may be stricter than the profile's, never laxer.
class Floors {
 public:
  Floors(TomlReader& reader, std::set<std::string>& from_profile)
      : reader_(reader), from_profile_(from_profile) {}

  // Stricter is higher.
  int64_t at_least(std::string_view key, int64_t floor) {
    if (absent(key)) return floor;
    const int64_t value = reader_.integer(key, 0, 1'000'000);
    if (is_integer(key) && value < floor) laxer(key, std::to_string(floor));
    return std::max(value, floor);
  }
  // Stricter is lower; a share in millionths.
  int64_t at_most(std::string_view key, int64_t ceiling, const char* ceiling_text) {
    if (absent(key)) return ceiling;
    const int64_t value = reader_.millionths(key, 0, 1'000'000);
    if (value > ceiling) laxer(key, ceiling_text);
    if (value == 0 && reader_.find(key)->kind == TomlValue::Kind::kDecimal)
      reader_.fault("S1005.range", {reader_.path(key), "0.000001", ceiling_text}, reader_.at(key));
    return std::min(value, ceiling);
  }
  // The profile's value and no other: what this version can do.
  std::string fixed(std::string_view key, const std::string& only) {
    if (absent(key)) return only;
    const std::string value = reader_.text(key, 100);
    if (!value.empty() && value != only)
      reader_.fault("S1030.value", {reader_.path(key), only}, reader_.at(key));
    return only;
  }

 private:
  bool absent(std::string_view key) {
    if (reader_.find(key) != nullptr) return false;
    from_profile_.emplace(key);
    return true;
  }
  bool is_integer(std::string_view key) { return reader_.find(key)->kind == TomlValue::Kind::kInteger; }
  void laxer(std::string_view key, const std::string& limit) {
    reader_.fault("S1031.laxer", {reader_.path(key), limit}, reader_.at(key), Exit::kNotAllowed);
  }
  TomlReader& reader_;
  std::set<std::string>& from_profile_;
};

std::string percent_text(int64_t millionths) {
  std::string text = std::to_string(millionths + 1'000'000).substr(1);
  while (text.size() > 2 && text.back() == '0') text.pop_back();
  return (millionths >= 1'000'000 ? "1." : "0.") + text;
}

void read_unit(TomlReader reader, Disclosure& out) {
  out.unit_person = reader.text("person");
  demand_form(reader, "person", out.unit_person, is_identifier, "[a-z_][a-z0-9_]*");
  out.unit_household = reader.text("household");
  demand_form(reader, "household", out.unit_household, is_identifier, "[a-z_][a-z0-9_]*");
  reader.finish();
}

// "1.0": digits, a point, digits.
std::optional<EngineVersion> parse_version(std::string_view text) {
  const size_t point = text.find('.');
  const auto number = [](std::string_view digits) -> std::optional<int> {
    if (digits.empty() || digits.size() > 4 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    int value = 0;
    for (char c : digits) {
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    return value;
  };
  if (point == std::string_view::npos) return std::nullopt;
  const std::optional<int> major = number(text.substr(0, point));
  const std::optional<int> minor = number(text.substr(point + 1));
  if (!major || !minor) return std::nullopt;
  return EngineVersion{*major, *minor};
}

void only(TomlReader& reader, std::string_view key, const char* value) {
  const std::string text = reader.text(key, 100);
  if (!text.empty() && text != value) reader.fault("S1030.value", {reader.path(key), value}, reader.at(key));
}

EngineVersion read_engine(TomlReader reader) {
  if (const TomlValue* nodes = reader.get("nodes", TomlValue::Kind::kInteger); nodes && nodes->integer != 3)
    reader.fault("S1030.value", {reader.path("nodes"), "3"}, nodes->at);
  only(reader, "trust", "honest-majority");
  only(reader, "min_security", "semi-honest");
  const std::string text = reader.text("min_version");
  const std::optional<EngineVersion> version = parse_version(text);
  if (!version && !text.empty())
    reader.fault("S1005.form", {reader.path("min_version"), "1.0"}, reader.at("min_version"));
  if (version && (*version > kEngineVersion || version->major != kEngineVersion.major))
    reader.fault("S1030.version",
                 {text, std::to_string(kEngineVersion.major) + '.' + std::to_string(kEngineVersion.minor)},
                 reader.at("min_version"), Exit::kVersionMismatch);
  reader.finish();
  return version.value_or(kEngineVersion);
}

}  // namespace

Disclosure read_disclosure(TomlReader reader) {
  Disclosure out;
  out.profile = reader.text("profile", 100);
  const Profile* profile = find_profile(out.profile);
  if (profile == nullptr && !out.profile.empty())
    reader.fault("S1033.profile", {out.profile, "nl-jeugd-1"}, reader.at("profile"));
  if (profile == nullptr) profile = find_profile("nl-jeugd-1");  // so that the other keys are read, too
  read_unit(reader.table("unit"), out);
  Floors floors(reader, out.from_profile);
  out.t_person = floors.at_least("t_person", profile->t_person);
  out.t_household = floors.at_least("t_household", profile->t_household);
  out.t_owner = floors.at_least("t_owner", profile->t_owner);
  out.denominator_min = floors.at_least("denominator_min", profile->denominator_min);
  out.round_base = floors.at_least("round_base", profile->round_base);
  const auto share = [&](const char* key, int64_t ceiling) {
    return floors.at_most(key, ceiling, percent_text(ceiling).c_str());
  };
  out.owner_max_millionths = share("owner_max", profile->owner_max_millionths);
  out.group_max_millionths = share("group_max", profile->group_max_millionths);
  out.mark = floors.fixed("mark", profile->mark);
  out.zeros = floors.fixed("zeros", profile->zeros);
  out.totals = floors.fixed("totals", profile->totals);
  out.intervals = floors.fixed("intervals", profile->intervals);
  out.dp = floors.fixed("dp", profile->dp);
  if (reader.find("equation_rule") != nullptr)
    reader.fault("S1030.absent", {reader.path("equation_rule")}, reader.at("equation_rule"));
  // A passing cell must not round to 0, which would read as withheld; an even base would need a rule for
  // ties.
  if (out.round_base % 2 == 0 || out.round_base > out.t_person)
    reader.fault("S1034.round", {reader.path("round_base"), std::to_string(out.t_person)},
                 reader.at("round_base"));
  reader.finish();
  return out;
}

RunSettings read_run(TomlReader reader) {
  RunSettings out;
  out.max_hours = static_cast<int>(reader.integer("max_hours", 1, 168));
  out.on_node_loss = "stop";
  only(reader, "on_node_loss", "stop");
  if (const TomlValue* leakage = reader.get("allow_leakage", TomlValue::Kind::kArray))
    if (!leakage->items.empty())
      reader.fault("S1030.value", {reader.path("allow_leakage"), "[]"}, leakage->at);
  out.min_version = read_engine(reader.table("engine"));
  reader.finish();
  return out;
}

}  // namespace sluis::governance::study_parts
