// SQL text to a bound, typed, public plan: the entry of this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sql/ast.h"
#include "sql/column_use.h"
#include "sql/plan.h"

namespace sluis::sql {

// One SQL text of a study file and where it begins.
struct SqlText {
  std::string name;  // of the view or output
  std::string sql;
  Place at;  // of the first character of `sql`
};

struct StudyTable {
  // Every column that the import profile has, with public bounds. unique_keys are promises about all owners'
  // rows together; a table with several owners rarely has any.
  relation::TableSchema schema;
  uint64_t max_rows = 0;             // public bound of all owners' rows, padding included
  std::vector<std::string> owners;   // codes of the owners that may share it; none: no owner column
  std::vector<DeclaredUse> columns;  // as the study declares them
  int line = 0;
};

struct StudyOutput {
  SqlText text;
  // Declared values per heading, in printing order; a heading without an entry has all values of its type.
  std::vector<std::pair<std::string, std::vector<std::string>>> domain;
  Place domain_at;
};

struct StudySql {
  std::string file;  // for errors
  std::vector<StudyTable> tables;
  std::vector<SqlText> views;  // each may read tables and the views before it
  std::vector<StudyOutput> outputs;
  // Unit columns, looked up in each output's FROM; household may be "". Each must carry a base table's column
  // unchanged (MIN of it may).
  std::string person, household;
  // Whether every invited owner takes part, so that all values of all columns are known: a text that cannot
  // occur is then a mistake (S1021.unknown_value, S1022.domain_value). Otherwise it is only absent this time.
  bool complete = false;
};

// Plan and column use, or every error that could be found (sorted by position).
struct BindResult {
  std::optional<Plan> plan;
  Errors errors;
  std::map<std::string, TableUse> use;
};

// Binds a study. The plan's tables hold exactly the used columns, in the order of StudyTable::schema, then
// kOwnerColumn (rewrite.h): the layout of the shares. A column of type bsn() may only be `link`. Errors:
// S1012.*, S1021.*, S1022.*, S1023.*.
BindResult bind_study(const StudySql& study);

// Binds one rehearsal query: exact aggregates, printed without protection. The plan's tables are the given
// schemas that the query reads, unchanged. `rows`: bound of rows per table (kMaxRows if absent). Errors:
// S1021.*, S1022.*.
BindResult bind_query(const std::string& sql, const std::vector<relation::TableSchema>& tables,
                      const std::map<std::string, uint64_t>& rows, const std::string& file = "");

// A table's `rows` filter: a condition over the columns of `schema`, in the order of the schema. Evaluate it
// per row with evaluate_expr (a row stays if it is true: not false, not NULL). Of a column of type bsn() only
// the presence may be tested. Errors: S1021.*, S1023.row_filter.
Result<Expr> bind_row_filter(const std::string& condition, const relation::TableSchema& schema,
                             const std::string& file = "", Place at = {1, 1});

// A plan as it comes from the binder, before rewrites: for golden tests and EXPLAIN.
struct Stages {
  Errors errors;
  std::vector<std::pair<std::string, Plan>> plans;  // (name of the rewrite, plan after it); "bind" first
};
Stages bind_stages(const StudySql& study);
Stages query_stages(const std::string& sql, const std::vector<relation::TableSchema>& tables,
                    const std::map<std::string, uint64_t>& rows, const std::string& file = "");

}  // namespace sluis::sql
