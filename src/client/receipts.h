// Erasure receipts: what the nodes sign when shares of an owner's table are gone.
#pragma once

#include <string>
#include <vector>

#include "client/network.h"
#include "governance/erasure.h"

namespace sluis::client {

struct ErasureReceipt {
  governance::Erasure erasure;
  std::string statement, signature;  // exact bytes, to keep
};

// The receipts that one node's answer holds. Every one must be signed by the node of that name, else nothing
// is believed. Errors: S1303.erasure, those of parse_json and verify_erasure.
Result<std::vector<ErasureReceipt>> read_erasure_receipts(ByteSpan body, const std::string& node,
                                                          const governance::KeyRegistry& registry);
// Asks one node for the caller's receipts. Errors: also those of NodeClient::call.
Result<std::vector<ErasureReceipt>> fetch_erasure_receipts(NodeClient& node,
                                                           const governance::KeyRegistry& registry);

}  // namespace sluis::client
