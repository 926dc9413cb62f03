// Plans in clear text, slowly and obviously: the oracle of the engine, the `rows` filter at owners, the
// dry-run.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "relation/table.h"
#include "sql/plan.h"

namespace sluis::sql {

// One value of the expression's type; nothing is NULL.
using Cell = std::optional<int64_t>;

// The value of an expression in one row. REQUIRES: the row has the columns that the expression reads.
Cell evaluate_expr(const Expr& expr, std::span<const Cell> row);
// The same, from a column reader.
Cell evaluate_expr(const Expr& expr, const std::function<Cell(int column)>& column);

// Rows of a relation.
struct Rows {
  std::vector<ColumnSchema> columns;
  std::vector<std::vector<Cell>> rows;
};

// Base tables by name, with the columns of the plan's schema (in study mode also the hidden owner column).
using ClearTables = std::map<std::string, relation::Table>;

// The rows of a node, in no particular order. CHECKs that values lie within their types' bounds. Errors:
// S1121.not_unique (a join whose one side repeats a key: the data break a promise of the schema). REQUIRES:
// every scanned table is there.
Result<Rows> evaluate_node(const NodePtr& node, const ClearTables& tables);

// A printed result: text as PostgreSQL prints it, nothing for NULL.
struct ResultTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// The exact figures of an output, one row per cell, cells in row-major order of the dimensions (last fastest;
// the NULL cell, if any, is a dimension's last).
struct OpenCells {
  std::vector<uint64_t> rows;               // rows that fell in the cell
  std::vector<std::vector<Cell>> measures;  // [cell][measure]
};
// Errors: as evaluate_node.
Result<OpenCells> evaluate_cells(const Output& output, const ClearTables& tables);

// What a rehearsal or dry-run prints of opened cells: occurring cells, HAVING, derived columns, ORDER BY,
// LIMIT. Without ORDER BY the rows stand in the order of the cells. Errors: S1122.* (figure.h).
Result<ResultTable> present(const Output& output, const OpenCells& cells);

// evaluate_cells and present. COUNT 0 and SUM NULL in cells without rows, as in PostgreSQL without GROUP BY.
Result<ResultTable> evaluate_output(const Output& output, const ClearTables& tables);

}  // namespace sluis::sql
