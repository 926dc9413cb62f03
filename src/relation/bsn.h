// Burgerservicenummers: nine digits with check digit (11-proef), and the two numbers that mean "no BSN".
#pragma once

#include <cstdint>
#include <string_view>

namespace sluis::relation {

enum class BsnKind : uint8_t {
  kValid,
  kEmpty,        // nothing, or blanks
  kInvalid,      // not 1 to 9 digits, or fails the 11-proef
  kPlaceholder,  // 000000000 or 999999999: "unborn" and "unknown" in the BIJ protocol, in both orders over
                 // time
};

struct Bsn {
  BsnKind kind = BsnKind::kEmpty;
  int64_t value = 0;        // meaningful only if kValid
  bool padded = false;      // had fewer than nine digits: a spreadsheet dropped leading zeros
  bool sample = false;      // 123456782 or 111222333: numbers from examples, valid but never a person's
  bool test_range = false;  // begins with 9999: RvIG test persons
};

// 9·d1 + 8·d2 + ... + 2·d8 − d9 is divisible by 11. REQUIRES: 0 <= value <= 999'999'999.
// 000000000 passes: parse_bsn() refuses it by name.
bool passes_eleven_test(int64_t value);

// Blanks around the digits are ignored; 1 to 8 digits are padded with zeros on the left.
Bsn parse_bsn(std::string_view text);

}  // namespace sluis::relation
