// What happens to each column of the base tables: recomputed from the plan, compared with what a study
// declares.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/plan.h"

namespace sluis::sql {

// From weakest to strongest; the strongest applies (docs/sql.md).
enum class Use : uint8_t {
  kNone,
  kLink,     // join key, key of a working step, counted unit: never shown
  kFilter,   // compared with constants to keep or drop rows
  kCompare,  // order or presence tested; only the outcome goes on
  kGroup,    // values or fixed bands become headings
  kSum,      // added up
};
const char* use_name(Use use);        // "link", ...; "" for kNone
Use use_of(const std::string& name);  // kNone if unknown

struct ColumnUse {
  Use use = Use::kNone;
  std::string step;      // label of the first step that uses it so
  bool literal = false;  // compared with a constant, directly or through other steps
  std::string literal_step;
};
using TableUse = std::map<std::string, ColumnUse>;  // by column; only used columns
// By table. Computed over a plan without hidden columns, after remove_dead_columns.
std::map<std::string, TableUse> column_use(const Plan& plan);

// The use of a column as a study file declares it.
struct DeclaredUse {
  std::string column;
  std::string use;
  int line = 0;
};
// S1012.unused, .undeclared, .use (they differ), .unknown (no such use); S1023 (a `link` column compared with
// a literal). `line` of the table for undeclared columns.
Errors check_column_use(const std::string& table, const std::vector<DeclaredUse>& declared,
                        const TableUse& actual, int line);

}  // namespace sluis::sql
