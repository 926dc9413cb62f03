// Random tables: of four fixed shapes, or of shapes made up for the case.
#pragma once

#include <string>
#include <vector>

#include "random.h"
#include "relation/table.h"

namespace sluis::differential {

struct ColumnShape {
  std::string name;
  relation::Kind kind;
  int64_t lo, hi;  // of the values; categories: of the words used
  bool key = false;
};

struct TableShape {
  std::string name;
  std::vector<ColumnShape> columns;
  size_t unique = 0;  // so many first columns together have no duplicates, and no NULL
};

// person, care, debt, place.
const std::vector<TableShape>& fixed_shapes();
// Three or four tables `t1`, `t2`, ... with key columns drawn from common ranges, so that they can be joined,
// and other columns of any kind.
std::vector<TableShape> random_shapes(Random& random);
// A table of this shape: empty, one row, few rows, many; values mixed, all alike, NULL now and then, half the
// time, or in every place of every second column. Types are as narrow as the values, as a rehearsal reads
// them from files.
relation::Table make_table(const TableShape& shape, Random& random);

}  // namespace sluis::differential
