#include "study/bind.h"

#include <algorithm>

#include "importers/profile.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

using governance::Study;

sql::Place place(const Position& at) { return {at.line, at.column}; }

// The study's columns first, then the profile's others, so that SQL that reads an undeclared column is told
// so and not "unknown".
governance::StudyTable with_all_columns(const governance::StudyTable& table,
                                        const importers::Profile& profile) {
  governance::StudyTable all = table;
  for (const importers::ProfileColumn& column : profile.columns) {
    const bool pattern = column.name.ends_with("_JJJJ");
    if (!pattern && all.find(column.name) == nullptr) all.columns.push_back({column.name, {}, table.at});
  }
  return all;
}

Result<sql::StudyTable> table_sql(const Study& study, const governance::StudyTable& table,
                                  const std::vector<std::string>& participants, const RowBounds& rows) {
  const importers::Profile* profile = importers::find_profile(table.schema);
  sql::StudyTable out;
  if (profile == nullptr) {
    SLUIS_TRY(table_schema(study, table, participants));
    return out;
  }
  SLUIS_ASSIGN(out.schema, table_schema(study, with_all_columns(table, *profile), participants));
  const auto bound = rows.find(table.name);
  out.max_rows = bound == rows.end() ? kAssumedRows : bound->second;
  for (const governance::InvitedOwner* owner : owners_of(study, table, participants))
    out.owners.push_back(owner->code);
  for (const governance::StudyColumn& column : table.columns)
    out.columns.push_back({column.name, governance::column_use_name(column.use), column.at.line});
  out.line = table.at.line;
  return out;
}

// Values of a declared heading; "@participants" stands for the codes of the owners of the tables that carry
// the column.
std::vector<std::string> domain_values(const Study& study, const governance::Domain& domain,
                                       const std::vector<std::string>& participants) {
  if (!domain.participants) return domain.values;
  std::vector<std::string> codes;
  for (const governance::StudyTable& table : study.tables) {
    if (table.find(domain.column) == nullptr) continue;
    for (const governance::InvitedOwner* owner : owners_of(study, table, participants))
      codes.push_back(owner->code);
    break;
  }
  return codes;
}

sql::StudyOutput output_sql(const Study& study, const governance::Output& output,
                            const std::vector<std::string>& participants) {
  sql::StudyOutput out;
  out.text = {output.name, output.sql.text, place(output.sql.at)};
  for (const governance::Domain& domain : output.domain) {
    out.domain.emplace_back(domain.column, domain_values(study, domain, participants));
    if (out.domain_at.line == 0) out.domain_at = place(domain.at);
  }
  return out;
}

}  // namespace

Result<sql::StudySql> study_sql(const Study& study, const std::vector<std::string>& participants,
                                const RowBounds& rows, const std::string& file) {
  sql::StudySql out;
  out.file = file;
  for (const governance::StudyTable& table : study.tables) {
    SLUIS_ASSIGN(sql::StudyTable bound, table_sql(study, table, participants, rows));
    out.tables.push_back(std::move(bound));
  }
  for (const governance::View& view : study.views)
    out.views.push_back({view.name, view.sql.text, place(view.sql.at)});
  for (const governance::Output& output : study.outputs)
    out.outputs.push_back(output_sql(study, output, participants));
  out.person = study.disclosure.unit_person;
  out.household = study.disclosure.unit_household;
  out.complete = participants.size() == study.participation.invited.size();
  return out;
}

sql::BindResult bind(const Study& study, const std::vector<std::string>& participants, const RowBounds& rows,
                     const std::string& file) {
  Result<sql::StudySql> sql = study_sql(study, participants, rows, file);
  if (!sql) {
    Error error = sql.error();
    error.file = file;
    return {std::nullopt, {std::move(error)}, {}};
  }
  return sql::bind_study(*sql);
}

RowBounds assumed_rows(const Study& study) {
  RowBounds rows;
  for (const governance::StudyTable& table : study.tables) rows[table.name] = kAssumedRows;
  return rows;
}

Errors check(const Study& study, const std::string& file) {
  sql::BindResult bound = bind(study, everybody(study), assumed_rows(study), file);
  Errors errors = std::move(bound.errors);
  for (const governance::StudyTable& table : study.tables) {
    if (!table.rows) continue;
    const importers::Profile* profile = importers::find_profile(table.schema);
    if (profile == nullptr) continue;  // reported by bind()
    const Result<relation::TableSchema> schema =
        table_schema(study, with_all_columns(table, *profile), everybody(study));
    if (!schema) continue;
    const Result<sql::Expr> filter =
        sql::bind_row_filter(table.rows->text, *schema, file, place(table.rows->at));
    if (!filter) errors.push_back(filter.error());
  }
  if (bound.plan) {
    for (const sql::Output& output : bound.plan->outputs) {
      const governance::Output* declared = study.find_output(output.name);
      Errors more = governance::check_output_columns(*declared, output.select_names, file);
      errors.insert(errors.end(), more.begin(), more.end());
    }
  }
  sort_by_position(errors);
  return errors;
}

}  // namespace sluis::study
