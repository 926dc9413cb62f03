// What each step of a run took at this node: written by the job, read for the run record.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "governance/run_record.h"
#include "mpc/session.h"

namespace sluis::node {

// Labels, public row bounds, rounds, bytes and milliseconds. Rounds and bytes are lengths that this node saw
// go by; of sorts they depend on the opened order (docs/leakage.md), never on data.
class StepLog {
 public:
  // `session` outlives the log. rows: public bounds by label; 0 where a label is missing.
  StepLog(const mpc::Session& session, std::map<std::string, uint64_t> rows);
  // The step that runs ends, another begins.
  void begin(const std::string& label);
  void end();
  // Written to <directory>/steps.json.
  Status write(const std::string& directory) const;

 private:
  const mpc::Session& session_;
  std::map<std::string, uint64_t> rows_;
  std::vector<governance::RunStep> steps_;
  bool running_ = false;
  uint64_t rounds_ = 0, bytes_ = 0;
  std::chrono::steady_clock::time_point since_;
};

// Empty if the job wrote none (it ended before).
std::vector<governance::RunStep> read_steps(const std::string& directory);

}  // namespace sluis::node
