// What a run is, as all three nodes must see it: the text whose digest binds keys, receipts and records.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/hash.h"
#include "mpc/network.h"
#include "wire/table_upload.h"

namespace sluis::node {

struct JobFacts {
  std::string run;        // 32 hexadecimal digits: chosen by the requester, fresh for every attempt
  std::string study;      // 64
  std::string requester;  // OIN
  std::vector<std::string> participants;        // OINs, sorted
  std::vector<wire::TableUpload> tables;        // sorted by commitment
  std::string policy_hash;                      // 64: effective disclosure values
  std::string registry_hash;                    // 64
  std::string engine;                           // "1.0"
  mpc::Network network = mpc::kDefaultNetwork;  // decides which circuits run

  // Deterministic: equal facts give equal bytes.
  std::string to_text() const;
  crypto::Digest hash() const { return crypto::sha256(to_text()); }
};

// Strict. Errors: S1040.*, S1003–S1006, S1050.upload.
Result<JobFacts> parse_job_facts(std::string_view text);

}  // namespace sluis::node
