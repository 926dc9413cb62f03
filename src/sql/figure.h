// Expressions over the opened figures of an output: what rehearsal and dry-run compute after opening.
#pragma once

#include <optional>
#include <string>

#include "sql/evaluate.h"
#include "sql/numeric.h"

namespace sluis::sql {

// A value of an Expr: of kNumeric in `number`, of every other kind in `whole`.
struct Figure {
  bool null = true;
  int64_t whole = 0;
  Numeric number;
};

// The expression over one row of cells (dimensions, then measures). CASE, COALESCE, AND and OR compute no
// more than they need, so that CASE WHEN COUNT(*) > 0 THEN a / COUNT(*) END divides by nothing. Errors, as
// PostgreSQL raises them: S1122.division_zero, S1122.range (a number that the integer type of a CAST cannot
// hold).
Result<Figure> evaluate_figure(const Expr& expr, std::span<const Cell> row);
// As PostgreSQL prints it; nothing for NULL.
std::optional<std::string> figure_text(const Figure& figure, const Type& type);
// -1, 0 or 1 in PostgreSQL's order: NULL last. Both of this type.
int compare_figures(const Figure& a, const Figure& b, const Type& type);

}  // namespace sluis::sql
