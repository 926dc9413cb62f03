#include "study/row_filter.h"

#include <algorithm>
#include <optional>
#include <set>

#include "importers/profile.h"
#include "sql/binder.h"
#include "sql/evaluate.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

// Earliest start and latest end of what a row is about.
struct PeriodColumns {
  std::string start, end;
};

std::optional<PeriodColumns> period_columns(const std::string& profile) {
  if (profile.starts_with("ddas-shv/")) return PeriodColumns{"aanmelding_van", "aanmelding_tot"};
  if (profile.starts_with("bij/")) return PeriodColumns{"aanvang_van", "einde_tot"};
  return std::nullopt;
}

void collect_columns(const sql::Expr& expr, const relation::TableSchema& schema,
                     std::set<std::string>& names) {
  if (expr.op == sql::Op::kColumn) names.insert(schema.columns.at(static_cast<size_t>(expr.column)).name);
  for (const sql::Expr& arg : expr.args) collect_columns(arg, schema, names);
}

// Schema with the study's columns and all others of the profile that need no year.
Result<relation::TableSchema> full_schema(const governance::Study& study,
                                          const governance::StudyTable& table) {
  const importers::Profile* profile = importers::find_profile(table.schema);
  governance::StudyTable all = table;
  if (profile != nullptr) {
    for (const importers::ProfileColumn& column : profile->columns)
      if (!column.name.ends_with("_JJJJ") && all.find(column.name) == nullptr)
        all.columns.push_back({column.name, {}, table.at});
  }
  return table_schema(study, all, everybody(study));
}

Result<sql::Expr> bind_condition(const governance::StudyTable& table, const relation::TableSchema& schema,
                                 const std::string& file) {
  return sql::bind_row_filter(table.rows->text, schema, file, {table.rows->at.line, table.rows->at.column});
}

// Whether a row may lie in the period: start <= to and end >= from, unknown counts as possible.
bool in_period(const relation::Table& table, const PeriodColumns& names, const governance::Period& period,
               size_t row) {
  const int start = table.schema.find(names.start);
  const int end = table.schema.find(names.end);
  CHECK(start >= 0 && end >= 0);
  const relation::Column& from = table.columns[static_cast<size_t>(start)];
  const relation::Column& to = table.columns[static_cast<size_t>(end)];
  const bool too_late = from.null[row] == 0 && from.values[row] > period.to;
  const bool too_early = to.null[row] == 0 && to.values[row] < period.from;
  return !too_late && !too_early;
}

std::vector<size_t> chosen_rows(const governance::StudyTable& table, const relation::Table& imported,
                                const std::optional<sql::Expr>& condition) {
  const std::optional<PeriodColumns> period = period_columns(table.schema);
  std::vector<size_t> rows;
  for (size_t row = 0; row < imported.rows; ++row) {
    if (table.period && period && !in_period(imported, *period, *table.period, row)) continue;
    if (condition) {
      const std::function<sql::Cell(int)> cell = [&](int column) {
        const relation::Column& values = imported.columns.at(static_cast<size_t>(column));
        return values.null[row] != 0 ? sql::Cell() : sql::Cell(values.values[row]);
      };
      const sql::Cell keep = sql::evaluate_expr(*condition, cell);
      if (!keep || *keep == 0) continue;
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

Result<std::vector<std::string>> columns_to_import(const governance::Study& study,
                                                   const governance::StudyTable& table,
                                                   const std::string& file) {
  std::vector<std::string> names;
  for (const governance::StudyColumn& column : table.columns) names.push_back(column.name);
  std::set<std::string> more;
  SLUIS_ASSIGN(const relation::TableSchema schema, full_schema(study, table));
  if (table.rows) {
    SLUIS_ASSIGN(const sql::Expr condition, bind_condition(table, schema, file));
    collect_columns(condition, schema, more);
  }
  if (table.period) {
    const std::optional<PeriodColumns> period = period_columns(table.schema);
    if (!period) {
      Error error;
      error.id = "S1030.period";
      error.args = {table.name};
      error.file = file;
      error.line = table.at.line;
      error.column = table.at.column;
      return error;
    }
    more.insert(period->start);
    more.insert(period->end);
  }
  for (const std::string& name : more)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

Result<relation::Table> select_rows(const governance::Study& study, const governance::StudyTable& table,
                                    const relation::Table& imported, const std::string& file) {
  std::optional<sql::Expr> condition;
  if (table.rows) {
    SLUIS_ASSIGN(condition, bind_condition(table, imported.schema, file));
  }
  const std::vector<size_t> rows = chosen_rows(table, imported, condition);
  SLUIS_ASSIGN(const SharedColumns shared, shared_columns(study, table));
  relation::TableSchema schema;
  schema.name = table.name;
  schema.columns = shared.columns;
  relation::Table out = relation::Table::empty(schema);
  out.rows = rows.size();
  for (size_t c = 0; c < schema.columns.size(); ++c) {
    const int from = imported.schema.find(schema.columns[c].name);
    CHECK(from >= 0);
    const relation::Column& source = imported.columns[static_cast<size_t>(from)];
    for (const size_t row : rows)
      source.null[row] != 0 ? out.columns[c].push_null() : out.columns[c].push(source.values[row]);
  }
  return out;
}

}  // namespace sluis::study
