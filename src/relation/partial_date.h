// Dates as registers hold them: a day, a month or a year may be unknown. Nothing is guessed: a date becomes
// its earliest and latest possible day.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "relation/date.h"

namespace sluis::relation {

enum class DatePrecision : uint8_t {
  kDay,
  kMonth,         // day unknown: JJJJMM00
  kYear,          // month and day unknown: JJJJ0000
  kMonthUnknown,  // year and day known: 19660013
  kUnknown,       // 00000000
  kUnborn,        // 99999999: the birth date of an unborn child
};

struct PartialDate {
  DatePrecision precision = DatePrecision::kUnknown;
  // Day numbers (relation/date.h), any year 1..9999, earliest <= latest; meaningful if has_days().
  int64_t earliest = 0;
  int64_t latest = 0;

  bool has_days() const {
    return precision != DatePrecision::kUnknown && precision != DatePrecision::kUnborn;
  }
  // Both days fit a stored column (1900-01-01 .. 2079-06-06).
  bool storable() const { return has_days() && earliest >= kMinStoredDate && latest <= kMaxStoredDate; }
};

// What a text may look like.
enum class DateForm : uint8_t {
  kIsoOrDigits,  // 2023-01-31, 2023-01, 2023, 2023-01-00, 20230131, 20230100, 00000000, 99999999
  kDayFirst,     // 31-01-2023 or 31/01/2023; 00 for unknown parts
};

// Blanks around the text are ignored. Nothing if the text is empty, has another form, or is no calendar date
// (30 February, month 13). A text with an unknown year is kUnknown whatever the rest.
std::optional<PartialDate> parse_partial_date(std::string_view text, DateForm form = DateForm::kIsoOrDigits);

// Whole years of age on `day` of someone born within the date, if all its days give the same age.
// Negative: not born yet by `day`.
std::optional<int> age_on(const PartialDate& birth, int64_t day);

}  // namespace sluis::relation
