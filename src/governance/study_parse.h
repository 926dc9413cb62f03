// Parts of parse_study; not for use outside governance/study*.cc.
#pragma once

#include "base/toml.h"
#include "governance/profile.h"
#include "governance/study.h"

namespace sluis::governance::study_parts {

// Owner kinds that a study may invite.
bool is_owner_kind(std::string_view kind);

// study_people.cc: everything that people judge.
Question read_question(TomlReader reader);
Interests read_interests(TomlReader reader);
People read_people(TomlReader reader);
Legal read_legal(TomlReader reader);
Validity read_validity(TomlReader reader);
Retention read_retention(TomlReader reader);
Participation read_participation(TomlReader reader);

// study_tables.cc
StudyTable read_table(TomlReader reader);
Link read_link(TomlReader reader);
View read_view(TomlReader reader);
// A text that must stand verbatim in the file, so that what is read is what runs. Fault S1005.verbatim.
SqlText read_sql(TomlReader& reader, std::string_view key, size_t max_bytes);

// study_output.cc
Output read_output(TomlReader reader);

// study_settings.cc
Disclosure read_disclosure(TomlReader reader);
RunSettings read_run(TomlReader reader);

// study_check.cc: what spans several tables of the file. `study` is as complete as the faults allow.
void check_study(const Study& study, std::string_view file, Errors& errors);

// One fault if the text has not the form. S1005.form {key} {form}.
template <typename Test>
void demand_form(TomlReader& reader, std::string_view key, const std::string& text, Test test,
                 const char* form) {
  if (!text.empty() && !test(text)) reader.fault("S1005.form", {reader.path(key), form}, reader.at(key));
}

}  // namespace sluis::governance::study_parts
