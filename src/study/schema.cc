#include "study/schema.h"

#include <algorithm>

#include "importers/profile.h"

namespace sluis::study {
namespace {

Error schema_error(const char* id, std::vector<std::string> args, Position at) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.line = at.line;
  error.column = at.column;
  return error;
}

std::vector<std::string> column_names(const governance::StudyTable& table) {
  std::vector<std::string> names;
  for (const governance::StudyColumn& column : table.columns) names.push_back(column.name);
  return names;
}

bool is_bound(const importers::Profile& profile, const std::string& column) {
  const importers::ProfileColumn* found = profile.find(column);
  return found != nullptr && found->open_domain;
}

}  // namespace

std::vector<const governance::InvitedOwner*> owners_of(const governance::Study& study,
                                                       const governance::StudyTable& table,
                                                       const std::vector<std::string>& participants) {
  std::vector<const governance::InvitedOwner*> owners;
  for (const governance::InvitedOwner& owner : study.participation.invited)
    if (owner.kind == table.owners &&
        std::find(participants.begin(), participants.end(), owner.oin) != participants.end())
      owners.push_back(&owner);
  return owners;
}

std::vector<std::string> everybody(const governance::Study& study) {
  std::vector<std::string> oins;
  for (const governance::InvitedOwner& owner : study.participation.invited) oins.push_back(owner.oin);
  return oins;
}

Result<relation::TableSchema> table_schema(const governance::Study& study,
                                           const governance::StudyTable& table,
                                           const std::vector<std::string>& participants) {
  const importers::Profile* profile = importers::find_profile(table.schema);
  if (profile == nullptr) return schema_error("S1100.profile", {table.schema}, table.at);
  importers::Domains domains;
  for (const governance::StudyColumn& column : table.columns) {
    if (!is_bound(*profile, column.name)) continue;
    std::vector<std::string> codes;
    for (const governance::InvitedOwner* owner : owners_of(study, table, participants))
      codes.push_back(owner->code);
    if (codes.empty()) return schema_error("S1205.table", {table.name}, table.at);
    domains[column.name] = codes;
  }
  Result<relation::TableSchema> schema =
      importers::profile_schema(*profile, table.name, column_names(table), domains);
  if (!schema) {
    Error error = schema.error();
    error.line = table.at.line;
    error.column = table.at.column;
    return error;
  }
  for (relation::ColumnSchema& column : schema->columns)
    if (is_bound(*profile, column.name)) column.nullable = false;
  return schema;
}

Result<SharedColumns> shared_columns(const governance::Study& study, const governance::StudyTable& table) {
  SLUIS_ASSIGN(const relation::TableSchema schema, table_schema(study, table, everybody(study)));
  const importers::Profile& profile = *importers::find_profile(table.schema);
  SharedColumns shared;
  for (const relation::ColumnSchema& column : schema.columns) {
    if (is_bound(profile, column.name))
      shared.bound.push_back(column.name);
    else
      shared.columns.push_back(column);
  }
  return shared;
}

const governance::StudyTable* population_table(const governance::Study& study) {
  const governance::StudyTable* first = nullptr;
  for (const governance::StudyTable& table : study.tables) {
    if (table.find(study.disclosure.unit_person) == nullptr) continue;
    if (first == nullptr) first = &table;
    const auto links = std::count_if(
        table.columns.begin(), table.columns.end(),
        [](const governance::StudyColumn& column) { return column.use == governance::ColumnUse::kLink; });
    if (links >= 2) return &table;
  }
  return first;
}

}  // namespace sluis::study
