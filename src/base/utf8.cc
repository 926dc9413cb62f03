#include "base/utf8.h"

#include <cstdint>

#include "base/check.h"

namespace sluis {
namespace {

bool continues(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

// Bytes of the well-formed sequence at the start of text, or 0.
size_t sequence_length(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = at(0);
  if (first < 0x80) return 1;
  const size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < n) return 0;
  for (size_t i = 1; i < n; ++i)
    if (!continues(text[i])) return 0;
  const uint8_t second = at(1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return n;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void mask_long_numbers(std::string& text) {
  constexpr size_t kIdentifierDigits = 9;
  for (size_t begin = 0; begin < text.size(); ++begin) {
    if (!is_digit(text[begin])) continue;
    size_t end = begin, digits = 0, last = begin;
    for (; end < text.size(); ++end) {
      if (is_digit(text[end])) {
        ++digits, last = end;
      } else if (text[end] != ' ' && text[end] != '.' && text[end] != '-') {
        break;
      }
    }
    if (digits >= kIdentifierDigits)
      for (size_t i = begin; i <= last; ++i)
        if (is_digit(text[i])) text[i] = '#';
    begin = last;
  }
}

}  // namespace

size_t utf8_prefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t n = sequence_length(text.substr(at));
    if (n == 0) break;
    at += n;
  }
  return at;
}

bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

std::string utf8_encode(uint32_t c) {
  CHECK(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

std::string safe_name(std::string_view original) {
  constexpr size_t kMaxBytes = 60;
  // Before cutting: a cut number would no longer look like one.
  std::string name(original.substr(0, 4 * kMaxBytes));
  mask_long_numbers(name);
  std::string out;
  for (size_t at = 0; at < name.size();) {
    const size_t n = sequence_length(std::string_view(name).substr(at));
    const bool shown = n > 1 || (n == 1 && static_cast<uint8_t>(name[at]) >= 0x20 && name[at] != 0x7F);
    if (out.size() + (shown ? n : 1) > kMaxBytes) {
      out += "...";
      break;
    }
    out += shown ? name.substr(at, n) : "?";
    at += n == 0 ? 1 : n;
  }
  return out;
}

}  // namespace sluis
