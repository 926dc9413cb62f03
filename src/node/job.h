// One run, in a process of its own: `sluis node job --config FILE --run ID`, started by the supervisor.
#pragma once

#include <string>

namespace sluis::node {

// Descriptors that the supervisor leaves open for the job.
inline constexpr int kJobConnectionFd = 3;  // Unix socket that brings the peers' connections
inline constexpr int kJobReportFd = 4;      // pipe for report lines

// Runs to its end and reports it. Returns the process's exit code: 0 only if the result was released. Every
// ProtocolAbort of the run ends here.
// `program_name`: as receipts name the program.
int run_job(const std::string& config_file, const std::string& run, const std::string& program_name);

}  // namespace sluis::node
