// The tables of a study that people judge, and who takes part.
#include <algorithm>

#include "governance/fields.h"
#include "governance/study_parse.h"
#include "relation/date.h"

namespace sluis::governance::study_parts {
namespace {

int64_t day_number(const CalendarDate& date) {
  return relation::day_number(date.year, date.month, date.day).value_or(0);
}

std::string read_oin_ref(TomlReader& reader, std::string_view key) {
  const std::string text = reader.text(key);
  const std::optional<std::string> oin = parse_oin_ref(text);
  if (!oin && !text.empty()) reader.fault("S1005.form", {reader.path(key), "oin:<20 x 0-9>"}, reader.at(key));
  return oin.value_or("");
}

Function read_function(TomlReader reader, bool needs_email) {
  Function out;
  out.function = reader.text("function", 200);
  out.oin = read_oin_ref(reader, "org");
  if (needs_email || reader.has("email")) {
    out.email = reader.text("email", 254);
    demand_form(reader, "email", out.email, is_email, "naam@organisatie.nl");
  }
  reader.finish();
  return out;
}

InvitedOwner read_invited(TomlReader reader) {
  InvitedOwner out;
  out.at = reader.value().at;
  out.oin = reader.text("oin");
  demand_form(reader, "oin", out.oin, is_oin, "<20 x 0-9>");
  out.kind = reader.choice("kind", {"gemeente", "jeugdhulpaanbieder"});
  out.code = reader.text("code");
  const bool municipal = out.kind == "gemeente";
  const auto fits = [&](std::string_view code) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return code.size() == 6 && letter(code[0]) && letter(code[1]) &&
           std::all_of(code.begin() + 2, code.end(), digit) && code.starts_with("GM") == municipal;
  };
  demand_form(reader, "code", out.code, fits, municipal ? "GM0000" : "JA0000");
  out.name = reader.text("name", 200);
  reader.finish();
  return out;
}

LegalGround read_ground(TomlReader reader) {
  LegalGround out;
  out.at = reader.value().at;
  out.owner_kind = reader.choice("owner_kind", {"gemeente", "jeugdhulpaanbieder"});
  out.ground = reader.text("ground");
  out.special = reader.text("special");
  out.sector = reader.text("sector");
  reader.finish();
  return out;
}

}  // namespace

bool is_owner_kind(std::string_view kind) { return kind == "gemeente" || kind == "jeugdhulpaanbieder"; }

Question read_question(TomlReader reader) {
  Question out;
  out.plain = reader.text("plain");
  out.why = reader.text("why");
  out.hypothesis = reader.text("hypothesis");
  out.not_answered = reader.texts("not_answered", 1, 50);
  reader.finish();
  return out;
}

Interests read_interests(TomlReader reader) {
  Interests out;
  out.funder = reader.text("funder");
  out.commercial = reader.text("commercial");
  out.processors = reader.texts("processors", 1, 50);
  out.follow_up = reader.text("follow_up");
  reader.finish();
  return out;
}

People read_people(TomlReader reader) {
  People out;
  out.applicant = read_function(reader.table("applicant"), true);
  out.lead = read_function(reader.table("lead"), false);
  for (const std::string& text : reader.texts("recipients", 1, 50)) {
    const std::optional<std::string> oin = parse_oin_ref(text);
    if (!oin)
      reader.fault("S1005.form", {reader.path("recipients"), "oin:<20 x 0-9>"}, reader.at("recipients"));
    else
      out.recipients.push_back(*oin);
  }
  TomlReader publish = reader.table("publish");
  out.publish_where = publish.text("where", 500);
  out.publish_after_days = static_cast<int>(publish.integer("after_days", 0, 3650));
  publish.finish();
  reader.finish();
  return out;
}

Legal read_legal(TomlReader reader) {
  Legal out;
  for (const TomlValue* ground : reader.tables("grounds", 1, 20))
    out.grounds.push_back(read_ground(reader.item(*ground, reader.path("grounds"))));
  out.necessity = reader.text("necessity");
  out.agreements = reader.text("agreements");
  out.bsn_ground = reader.text("bsn_ground");
  TomlReader dpia = reader.table("dpia");
  out.dpia_ref = dpia.text("ref", 200);
  out.dpia_sha256 = dpia.text("sha256");
  demand_form(
      dpia, "sha256", out.dpia_sha256, [](std::string_view t) { return is_lower_hex(t, 64); },
      "<64 x 0-9a-f>");
  dpia.finish();
  out.processing_activity = reader.text("processing_activity", 2000);
  demand_form(reader, "processing_activity", out.processing_activity, is_https_url, "https://…");
  out.data_subjects = reader.text("data_subjects");
  out.objection = reader.text("objection");
  for (const char* key : {"necessity", "agreements", "bsn_ground", "data_subjects", "objection"})
    out.at[key] = reader.at(key);
  for (const char* key : {"ref", "sha256"}) out.at[std::string("dpia.") + key] = dpia.at(key);
  reader.finish();
  return out;
}

Validity read_validity(TomlReader reader) {
  Validity out;
  out.decide_before = day_number(reader.date("decide_before"));
  out.run_before = day_number(reader.date("run_before"));
  out.max_runs = static_cast<int>(reader.integer("max_runs", 1, 10));
  if (out.decide_before > out.run_before)
    reader.fault("S1034.dates", {reader.path("decide_before"), reader.path("run_before")},
                 reader.at("run_before"));
  reader.finish();
  return out;
}

Retention read_retention(TomlReader reader) {
  Retention out;
  out.shares_days = static_cast<int>(reader.integer("shares_days", 1, 365));
  out.text = reader.text("text");
  reader.finish();
  return out;
}

Participation read_participation(TomlReader reader) {
  Participation out;
  out.min_owners = static_cast<int>(reader.integer("min_owners", 2, 1000));
  if (const TomlValue* kinds = reader.get("min_by_kind", TomlValue::Kind::kTable)) {
    TomlReader minima = reader.item(*kinds, reader.path("min_by_kind"));
    for (const TomlValue::Entry& entry : kinds->entries) {
      if (!is_owner_kind(entry.key)) continue;  // finish() reports it
      out.min_by_kind[entry.key] = static_cast<int>(minima.integer(entry.key, 1, 1000));
    }
    minima.finish();
  }
  out.partial = reader.boolean("partial");
  for (const TomlValue* owner : reader.tables("invited", 2, 1000))
    out.invited.push_back(read_invited(reader.item(*owner, reader.path("invited"))));
  reader.finish();
  return out;
}

}  // namespace sluis::governance::study_parts
