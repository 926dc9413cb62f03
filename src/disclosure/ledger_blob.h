// One node's shares of exact counts, as it seals them into its ledger (docs/formats/ledger_shares.md).
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "sharing/bits.h"

namespace sluis::disclosure {

// Exact counts of one measure; no households: nullptr.
struct LedgerMeasure {
  std::string name;
  const sharing::SharedBits* persons = nullptr;
  const sharing::SharedBits* households = nullptr;
};

Bytes ledger_blob(const std::string& output, size_t cells, int party,
                  const std::vector<LedgerMeasure>& measures);

}  // namespace sluis::disclosure
