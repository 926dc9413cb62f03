// refused: is private within this context
// Nothing outside engine and guard looks into uncleared shares.
#include "oblivious/cell_table.h"
#include "sharing/clearance.h"

size_t look(const sluis::sharing::Uncleared<sluis::oblivious::CellTable>& table) {
#ifdef CONTROL
  return sizeof(table);
#else
  return table.value_.cells;
#endif
}
