// Rewrites of a plan. Each keeps every output's meaning, and shared nodes shared.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sql/plan.h"

namespace sluis::sql {

inline constexpr const char* kOwnerColumn = "__owner";

// Moves conditions of filters towards the scans: past projections that only pass columns on, into the side of
// a join whose columns they read, below GROUP BY if they read keys only. A node that several others read
// keeps its rows. Columns that only a filter reads then travel less far.
void push_down_predicates(Plan& plan);

// Removes what no output needs: columns, aggregates, payload of joins.
void remove_dead_columns(Plan& plan);

// Makes one projection of two in a row, unless that would compute something twice.
void merge_projections(Plan& plan);

// Study mode. Every base table of `owners` gets a last column kOwnerColumn (category of that table's owner
// codes); it travels through every operator up to each output: NULL where a join did not match, the least
// code in a group. A semi join becomes an inner join that carries its match's owner; an anti join carries
// none. Fills in Output::owner_columns: one entry per scan of the table that the output rests on.
void add_owner_columns(Plan& plan, const std::map<std::string, std::vector<std::string>>& owners);

// Replaces every join that has several rows per key (at_most > 1) by operators that the engine has; whether
// there was one. The last rewrite: columns keep their meaning, but can be marked nullable.
bool expand_joins(Plan& plan);

}  // namespace sluis::sql
