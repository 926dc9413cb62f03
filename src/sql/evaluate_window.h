// Window functions in clear text: the oracle of oblivious/window.
#pragma once

#include <vector>

#include "sql/evaluate.h"

namespace sluis::sql {

// The rows, in their order, each with the values of the node's calls. Rows that the order does not tell apart
// stand in the input's order (docs/sql.md promises nothing of them). REQUIRES: node is a kWindow, rows those
// of its input.
std::vector<std::vector<Cell>> evaluate_window(const Node& node, const std::vector<std::vector<Cell>>& rows);

}  // namespace sluis::sql
