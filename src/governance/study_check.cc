// Checks of a study file that span several of its tables.
#include <algorithm>
#include <set>

#include "governance/derive.h"
#include "governance/fields.h"
#include "governance/study_parse.h"

namespace sluis::governance::study_parts {
namespace {

template <typename T>
bool contains(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

class Checker {
 public:
  Checker(const Study& study, std::string_view file, Errors& errors)
      : study_(study), file_(file), errors_(errors) {}

  void check() {
    check_names();
    check_participation();
    check_grounds();
    for (const StudyTable& table : study_.tables) check_table(table);
    for (const Output& output : study_.outputs) check_output(output);
  }

 private:
  void fault(const char* id, std::vector<std::string> args, Position at) {
    Error error;
    error.id = id;
    error.args = std::move(args);
    error.file = file_;
    error.line = at.line;
    error.column = at.column;
    errors_.push_back(std::move(error));
  }
  void once(std::set<std::string>& seen, const std::string& name, const char* what, Position at) {
    if (!name.empty() && !seen.insert(name).second) fault("S1008.twice", {what, name}, at);
  }

  // Tables and views share one space of names, since SQL does not tell them apart.
  void check_names() {
    std::set<std::string> relations, outputs;
    for (const StudyTable& table : study_.tables) once(relations, table.name, "table.name", table.at);
    for (const View& view : study_.views) once(relations, view.name, "view.name", view.at);
    for (const Output& output : study_.outputs) once(outputs, output.name, "output.name", output.at);
  }

  void check_participation() {
    std::set<std::string> oins, codes;
    std::map<std::string, int> invited;
    for (const InvitedOwner& owner : study_.participation.invited) {
      once(oins, owner.oin, "participation.invited.oin", owner.at);
      once(codes, owner.code, "participation.invited.code", owner.at);
      ++invited[owner.kind];
    }
    const Position at =
        study_.participation.invited.empty() ? Position{} : study_.participation.invited[0].at;
    const int all = static_cast<int>(study_.participation.invited.size());
    if (all > 0 && study_.participation.min_owners > all)
      fault("S1034.minimum",
            {"min_owners", std::to_string(study_.participation.min_owners), std::to_string(all)}, at);
    for (const auto& [kind, least] : study_.participation.min_by_kind)
      if (invited[kind] < least)
        fault("S1034.minimum", {kind, std::to_string(least), std::to_string(invited[kind])}, at);
    for (const InvitedOwner& owner : study_.participation.invited) {
      const bool used = std::any_of(study_.tables.begin(), study_.tables.end(),
                                    [&](const StudyTable& table) { return table.owners == owner.kind; });
      if (!used && is_owner_kind(owner.kind)) fault("S1034.no_table", {owner.oin, owner.kind}, owner.at);
    }
  }

  // Each owner kind has its ground, and no ground stands for nobody.
  void check_grounds() {
    std::set<std::string> grounds;
    for (const LegalGround& ground : study_.legal.grounds) {
      once(grounds, ground.owner_kind, "legal.grounds.owner_kind", ground.at);
      const bool used = std::any_of(study_.tables.begin(), study_.tables.end(), [&](const StudyTable& table) {
        return table.owners == ground.owner_kind;
      });
      if (!used && is_owner_kind(ground.owner_kind))
        fault("S1034.ground_unused", {ground.owner_kind}, ground.at);
    }
    if (study_.legal.grounds.empty()) return;
    for (const StudyTable& table : study_.tables)
      if (is_owner_kind(table.owners) && !grounds.contains(table.owners))
        fault("S1034.ground", {table.owners, table.name}, table.at);
  }

  void check_table(const StudyTable& table) {
    if (!is_owner_kind(table.owners)) return;
    const auto& invited = study_.participation.invited;
    const bool owned = std::any_of(invited.begin(), invited.end(),
                                   [&](const InvitedOwner& owner) { return owner.kind == table.owners; });
    if (!invited.empty() && !owned) fault("S1034.no_owner", {table.name, table.owners}, table.at);
    if (!study_.participation.min_by_kind.empty() && !study_.participation.min_by_kind.contains(table.owners))
      fault("S1034.min_by_kind", {table.owners, table.name}, table.at);
    const bool linked = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const StudyColumn& column) { return column.use == ColumnUse::kLink; });
    if (!table.columns.empty() && !linked) fault("S1034.no_link", {table.name}, table.at);
  }

