// What the guard makes: protected figures on shares, with the public description of the table.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "sharing/bits.h"
#include "sharing/result_share.h"

namespace sluis::disclosure {

// Only inside Cleared<ReleaseTable>. INVARIANT: figures[m] is layout.cells() x layout.measures[m].planes.
struct ReleaseTable {
  sharing::ReleaseLayout layout;
  std::vector<sharing::SharedBits> figures;
  std::vector<std::string> readers;  // own-row outputs: OIN per cell; otherwise empty
  Bytes ledger;                      // this node's shares of the exact counts, for the ledger only
};

}  // namespace sluis::disclosure
