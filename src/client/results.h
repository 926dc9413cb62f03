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
  std::vector<std::string> signed_by;        // names of the three nodes
  std::vector<std::string> keys;             // fingerprints of their receipt keys, hexadecimal
  std::string program;                       // that computed it: "sluis 0.1.0 sha256:…"
  int64_t time = 0;                          // Unix seconds, of the latest receipt
  std::string study;                         // the study file's bytes
  std::map<std::string, std::string> names;  // of organisations, by OIN
  std::vector<sharing::ReleasedTable> tables;
};

// Asks each node for what is addressed to this organisation (`addressee`: another's OIN may be asked for, and
// is refused). Errors: S1301.*, S1307.*, S1501.row.
Result<governance::ResultBundle> fetch_bundle(Nodes& nodes, const std::string& run,
                                              const std::string& study_sha,
                                              const std::string& addressee = {});
// Verifies three signatures over equal facts, compares the doubly held shares, combines. Errors: S1302,
// S1303.*, S1412.*.
Result<OpenedResult> open_bundle(const governance::ResultBundle& bundle,
                                 const governance::KeyRegistry& registry);

}  // namespace sluis::client
