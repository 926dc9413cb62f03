// From a table on shares to an output's cells.
#pragma once

#include <vector>

#include "engine/values.h"
#include "oblivious/cell_table.h"
#include "oblivious/group_by.h"
#include "oblivious/histogram.h"
#include "sql/plan.h"

namespace sluis::engine {

oblivious::Aggregate aggregate_of(sql::Function function);

// Whether every measure is a COUNT or SUM, so that a dense histogram serves without sorting.
bool is_dense(const sql::Output& output);

// Exact figures per cell (all shares). Rows outside every dimension's codes fall away. Dense outputs: one
// histogram per measure; others: one group-by on the dimensions, then one inner product per cell. In study
// mode (output.person >= 0) also distinct persons and households and every owner's contribution per measure.
// Leaks: as group_by does (order of a fresh shuffle).
oblivious::CellTable tabulate(Session& session, const sql::Output& output, const SharedTable& input,
                              const oblivious::SortRule& rule = {});

// The dimensions of an output as one-hot cells need them.
std::vector<oblivious::CellDimension> cell_dimensions(const sql::Output& output, const SharedTable& input);
size_t cell_count(const sql::Output& output);

}  // namespace sluis::engine
