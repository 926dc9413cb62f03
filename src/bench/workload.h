// The benchmarked operators: input from a seed, one run by three parties, comparison with a plain
// computation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "bench/parties.h"

namespace sluis::bench {

struct Workload {
  std::string operation;  // one of operations()
  uint64_t rows = uint64_t{1} << 20;
  uint64_t key_bits = 0;  // 0: the operation's own (default_key_bits)
  Transport transport = Transport::kTls;
  Network network = Network::kLoopback;
  // Tests: the parties get other keys than the plain computation, which must then differ.
  bool wrong_input = false;
};

// "and", "less", "sort", "order", "join", "indexed-join", "group-by", "histogram", "q6".
const std::vector<std::string>& operations();
bool is_operation(std::string_view name);
// What --key-bits stands for if it is not given: 64 planes of an AND, 64-bit less-than, 30-bit keys.
uint64_t default_key_bits(std::string_view operation);

// Of one call of the operator. Trivially copyable: it crosses a process boundary in shared memory.
struct Outcome {
  uint64_t rows = 0;       // as asked: of each side of a join
  uint64_t unit_rows = 0;  // what "per row" divides by: the union of both sides of a join, else rows
  uint64_t key_bits = 0;
  mpc::Cost cost;
  double cpu_s = 0;  // of all three parties, transport included
  double wall_s = 0;
  uint64_t peak_rss_bytes = 0;   // of the process: three parties, their input and the plain input
  uint64_t input_rss_bytes = 0;  // of the process before the parties start
  double load = 0;               // load average of the machine before the run
  uint64_t best_of = 1;          // runs of which this one took the least wall time

  // An upper bound of one party's memory, whose shares are as many as the others': program and plain input
  // count as well.
  uint64_t peak_rss_bytes_per_party() const { return peak_rss_bytes / 3; }
  double bytes_per_row() const {
    return static_cast<double>(cost.total()) / 3 / static_cast<double>(unit_rows);
  }
  double busiest_bytes_per_row() const {
    return static_cast<double>(cost.busiest_link()) / static_cast<double>(unit_rows);
  }
};

// Runs it in this process. Errors: S1302.bench if the result differs from the plain computation; S1302 if
// the parties' shares contradict each other; S1301.bench.
// REQUIRES: a known operation; 1 <= rows <= 2^26; key_bits 0 or: 1..64; for join and group-by at most 62 and
// 2^key_bits >= rows for a join.
Result<Outcome> run_here(const Workload& workload);
// The same in a process of its own, so that the memory of one benchmark does not count for the next.
// REQUIRES: no other thread runs. Errors: as above; S1305.crash.
Result<Outcome> run_apart(const Workload& workload);
// The one of several such runs that took the least wall time: other work on the machine only ever adds.
// REQUIRES: runs >= 1. The first error ends it.
Result<Outcome> run_best(const Workload& workload, uint64_t runs);

// {"op","rows","key_bits","transport","net","rounds","bytes_per_row_per_party",...}: docs in bench/README.md.
void write_outcome(JsonWriter& json, const Workload& workload, const Outcome& outcome);

}  // namespace sluis::bench
