// refused: could not convert|cannot convert|no matching function
// The door lets cleared figures through and nothing else.
#include <utility>

#include "oblivious/cell_table.h"
#include "release/door.h"

using namespace sluis;
#ifdef CONTROL
using Table = sharing::Cleared<disclosure::ReleaseTable>;
#else
using Table = sharing::Uncleared<oblivious::CellTable>;
#endif
bool release(mpc::Session& session, Table table, const release::Permit& permit) {
  return release::Door::release(session, std::move(table), permit).ok();
}
