// What the demo shows while it runs, and the tally of claims.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "text/text.h"

namespace sluis::demo {

class Stage {
 public:
  Stage(text::Language language, bool script)
      : language_(language), script_(script), start_(std::chrono::steady_clock::now()) {}

  // A heading: "[ 12 s] …". Silent in a script.
  void scene(const std::string& key, const std::vector<std::string>& args = {});
  // Text below it, as it is.
  void say(const std::string& text);
  void tell(const std::string& key, const std::vector<std::string>& args = {}) {
    say(text::tr(language_, key, args));
  }
  // A claim that a sceptic tried to break: PASS or FAIL, always shown.
  void claim(const std::string& key, bool holds, const std::vector<std::string>& args = {});
  // "N passed, M failed".
  void close();
  int failed() const { return failed_; }
  text::Language language() const { return language_; }
  bool script() const { return script_; }

 private:
  text::Language language_;
  bool script_;
  std::chrono::steady_clock::time_point start_;
  int passed_ = 0, failed_ = 0;
};

}  // namespace sluis::demo
