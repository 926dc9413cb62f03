#include "shrink.h"

#include <algorithm>

namespace sluis::differential {
namespace {

relation::Table without(const relation::Table& table, size_t from, size_t to) {
  relation::Table out = relation::Table::empty(table.schema);
  for (size_t c = 0; c < table.columns.size(); ++c)
    for (size_t r = 0; r < table.rows; ++r) {
      if (r >= from && r < to) continue;
      const relation::Column& column = table.columns[c];
      column.null[r] != 0 ? out.columns[c].push_null() : out.columns[c].push(column.values[r]);
    }
  out.rows = table.rows - (to - from);
  return out;
}

}  // namespace

std::vector<relation::Table> shrink_rows(std::vector<relation::Table> tables, const Fails& fails,
                                         size_t tries) {
  size_t most = 0;
  for (const relation::Table& table : tables) most = std::max(most, table.rows);
  for (size_t part = most; part > 0; part /= 2)
    for (size_t t = 0; t < tables.size(); ++t)
      for (size_t from = 0; from < tables[t].rows && tries > 0;) {
        std::vector<relation::Table> fewer = tables;
        fewer[t] = without(tables[t], from, std::min(from + part, tables[t].rows));
        --tries;
        if (fails(fewer)) {
          tables = std::move(fewer);
        } else {
          from += part;
        }
      }
  return tables;
}

}  // namespace sluis::differential
