#include "relation/partial_date.h"

#include <array>

namespace sluis::relation {
namespace {

constexpr unsigned kUnknownPart = 0;

// The number of `n` digits at `at`, or nothing.
std::optional<unsigned> digits(std::string_view text, size_t at, size_t n) {
  if (at + n > text.size()) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(at, n)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  return value;
}

struct Parts {
  unsigned year = 0, month = kUnknownPart, day = kUnknownPart;
};

std::optional<Parts> read(std::string_view text, std::array<size_t, 3> at, char separator) {
  for (size_t i = 0; separator != 0 && i < text.size(); ++i) {
    const bool between = at[0] == 0 ? i == 4 || i == 7 : i == 2 || i == 5;
    if (between && text[i] != separator) return std::nullopt;
  }
  const auto year = digits(text, at[0], 4), month = digits(text, at[1], 2), day = digits(text, at[2], 2);
  if (!year || !month || !day) return std::nullopt;
  return Parts{*year, *month, *day};
}

std::optional<Parts> read_iso_or_digits(std::string_view text) {
  if (text.size() == 8) return read(text, {0, 4, 6}, 0);
  if (text.size() == 10) return read(text, {0, 5, 8}, '-');
  if (text.size() == 4 || (text.size() == 7 && text[4] == '-')) {
    const auto year = digits(text, 0, 4);
    const auto month = text.size() == 7 ? digits(text, 5, 2) : kUnknownPart;
    if (year && month) return Parts{*year, *month, kUnknownPart};
  }
  return std::nullopt;
}

std::optional<Parts> read_day_first(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto parts = read(text, {6, 3, 0}, '-');
  return parts ? parts : read(text, {6, 3, 0}, '/');
}

std::optional<int64_t> last_day(int year, unsigned month) {
  const auto first = day_number(year, month, 1);
  if (!first) return std::nullopt;
  return add_months(*first, 1) - 1;
}

std::optional<PartialDate> days_of(DatePrecision precision, std::optional<int64_t> earliest,
                                   std::optional<int64_t> latest) {
  if (!earliest || !latest) return std::nullopt;
  return PartialDate{precision, *earliest, *latest};
}

// The earliest and the latest month that has this day: every day up to the 31st occurs in January and
// December.
std::optional<PartialDate> month_unknown(int year, unsigned day) {
  return days_of(DatePrecision::kMonthUnknown, day_number(year, 1, day), day_number(year, 12, day));
}

int whole_years(int64_t born, int64_t day) {
  const int years = year_of(day) - year_of(born);
  const unsigned m = month_of(day), d = day_of_month(day);
  const bool before_birthday = m < month_of(born) || (m == month_of(born) && d < day_of_month(born));
  return years - (before_birthday ? 1 : 0);
}

}  // namespace

std::optional<PartialDate> parse_partial_date(std::string_view text, DateForm form) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  text = text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
  const std::optional<Parts> parts =
      form == DateForm::kIsoOrDigits ? read_iso_or_digits(text) : read_day_first(text);
  if (!parts) return std::nullopt;
  const auto [y, month, day] = *parts;
  if (month == 99 && day == 99 && y == 9999) return PartialDate{DatePrecision::kUnborn, 0, 0};
  if (month > 12 || day > 31) return std::nullopt;
  if (y == 0) return PartialDate{};
  const int year = static_cast<int>(y);
  if (month == kUnknownPart && day == kUnknownPart)
    return days_of(DatePrecision::kYear, day_number(year, 1, 1), day_number(year, 12, 31));
  if (month == kUnknownPart) return month_unknown(year, day);
  if (day == kUnknownPart)
    return days_of(DatePrecision::kMonth, day_number(year, month, 1), last_day(year, month));
  return days_of(DatePrecision::kDay, day_number(year, month, day), day_number(year, month, day));
}

std::optional<int> age_on(const PartialDate& birth, int64_t day) {
  if (!birth.has_days()) return std::nullopt;
  const int oldest = whole_years(birth.earliest, day);
  const int youngest = whole_years(birth.latest, day);
  if (oldest != youngest) return std::nullopt;
  return oldest;
}

}  // namespace sluis::relation
