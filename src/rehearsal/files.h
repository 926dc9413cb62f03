// The throw-away directory of a rehearsal: job.json, party<i>/{tls.key,tls.pem,<table>.share},
// result<i>.json.
#pragma once

#include <string>

#include "base/result.h"
#include "net/tls_identity.h"
#include "rehearsal/job.h"
#include "relation/table.h"
#include "sharing/bits.h"

namespace sluis::rehearsal {

std::string party_directory(const std::string& directory, int party);
std::string certificate_path(const std::string& directory, int party);
Result<net::Identity> load_party_identity(const std::string& directory, int party);

// Splits the rows of a table, padded as a real delivery, and writes each party its part. REQUIRES: the
// columns of `table` are those of `part`. Errors: S1002.*.
Status save_shares(const std::string& directory, const relation::Table& table, const SharedPart& part);
// One party's shares: `valid`, then every column's planes. Errors: S1002.*; S1052.length if the file does not
// hold that.
Result<sharing::SharedBits> load_share(const std::string& directory, int party, const SharedPart& part);

}  // namespace sluis::rehearsal
