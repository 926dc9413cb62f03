// FROM clauses as people write them, over the tables of fixed_shapes().
#pragma once

#include <string>
#include <vector>

#include "expressions.h"
#include "random.h"

namespace sluis::differential {

// A FROM clause and the columns that it offers.
struct Source {
  std::string with;  // WITH ... before SELECT, or ""
  std::string from;
  std::string where;  // of the shape itself: comma joins, EXISTS
  std::vector<Column> columns;
};

Source fixed_source(Random& random);

}  // namespace sluis::differential
