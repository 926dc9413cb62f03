// SQL expressions on shares: three-valued logic, exact widths.
#pragma once

#include "engine/values.h"
#include "sql/plan.h"

namespace sluis::engine {

// The value of `expr` in every row of `table` (also in rows that are not valid: their values are meaningless
// but harmless). expr.type gives the result's width; no overflow can occur because the binder's bounds hold.
// Leaks: nothing.
SharedColumn evaluate(Session& session, const sql::Expr& expr, const SharedTable& table);
// Exactly what evaluate() sends. `columns` describes the table.
Cost cost_evaluate(const sql::Expr& expr, const std::vector<relation::ColumnSchema>& columns, uint64_t rows);

// Whether evaluate() yields a null plane.
bool is_nullable(const sql::Expr& expr, const std::vector<relation::ColumnSchema>& columns, uint64_t rows);

}  // namespace sluis::engine
