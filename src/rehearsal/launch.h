// The parent of a rehearsal: splits the tables, starts three processes of this program, collects their
// figures.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rehearsal/job.h"

namespace sluis::rehearsal {

struct Outcome {
  sql::ResultTable table;
  Opened measured;     // of party 0
  double seconds = 0;  // wall time of the three processes
};

// A rehearsal over `tables` in a temporary directory (0700, removed at the end, also after a failure).
// `program` is this executable: children are started as `program --party i …`. Errors: those of binding;
// S1301.mesh; S1302.rehearsal (the three disagree); S1305.rehearsal_ended (one of the three stopped);
// S1306.cancelled (Ctrl-C).
Result<Outcome> rehearse(const std::string& program, const std::string& sql,
                         const std::vector<relation::Table>& tables,
                         mpc::Network network = mpc::Network::kLoopback);

// The job without ports and keys, for --explain.
Job job_of(const std::string& sql, const std::vector<relation::Table>& tables,
           mpc::Network network = mpc::Network::kLoopback);

}  // namespace sluis::rehearsal
