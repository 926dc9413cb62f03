// UTF-8 text from outside: validity, and names that are safe to show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluis {

// Well-formed UTF-8 (RFC 3629): no overlong form, surrogate or code point above U+10FFFF.
bool is_utf8(std::string_view text);

// Length of the longest prefix that is well-formed UTF-8, in bytes.
size_t utf8_prefix(std::string_view text);

// The code point as UTF-8. REQUIRES: a Unicode scalar value.
std::string utf8_encode(uint32_t code_point);

// A name from a file (column, key) in a form that may stand in an error or report: cut at 60 bytes, control
// characters and invalid bytes replaced by '?', and every digit of a run of nine or more digits (blanks, dots
// and dashes between them do not end a run) replaced by '#': a column may be headed by a BSN. A date (eight
// digits) stays readable.
std::string safe_name(std::string_view name);

}  // namespace sluis
