// `sluis demo`: one linked question on this machine, from files to a protected figure, and a sceptic who
// tries to break each claim.
#pragma once

#include <string>

#include "base/result.h"
#include "text/text.h"

namespace sluis::demo {

struct DemoOptions {
  std::string program;  // sluis
  std::string collude;  // the separate program that rebuilds one row from two nodes; "" if it is not there
  std::string study;    // study file with placeholders
  uint64_t seed = 1;
  bool script = false;  // PASS/FAIL lines only
  std::string keep;     // directory that keeps the region's files; "" = none
  std::string from;     // run a kept (and perhaps edited) region and study instead of a new one
  std::string out;      // directory of the reports; "" = <keep or work directory>/resultaat
  text::Language language = text::Language::kDutch;
  int families = 0;  // 0: the region's default
};

// Returns the number of claims that failed, or an error that ended the demo.
Result<int> run_demo(const DemoOptions& options);

}  // namespace sluis::demo
