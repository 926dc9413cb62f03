// The demo's study: the example with its legal fields filled in for the invented region, and dates around
// today.
#pragma once

#include <string>

#include "base/result.h"

namespace sluis::demo {

// Errors: S1002.*.
Status write_demo_study(const std::string& example, const std::string& to);
// A result bundle with one digit of one share changed. Errors: S1002.*.
Status alter_bundle(const std::string& from, const std::string& to);

}  // namespace sluis::demo
