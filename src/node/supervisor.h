// Starts one process per run, hands it the peers' connections, watches it end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "net/fd.h"
#include "net/preamble.h"
#include "node/catalogue.h"

namespace sluis::node {

// The job's process says what it does on a pipe, one line each: "state linking", "step kinderen: LEFT JOIN
// schuld", "bytes 1200 5000", "error S1301.closed". Nothing else is read from it.
struct JobLaunch {
  std::string program;      // this executable
  std::string config_file;  // of the node
  std::string run;
};

// Thread-safe. A crash of a job ends that job only; when the node itself dies, its jobs are killed with it.
class Supervisor {
 public:
  // `ended` is called once per run, from a thread of the supervisor, before the catalogue shows the ending.
  Supervisor(Catalogue& catalogue, std::function<void(const RunRow&)> ended);
  ~Supervisor();  // cancels and waits for all
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // The row must be in the catalogue. Errors: S1305.spawn, S1305.busy (a run is going on: one at a time).
  Status start(const JobLaunch& launch, const RunRow& row, int max_seconds);
  // A run is going on: start() would refuse.
  bool busy();
  // A connection that somebody opened for a run. It is closed unless that run is going on here: nothing that
  // is not authenticated is kept. A peer that is faster than the requester dials again (net/establish.h).
  void deliver(const net::Preamble& preamble, net::Fd fd);
  // Ends a run with this state. False if it is not running.
  bool cancel(const std::string& run, RunState how);

 private:
  struct Job;
  void watch(std::shared_ptr<Job> job);

  Catalogue& catalogue_;
  std::function<void(const RunRow&)> ended_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace sluis::node