  void check_output(const Output& output) {
    const auto participants = std::find_if(output.domain.begin(), output.domain.end(),
                                           [](const Domain& domain) { return domain.participants; });
    const bool addressed = participants != output.domain.end();
    if (output.to == Recipient::kOwnRow) {
      check_own_row(output, addressed);
    } else {
      if (addressed) fault("S1030.participants", {output.name}, participants->at);
      if (!output.bands.empty()) fault("S1030.bands", {output.name}, output.at);
    }
    std::set<std::string> names;
    for (const Derive& derive : output.derive) once(names, derive.name, "derive.name", derive.at);
    for (const Statistic& statistic : output.statistics) {
      once(names, statistic.name, "statistics.name", statistic.at);
      check_statistic(output, statistic);
    }
    for (const auto& [column, values] : output.sensitive.values)
      for (const std::string& value : values) check_heading(output, column, value, output.at);
  }

  // Each owner opens its own row only, as a band: an exact own row would show what a chosen delivery does.
  void check_own_row(const Output& output, bool addressed) {
    if (!addressed || output.domain.size() != 1) fault("S1034.own_row", {output.name}, output.at);
    if (output.bands.empty()) fault("S1034.own_row_bands", {output.name}, output.at);
    if (!output.bands.empty() && output.bands[0] < study_.disclosure.t_person)
      fault("S1031.bands", {output.name, std::to_string(study_.disclosure.t_person)}, output.at);
    if (!output.derive.empty() || !output.statistics.empty() || !output.sensitive.values.empty() ||
        !output.sensitive.counts.empty())
      fault("S1030.own_row", {output.name}, output.at);
  }

  const Domain* domain_of(const Output& output, const std::string& column) {
    for (const Domain& domain : output.domain)
      if (domain.column == column) return &domain;
    return nullptr;
  }
  bool check_heading(const Output& output, const std::string& column, const std::string& value, Position at) {
    const Domain* domain = domain_of(output, column);
    if (domain != nullptr && contains(domain->values, value)) return true;
    fault("S1008.heading", {output.name, column, value}, at);
    return false;
  }

  void check_statistic(const Output& output, const Statistic& statistic) {
    if (statistic.exposed_column.empty()) return;
    if (!check_heading(output, statistic.exposed_column, statistic.exposed_value, statistic.at)) return;
    if (domain_of(output, statistic.exposed_column)->values.size() != 2)
      fault("S1034.exposed", {statistic.name, statistic.exposed_column}, statistic.at);
    // Strata and exposure together are the rows: otherwise rows would have to be added up unseen.
    std::set<std::string> covered(statistic.strata.begin(), statistic.strata.end());
    const bool fresh = covered.insert(statistic.exposed_column).second;
    std::set<std::string> columns;
    for (const Domain& domain : output.domain) columns.insert(domain.column);
    if (!fresh || covered != columns) fault("S1034.strata", {statistic.name}, statistic.at);
  }

  const Study& study_;
  std::string_view file_;
  Errors& errors_;
};

}  // namespace

void check_study(const Study& study, std::string_view file, Errors& errors) {
  Checker(study, file, errors).check();
}

}  // namespace sluis::governance::study_parts

namespace sluis::governance {

Errors check_output_columns(const Output& output, const std::vector<std::string>& columns,
                            std::string_view file) {
  Errors errors;
  const auto demand = [&](const std::string& column, const char* where, Position at) {
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) return;
    Error error;
    error.id = "S1008.column";
    error.args = {output.name, column, where};
    error.file = file;
    error.line = at.line;
    error.column = at.column;
    errors.push_back(std::move(error));
  };
  for (const Domain& domain : output.domain) demand(domain.column, "domain", domain.at);
  for (const std::string& count : output.sensitive.counts) demand(count, "sensitive.counts", output.at);
  for (const Derive& derive : output.derive)
    if (const auto formula = parse_derive(derive.expression); formula.ok())
      for (const std::string& column : formula->columns()) demand(column, "derive", derive.at);
  for (const Statistic& statistic : output.statistics) {
    demand(statistic.event, "statistics.event", statistic.at);
    demand(statistic.total, "statistics.total", statistic.at);
  }
  sort_by_position(errors);
  return errors;
}

}  // namespace sluis::governance
