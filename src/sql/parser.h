// PostgreSQL text of one SELECT -> AstSelect.
#pragma once

#include <string_view>

#include "sql/ast.h"

namespace sluis::sql {

// Parses one SELECT of the subset (docs/sql.md). `first` is the position of the text's first character in its
// file; positions in the result and in errors count from there. Limits: kMaxSqlBytes, kMaxSqlDepth
// (syntax_tree.h). Errors: S1021.<construct>, with position; `file` goes into them.
Result<AstSelect> parse_select(std::string_view sql, std::string_view file, Place first = {1, 1});

// Parses a boolean expression (a table's `rows` filter).
Result<AstExpr> parse_expression(std::string_view sql, std::string_view file, Place first = {1, 1});

// The parts of an INTERVAL text ("1 year 6 months", "30 days"), or nothing if it is not made of whole years,
// months, weeks and days.
struct Interval {
  int64_t months = 0;
  int64_t days = 0;
};
std::optional<Interval> parse_interval(std::string_view text);

}  // namespace sluis::sql
