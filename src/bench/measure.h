// Clocks, memory and load of this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace sluis::bench {

// Seconds of processor time: of the whole process, of this thread; and of the wall clock since some start.
double process_cpu_seconds();
double thread_cpu_seconds();
double wall_seconds();

// Most resident memory that this process ever had, in bytes.
uint64_t peak_rss_bytes();
// Load average of the last minute; -1 if unknown.
double load_average();
// "Intel(R) Xeon(R) ..., 2 cores".
std::string machine_name();

// Seconds of this thread's processor time per call: the best of several stretches of at least
// `stretch_seconds`, so that other work on the machine counts little.
double best_seconds_per_call(const std::function<void()>& work, double stretch_seconds);

}  // namespace sluis::bench
