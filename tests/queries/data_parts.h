// The two halves of data.h, and what they share.
#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include "relation/date.h"
#include "relation/table.h"

namespace sluis::queries {

std::vector<relation::Table> mpc_tables(int64_t patients, uint64_t seed);
std::vector<relation::Table> tpch_tables(int64_t customers, uint64_t seed);

using Values = std::initializer_list<std::optional<int64_t>>;

// Appends one row; a value per column.
inline void add_row(relation::Table& table, Values values) {
  size_t c = 0;
  for (const std::optional<int64_t>& value : values) {
    value ? table.columns[c].push(*value) : table.columns[c].push_null();
    ++c;
  }
  ++table.rows;
}

// Day number of a date that exists.
inline int64_t date_of(int year, unsigned month, unsigned day) {
  return *relation::day_number(year, month, day);
}

}  // namespace sluis::queries
