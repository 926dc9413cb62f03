// Fetching a result: three parts, compared, verified, combined. Works offline on a saved bundle as well.
#pragma once

#include <string>
#include <vector>

#include "client/network.h"
#include "governance/result_bundle.h"
#include "sharing/result_share.h"

namespace sluis::client {

// What a recipient or owner receives, and what it means.
struct OpenedResult {
  governance::ReceiptFacts facts;
  std::vector<std::string> signed_by;  // names of the three nodes
  std::string study;                   // the study file's bytes
  std::vector<sharing::ReleasedTable> tables;
};

// Asks each node for what is addressed to this organisation. Errors: S1301.*, S1307.*, S1501.row.
Result<governance::ResultBundle> fetch_bundle(Nodes& nodes, const std::string& run,
                                              const std::string& study_sha);
// Verifies three signatures over equal facts, compares the doubly held shares, combines. Errors: S1302,
// S1303.*, S1412.*.
Result<OpenedResult> open_bundle(const governance::ResultBundle& bundle,
                                 const governance::KeyRegistry& registry);

}  // namespace sluis::client
