// The command line as data: which commands exist, what they take, who runs them. Parsed by CLI11 in cli.cc
// only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "apps/context.h"

namespace sluis::apps {

// One option or positional argument. Help text: catalogue key "opt.<name>".
struct OptionSpec {
  enum class Kind { kPositional, kValue, kFlag, kList };
  std::string name;  // "file" shows as FILE if positional, as --file otherwise
  Kind kind = Kind::kValue;
  bool required = false;
  std::string fallback;
};

// Values of one call, by option name.
class Args {
 public:
  bool has(const std::string& name) const { return values_.contains(name); }
  // The value, or the option's fallback, or "".
  std::string get(const std::string& name) const;
  std::vector<std::string> all(const std::string& name) const;
  // A decimal number within bounds, or `fallback` if absent. Errors: S1051.number.
  Result<int64_t> number(const std::string& name, int64_t fallback, int64_t lo, int64_t hi) const;

  std::map<std::string, std::vector<std::string>> values_;  // filled by run_command_line
};

// `sluis <noun> <verb>`; an empty verb is a top-level command. Help text: catalogue key "cmd.<noun>.<verb>".
struct CommandSpec {
  std::string noun, verb;
  std::vector<OptionSpec> options;
  std::function<Exit(Context&, const Args&)> run;
  bool hidden = false;
};

// Parses argv, sets up the context, runs one command. Returns the exit code.
int run_command_line(int argc, const char* const* argv, const std::vector<CommandSpec>& commands);

}  // namespace sluis::apps
