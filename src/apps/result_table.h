// Printing a table of text cells: aligned, CSV (RFC 4180) or JSON.
#pragma once

#include "apps/context.h"
#include "sql/evaluate.h"

namespace sluis::apps {

// NULL prints as nothing in text and CSV ("" is printed as quotes in CSV), as null in JSON.
void print_result_table(const Context& context, const sql::ResultTable& table);
// The CSV text.
std::string csv_text(const sql::ResultTable& table);

}  // namespace sluis::apps
