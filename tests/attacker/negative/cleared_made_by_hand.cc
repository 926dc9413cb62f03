// refused: is private within this context
// Nobody but the guard declares something cleared.
#include <utility>

#include "disclosure/release_table.h"
#include "sharing/clearance.h"

using sluis::disclosure::ReleaseTable;
void make(ReleaseTable table) {
#ifdef CONTROL
  ReleaseTable cleared(std::move(table));
#else
  sluis::sharing::Cleared<ReleaseTable> cleared(std::move(table));
#endif
}
