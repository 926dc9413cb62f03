// refused: is private within this context
// Nothing outside guard and door looks into cleared shares.
#include "disclosure/release_table.h"
#include "sharing/clearance.h"

size_t look(const sluis::sharing::Cleared<sluis::disclosure::ReleaseTable>& table) {
#ifdef CONTROL
  return sizeof(table);
#else
  return table.value_.figures.size();
#endif
}
