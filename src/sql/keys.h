// What is proven about the rows of a node: how many can share a key.
#pragma once

#include <vector>

#include "sql/plan.h"

namespace sluis::sql {

inline constexpr uint64_t kMaxRows = uint64_t{1} << 40;
inline constexpr uint64_t kNoBound = ~uint64_t{0};

// a * b, or kNoBound above 2^62.
uint64_t times(uint64_t a, uint64_t b);

// Sets node.key_bounds and node.numbered from the operation and its inputs. `table`: of a scan.
void derive_keys(Node& node, const relation::TableSchema* table = nullptr);

// How many valid rows at most share all values of `columns` (NULLs apart: they match nothing); kNoBound if
// nothing is proven.
uint64_t rows_per_key(const Node& node, const std::vector<int>& columns);
inline bool is_unique_on(const Node& node, const std::vector<int>& columns) {
  return rows_per_key(node, columns) <= 1;
}

}  // namespace sluis::sql
