// Three parties as threads of this process over a memory or TLS mesh, measured.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "bench/network.h"
#include "mpc/session.h"

namespace sluis::bench {

enum class Transport : uint8_t { kMemory, kTls };
const char* transport_name(Transport transport);
std::optional<Transport> transport_of(std::string_view name);

// Per repetition: what all six links carried, processor seconds of the whole process, wall seconds.
struct PartiesRun {
  mpc::Cost cost;
  double cpu_s = 0;
  double wall_s = 0;
};

struct PartiesOptions {
  Transport transport = Transport::kMemory;
  Network network = Network::kLoopback;
  int warm_up = 0;      // calls that are not measured
  int repetitions = 1;  // measured calls
};

// Calls `job(session, repetition)` at each party (repetition from 0, warm-up included) and measures between
// two points that all three parties reach together; then `after(session)`, not measured. Keys come from a
// fixed seed, so rounds and bytes of a sort are the same in every run: for benchmarks over invented data
// only. Errors: S1301.bench (a mesh broke).
Result<PartiesRun> run_parties(const PartiesOptions& options,
                               const std::function<void(mpc::Session&, int repetition)>& job,
                               const std::function<void(mpc::Session&)>& after = {});

}  // namespace sluis::bench
