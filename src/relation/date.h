// Calendar dates as day numbers: days since 1900-01-01 (day 0), proleptic Gregorian.
// Stored columns hold 1900-01-01 .. 2079-06-06, 16 bits; expressions may leave that range.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluis::relation {

inline constexpr int64_t kMinStoredDate = 0;
inline constexpr int64_t kMaxStoredDate = 65535;

// Day number of a valid calendar date, or nothing (30 February).
std::optional<int64_t> day_number(int year, unsigned month, unsigned day);
// Strict ISO form YYYY-MM-DD with four-digit year, or nothing.
std::optional<int64_t> parse_iso_date(std::string_view text);
// YYYY-MM-DD.
std::string date_text(int64_t day);
int year_of(int64_t day);
unsigned month_of(int64_t day);
unsigned day_of_month(int64_t day);
// PostgreSQL's date + interval 'n months': same day of the month, or the month's last day if there is none.
int64_t add_months(int64_t day, int months);
// Whole years from `from` to `to` as PostgreSQL's EXTRACT(year FROM age(to, from)): a birthday on 29 February
// comes on 1 March of other years. Negative if `to` is earlier.
int64_t age_years(int64_t to, int64_t from);
// 512 * year + place of month and day in a leap year: grows with the day, and age_years() is the difference
// of two of them divided by 512, truncated toward zero.
int64_t calendar_code(int64_t day);
unsigned quarter_of(int64_t day);       // 1..4
unsigned day_of_week(int64_t day);      // Sunday 0 .. Saturday 6
unsigned iso_day_of_week(int64_t day);  // Monday 1 .. Sunday 7

}  // namespace sluis::relation
