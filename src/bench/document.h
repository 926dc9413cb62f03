// The series of benchmarks behind bench/README.md, and its tables.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/limits.h"
#include "bench/workload.h"

namespace sluis::bench {

struct Measured {
  Workload workload;
  Outcome outcome;
};

struct Series {
  Limits limits;
  std::vector<Measured> runs;
};

// The runs of the document: every operator over TLS on loopback, sort and join over emulated networks; 2^18
// rows, or the gates' own sizes (2^20, 2^22) if full.
std::vector<Workload> series_workloads(bool full);
// "sort-1048576-30-tls-loopback": the name of a run's file.
std::string run_name(const Workload& workload);

// Markdown, English: measurements against the gates, network profiles, limits.
std::string series_tables(const Series& series);
// `document` with everything between the lines "<!-- results -->" and "<!-- /results -->" replaced. Errors:
// S1051.markers if the document does not have both.
Result<std::string> with_tables(const std::string& document, const std::string& tables);

}  // namespace sluis::bench
