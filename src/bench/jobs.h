// What each operation does, as three functions over state that they share. Internal to bench/.
#pragma once

#include <functional>

#include "bench/input.h"
#include "bench/workload.h"

namespace sluis::bench {

struct Job {
  int warm_up = 0;
  int repetitions = 1;
  uint64_t unit_rows = 0;
  // As run_parties takes them.
  std::function<void(mpc::Session&, int repetition)> run;
  std::function<void(mpc::Session&)> after;  // may be empty
  // true: the opened result equals the plain computation.
  std::function<Result<bool>()> right;
};

// Shares of a job's first column: of its values, or of their complements if the workload asks for a wrong
// input.
Shares share_first(const Workload& workload, const Values& values, uint64_t bits);

// REQUIRES: as run_here; the key bits are given.
Job make_and_job(const Workload& workload);
Job make_less_job(const Workload& workload);
Job make_histogram_job(const Workload& workload);
Job make_q6_job(const Workload& workload);
Job make_sort_job(const Workload& workload);
Job make_order_job(const Workload& workload);
Job make_join_job(const Workload& workload);
Job make_indexed_join_job(const Workload& workload);
Job make_group_by_job(const Workload& workload);

}  // namespace sluis::bench
