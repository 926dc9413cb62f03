// The study file, format `sluis-study/1`: one TOML file whose SHA-256 is its name (docs/formats/study.md).
//
// Every key of the file has a place here and is either enforced somewhere or refused by name when the file is
// read (S1030): nothing that an approver reads is without effect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"
#include "crypto/hash.h"
#include "governance/study_types.h"

namespace sluis::governance {

inline constexpr size_t kMaxStudyBytes = kMaxTomlBytes;

struct Study {
  crypto::Digest name{};  // SHA-256 of the file's bytes: the name of the study
  std::string id, version, title, language, study_template;
  std::vector<std::string> supersedes;  // 64 hexadecimal digits each
  Question question;
  Interests interests;
  People people;
  Legal legal;
  Validity validity;
  Retention retention;
  Participation participation;
  std::vector<StudyTable> tables;
  Link link;
  std::vector<View> views;
  std::vector<Output> outputs;
  Disclosure disclosure;
  RunSettings run;

  bool operator==(const Study&) const = default;
  const StudyTable* find_table(std::string_view name) const;
  const Output* find_output(std::string_view name) const;
  const InvitedOwner* find_invited(std::string_view oin) const;
};

struct StudyParse {
  std::optional<Study> study;  // present exactly when errors is empty
  Errors errors;               // all faults, by position
};

// Reads a study file strictly; reports all faults at once (a TOML syntax error hides later ones). `file` is
// the name for messages. Pure: no clock, no files. Errors: S1001–S1009, S1030, S1031, S1033, S1034.
StudyParse parse_study(std::string_view bytes, std::string_view file);

// Legal fields that nobody has filled in (TE TOETSEN, the all-zero DPIA hash): S1032.placeholder, one each.
// Only a rehearsal or a page for review may go on with them.
Errors legal_placeholders(const Study& study, std::string_view file);

// After binding: whether the output's SQL yields the columns that domain, sensitive, derive and statistics
// name. Errors: S1008.column.
Errors check_output_columns(const Output& output, const std::vector<std::string>& columns,
                            std::string_view file);

// The name as people see it: "9f3c" (a handle only), and where somebody decides 32 digits in groups of four.
std::string short_handle(const crypto::Digest& name);
std::string decision_digits(const crypto::Digest& name);

}  // namespace sluis::governance
