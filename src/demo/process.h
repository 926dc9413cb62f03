// Running other programs: the demo does everything through the shipped commands, as a user would.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace sluis::demo {

struct Output {
  int code = -1;      // exit code; 128 + signal if killed
  std::string text;   // standard output
  std::string error;  // standard error
};

// Runs to the end. `arguments[0]` is the program's path.
Output run(const std::vector<std::string>& arguments);

// A program that goes on until it is stopped; its output goes to `log`. Killed when this object, or this
// process, ends.
class Daemon {
 public:
  Daemon(const std::vector<std::string>& arguments, const std::string& log);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  // SIGTERM, then waits; SIGKILL at once.
  void stop();
  void kill();

 private:
  pid_t pid_ = -1;
};

}  // namespace sluis::demo
