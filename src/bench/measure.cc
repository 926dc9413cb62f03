#include "bench/measure.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

namespace sluis::bench {
namespace {

double clock_seconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double process_cpu_seconds() { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }
double thread_cpu_seconds() { return clock_seconds(CLOCK_THREAD_CPUTIME_ID); }
double wall_seconds() { return clock_seconds(CLOCK_MONOTONIC); }

uint64_t peak_rss_bytes() {
  // Not getrusage: its figure is inherited from the parent across fork.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  return 0;
}

double load_average() {
  double load = -1;
  return ::getloadavg(&load, 1) == 1 ? load : -1;
}

std::string machine_name() {
  std::string name = "unknown processor";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    name = line.substr(colon + 2);
    break;
  }
  return name + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

double best_seconds_per_call(const std::function<void()>& work, double stretch_seconds) {
  constexpr int kStretches = 5;
  double best = 1e9;
  for (int stretch = 0; stretch < kStretches; ++stretch) {
    const double start = thread_cpu_seconds();
    int calls = 0;
    double elapsed = 0;
    do {
      work();
      ++calls;
      elapsed = thread_cpu_seconds() - start;
    } while (elapsed < stretch_seconds);
    best = std::min(best, elapsed / calls);
  }
  return best;
}

}  // namespace sluis::bench
