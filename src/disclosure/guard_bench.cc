// What the profile costs: 1,000 cells of a population and one sub-count, seven owners in each of three
// tables. Prints n, rounds, bytes/cell, CPU-s, wall, and modelled latency.
#include <sys/resource.h>
#include <time.h>

#include <chrono>
#include <cstdio>

#include "disclosure/guard_cost.h"
#include "disclosure/guard_world_test.h"

using namespace sluis;
using namespace sluis::disclosure;

namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main() {
  for (const size_t rows : {50u, 500u}) {
    OutputPolicy output = world::output_policy(rows, 1);
    output.sensitive = {{1, {0}}};
    output.measures[1].sensitive = true;
    const ClearTable table = world::random_table(output, 7, 1);
    const double cpu_before = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    const world::Protected run = world::protect_three(table, output);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double cpu = cpu_seconds() - cpu_before;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "cells %zu  rounds %lu  bytes/cell/party %.0f  cpu %.3f s (three parties)  wall %.3f s  "
        "latency at 3 ms RTT %.2f s  peak rss %ld MiB\n",
        output.cells(), run.measured.rounds,
        static_cast<double>(run.measured.mean()) / static_cast<double>(output.cells()), cpu, wall,
        static_cast<double>(run.measured.rounds) * 0.0015, usage.ru_maxrss / 1024);
  }
}
