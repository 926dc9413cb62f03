// User-facing text: one catalogue per language (nl.txt, en.txt), compiled into the program.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluis::text {

enum class Language { kDutch, kEnglish };

// The text of `key` with {0}, {1}, ... replaced by args. A missing key yields "«key»": text_test finds those.
std::string tr(Language language, std::string_view key, const std::vector<std::string>& args = {});
// Whether the catalogue has the key.
bool has(Language language, std::string_view key);
// Every key of a catalogue, sorted.
std::vector<std::string> keys(Language language);

// What, why, who and command of an error, each empty if the catalogue has no such entry.
struct ErrorText {
  std::string code, what, why, who, command;
};
ErrorText describe(Language language, const Error& error);
// "S1207 what: why\n      Wie: who. Bekijk: command     Uitleg: sluis explain-code S1207", with file:line
// first if known.
std::string render(Language language, const Error& error);

}  // namespace sluis::text
