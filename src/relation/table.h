// A clear, typed, columnar table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "relation/type.h"

namespace sluis::relation {

struct ColumnSchema {
  std::string name;  // lower-case SQL identifier
  Type type;
  bool nullable = true;
  bool operator==(const ColumnSchema&) const = default;
};

// No more than `rows` rows share all values of `columns` (by name), NULLs apart.
struct KeyLimit {
  std::vector<std::string> columns;
  uint64_t rows = 1;
  bool operator==(const KeyLimit&) const = default;
};

struct TableSchema {
  std::string name;
  std::vector<ColumnSchema> columns;
  // Sets of columns (by name) of which no two rows share all values; promised by whoever declares them.
  std::vector<std::vector<std::string>> unique_keys;
  std::vector<KeyLimit> at_most = {};  // promised likewise
  // Position of a column, or -1.
  int find(const std::string& column) const;
};

// values[i] is meaningful only where null[i] == 0 (and is 0 elsewhere). values.size() == null.size() == rows.
struct Column {
  std::vector<int64_t> values;
  std::vector<uint8_t> null;
  void push(int64_t value) { values.push_back(value), null.push_back(0); }
  void push_null() { values.push_back(0), null.push_back(1); }
};

// INVARIANT: columns.size() == schema.columns.size(); every column has `rows` entries within its type's
// bounds.
struct Table {
  TableSchema schema;
  std::vector<Column> columns;
  size_t rows = 0;

  // Empty table of this schema.
  static Table empty(TableSchema schema);
};

// Text of one cell, as PostgreSQL prints it ("" is not NULL: the caller tests null first): 17, 2023-01-31,
// t/f, domain text, 12.30. REQUIRES: not kNumeric.
std::string cell_text(const Type& type, int64_t value);

}  // namespace sluis::relation
