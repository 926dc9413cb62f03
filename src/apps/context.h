// What every command has: language, output form, and the two ways to end (docs: exit_codes.md).
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "text/text.h"

namespace sluis::apps {

enum class OutputForm { kText, kJson, kCsv };

// The text without control characters (but line ends and tabs): what comes from nodes and files must not
// drive the terminal.
std::string printable(const std::string& text);

struct Context {
  text::Language language = text::Language::kDutch;
  OutputForm form = OutputForm::kText;
  bool quiet = false;  // no progress, no hints
  bool color = false;  // standard output is a terminal and nobody said --no-color
  bool assume_yes = false;
  std::string identity;  // --identity: directory of this organisation's keys
  std::string network;   // --network: file that lists the three nodes (key registry)
  int timeout_s = 30;

  std::string tr(std::string_view key, const std::vector<std::string>& args = {}) const {
    return text::tr(language, key, args);
  }
  // Standard output.
  void print(const std::string& line) const { std::fputs((printable(line) + "\n").c_str(), stdout); }
  // Standard error, unless --quiet.
  void note(const std::string& line) const {
    if (!quiet) std::fputs((printable(line) + "\n").c_str(), stderr);
  }
};

// -o json: {"schema":"sluis/1","status":"ok","code":0,"data":…,"hints":[…]}. `data` writes the value of
// "data".
void print_envelope(const std::function<void(JsonWriter&)>& data, const std::vector<std::string>& hints = {});
// Prints one or more errors in the chosen form (text to standard error) and returns the exit code of the
// first.
Exit fail(const Context& context, const Error& error);
Exit fail(const Context& context, const Errors& errors);
// An error of the command line itself.
Error usage_error(std::string id, std::vector<std::string> args);

}  // namespace sluis::apps
