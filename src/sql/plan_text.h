// A plan as text that a person can review: golden tests and `study explain`.
#pragma once

#include <string>

#include "sql/plan.h"

namespace sluis::sql {

// An expression over the columns of `input`, in SQL's words: (aanmelding_van >= DATE '2021-01-01').
std::string expr_text(const Expr& expr, const std::vector<ColumnSchema>& input);
// "date 1900-01-01..2079-06-06 null", "category(3)", "integer 0..5".
std::string type_text(const Type& type, bool nullable);
// One line: "JOIN LEFT (ouder) = (ouder) + schuld_start, zeker".
std::string node_text(const Node& node);
// The tables, every node once, numbered, inputs first; then the outputs. Canonical: equal plans give equal
// text, different plans different text (receipts carry its hash).
std::string plan_text(const Plan& plan);

}  // namespace sluis::sql
