// What the engine's differential tests share: tables and queries written by hand, texts of rows, and the
// shipped rehearsal program as a program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres_fixture.h"
#include "relation/table.h"

namespace sluis::differential {

// A set of the tables `person`, `visit` and `place`.
struct HandTables {
  std::string what;
  std::vector<relation::Table> tables;
};
// Mixed; empty; one row; duplicate keys and ties everywhere; NULL in every place that allows it; keys that
// never meet.
std::vector<HandTables> tables_by_hand();

// Queries about NULL, empty groups and ties, over those tables. With ORDER BY: no ties are left.
std::vector<std::string> queries_by_hand();

// The same about windows, and joins of every form.
std::vector<std::string> relational_queries_by_hand();
// Whether the query itself (no window or subquery in it) has an ORDER BY.
bool is_ordered(const std::string& sql);

// One line per row; sorted unless the order counts.
std::string rows_text(TextRows rows, bool ordered);

// Whether a made-up query is refused only because its values could leave the bounds of every result (an
// expression of more than 62 bits, a date outside the years 1 to 9999): a refusal, not a fault.
bool only_bounds(const Errors& errors);

// Writes the tables as CSV files and schema.toml (types, bounds, keys) into a directory.
void write_directory(const std::string& directory, const std::vector<relation::Table>& tables);

// Runs `sluis-rehearsal --data directory sql -o csv`: three processes over TLS.
struct ProgramAnswer {
  int exit = -1;
  std::string header;  // the line of headings
  TextRows rows;
  std::string errors;  // what it wrote to stderr
};
ProgramAnswer run_rehearsal(const std::string& program, const std::string& directory, const std::string& sql);

}  // namespace sluis::differential
