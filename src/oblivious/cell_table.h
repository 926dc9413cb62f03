// One output of a study before it is protected: exact figures per cell, all still shared.
#pragma once

#include <string>
#include <vector>

#include "oblivious/shared_table.h"

namespace sluis::oblivious {

// Contributions of the owners of one table to each cell: plane matrix per owner, rows = cells.
struct OwnerCounts {
  std::string table;
  std::vector<SharedBits> count;  // [owner], same planes as the measure's persons
};

// One figure per cell and what the rules need to know about it. Every matrix has `cells` rows.
struct CellMeasure {
  std::string name;       // column name of the output
  relation::Type type;    // bounds of the figure
  SharedBits value;       // the figure itself (a count, or another aggregate in rehearsal), two's complement
  SharedBits null;        // one plane; empty planes() == 0 if it cannot be NULL
  SharedBits persons;     // distinct persons that it counts (study mode; planes() == 0 in rehearsal)
  SharedBits households;  // distinct households
  std::vector<OwnerCounts> owners;
};

// Cells in row-major order of the dimensions (last fastest).
struct CellTable {
  std::string name;
  size_t cells = 0;
  std::vector<CellMeasure> measures;
  SharedBits
      rows;  // rows that fell in each cell, whatever the measures (rehearsal prints only cells that occur)
};

}  // namespace sluis::oblivious
