// The throw-away directory of a rehearsal: job.json, party<i>/{tls.key,tls.pem,<table>.json,<table>.share},
// result<i>.json.
#pragma once

#include <string>

#include "base/result.h"
#include "net/tls_identity.h"
#include "relation/table.h"
#include "sharing/bits.h"

namespace sluis::rehearsal {

std::string party_directory(const std::string& directory, int party);
std::string certificate_path(const std::string& directory, int party);
Result<net::Identity> load_party_identity(const std::string& directory, int party);

// Splits a table and writes each party's part. The table is padded to a public size as in a real delivery.
Status save_shares(const std::string& directory, const relation::Table& table, const std::string& run);
Result<sharing::SharedBits> load_share(const std::string& directory, int party, const std::string& table);

}  // namespace sluis::rehearsal
