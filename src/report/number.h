// Numbers, dates and digits as people read them. Dutch: 25.780 and 4,3; English: 25,780 and 4.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/text.h"

namespace sluis::report {

using text::Language;

// What stands for every withheld number, whatever the rule.
inline constexpr std::string_view kMark = "\u00b7";

std::string integer_text(Language language, int64_t value);
// Fixed number of decimals (0..6), half away from zero; never "-0,0". Infinity: "∞". REQUIRES: not NaN.
std::string decimal_text(Language language, double value, int decimals);
// 2026-11-20 -> "20 november 2026"; anything that is no date comes back as it is.
std::string date_words(Language language, std::string_view iso);
// p as readers know it: "kleiner dan 0,001", "0,034".
std::string p_text(Language language, double p);
// The first 32 hexadecimal digits in groups of four, as on the approval page; fewer digits: as they are.
std::string grouped_digits(std::string_view hash);
// Characters of UTF-8 text on a terminal, where each takes one place. Combining marks and wide characters do
// not occur in our own texts; invalid bytes count one.
size_t display_width(std::string_view utf8);

}  // namespace sluis::report
