// What a job tells its supervisor while it runs: public facts only.
#pragma once

#include <cstdint>
#include <string>

#include "net/deadline.h"
#include "node/catalogue.h"

namespace sluis::node {

class JobReport {
 public:
  explicit JobReport(int fd) : fd_(fd) {}
  void state(RunState state) { line(std::string("state ") + run_state_name(state)); }
  void step(const std::string& label) { line("step " + label); }
  void error(const std::string& id) { line("error " + id); }
  void planned(uint64_t bytes) { planned_ = bytes; }
  // At most five lines a second.
  void bytes(uint64_t done);

 private:
  void line(const std::string& text);
  int fd_;
  uint64_t planned_ = 0;
  net::Deadline next_{};
};

}  // namespace sluis::node
