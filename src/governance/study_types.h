// The tables of a study file as plain values. Positions are those of the file, for messages (SQL, column
// use).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"
#include "governance/engine_version.h"

namespace sluis::governance {

struct Question {
  std::string plain, why, hypothesis;
  std::vector<std::string> not_answered;
  bool operator==(const Question&) const = default;
};

struct Interests {
  std::string funder, commercial;
  std::vector<std::string> processors;
  std::string follow_up;
  bool operator==(const Interests&) const = default;
};

struct Function {
  std::string function;
  std::string oin;    // 20 digits
  std::string email;  // "" if not given (lead)
  bool operator==(const Function&) const = default;
};

struct People {
  Function applicant, lead;
  std::vector<std::string> recipients;  // OINs, 20 digits: who may open the pooled result
  std::string publish_where;
  int publish_after_days = 0;
  bool operator==(const People&) const = default;
};

struct LegalGround {
  std::string owner_kind, ground, special, sector;
  Position at;
  bool operator==(const LegalGround&) const = default;
};

struct Legal {
  std::vector<LegalGround> grounds;  // one per owner kind
  std::string necessity, agreements, bsn_ground;
  std::string dpia_ref, dpia_sha256;  // 64 hexadecimal digits
  std::string processing_activity;    // https address in the register of processing activities
  std::string data_subjects, objection;
  std::map<std::string, Position> at;  // of each value, by key: "necessity", "dpia.sha256"
  bool operator==(const Legal&) const = default;
};

struct Validity {
  int64_t decide_before = 0, run_before = 0;  // day numbers (relation/date.h): the last day is the one before
  int max_runs = 1;
  bool operator==(const Validity&) const = default;
};

struct Retention {
  int shares_days = 0;
  std::string text;
  bool operator==(const Retention&) const = default;
};

struct InvitedOwner {
  std::string oin, kind, code, name;
  Position at;
  bool operator==(const InvitedOwner&) const = default;
};

struct Participation {
  int min_owners = 0;
  std::map<std::string, int> min_by_kind;
  bool partial = false;
  std::vector<InvitedOwner> invited;
  bool operator==(const Participation&) const = default;
};

// What happens to a column; a later value is a stronger use.
enum class ColumnUse : uint8_t { kLink, kFilter, kCompare, kGroup, kSum };
const char* column_use_name(ColumnUse use);  // "link", ...

// SQL as it stands in the file: verbatim, so line n of it is line at.line + n - 1 of the file.
struct SqlText {
  std::string text;
  Position at;  // of the first character
  bool operator==(const SqlText&) const = default;
};

struct StudyColumn {
  std::string name;
  ColumnUse use = ColumnUse::kLink;
  Position at;
  bool operator==(const StudyColumn&) const = default;
};

struct Period {
  int64_t from = 0, to = 0;  // day numbers, both included
  bool operator==(const Period&) const = default;
};

struct StudyTable {
  std::string name;
  std::string schema;  // import profile, "ddas-shv/1.0#traject-client"
  std::string owners;  // owner kind
  std::optional<Period> period;
  std::optional<SqlText> rows;  // condition that the owner applies before sharing
  std::vector<StudyColumn> columns;
  Position at;
  const StudyColumn* find(std::string_view column) const;
  bool operator==(const StudyTable&) const = default;
};

struct Link {
  std::string key, check, match;
  std::vector<std::string> invalid;
  bool report = false;
  bool operator==(const Link&) const = default;
};

struct View {
  std::string name;
  SqlText sql;
  Position at;
  bool operator==(const View&) const = default;
};

// Declared row headings of one output column.
struct Domain {
  std::string column;
  std::vector<std::string> values;  // numbers as written, if `integers`
  bool integers = false;
  bool participants = false;  // "@participants": codes of the invited owners that said yes; values is empty
  Position at;
  bool operator==(const Domain&) const = default;
};

struct Sensitive {
  std::map<std::string, std::vector<std::string>> values;  // domain column -> sensitive headings
  std::vector<std::string> counts;                         // count columns that are sensitive
  bool operator==(const Sensitive&) const = default;
};

struct Derive {
  std::string name, expression;  // governance/derive.h
  Position at;
  bool operator==(const Derive&) const = default;
};
struct Statistic {
  std::string name, kind, event, total;
  std::string exposed_column, exposed_value;
  std::vector<std::string> strata;
  Position at;
  bool operator==(const Statistic&) const = default;
};

enum class Recipient : uint8_t { kRecipients, kOwnRow };

struct Output {
  std::string name, title;
  SqlText sql;
  std::vector<Domain> domain;
  Sensitive sensitive;
  std::vector<Derive> derive;
  std::vector<Statistic> statistics;
  std::vector<int64_t> bands;  // ascending lower edges, own-row only; empty: none
  Recipient to = Recipient::kRecipients;
  Position at;
  bool operator==(const Output&) const = default;
};

// Values in force for this study before owner policies: the file's, else the profile's.
struct Disclosure {
  std::string profile;
  std::string unit_person, unit_household;  // columns that carry the counted units
  int64_t t_person = 0, t_household = 0, t_owner = 0;
  int64_t owner_max_millionths = 0, group_max_millionths = 0;
  int64_t denominator_min = 0, round_base = 0;
  std::string mark, zeros, totals, intervals, dp;
  std::set<std::string> from_profile;  // keys that the file leaves to the profile
  bool operator==(const Disclosure&) const = default;
};

struct RunSettings {
  int max_hours = 0;
  std::string on_node_loss;
  EngineVersion min_version;
  bool operator==(const RunSettings&) const = default;
};

}  // namespace sluis::governance
