#include "relation/date.h"

#include <chrono>
#include <cstdio>

namespace sluis::relation {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr sys_days kEpoch = sys_days{std::chrono::year{1900} / 1 / 1};

year_month_day civil(int64_t day) { return year_month_day{kEpoch + days{day}}; }
int64_t number(const year_month_day& date) { return (sys_days{date} - kEpoch).count(); }

}  // namespace

std::optional<int64_t> day_number(int year, unsigned month, unsigned day) {
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return number(date);
}

std::optional<int64_t> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto digits = [&](size_t at, size_t n) {
    int v = 0;
    for (size_t i = at; i < at + n; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      v = 10 * v + (text[i] - '0');
    }
    return v;
  };
  const int year = digits(0, 4);
  const int month = digits(5, 2);
  const int day = digits(8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  return day_number(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::string date_text(int64_t day) {
  const year_month_day date = civil(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

int year_of(int64_t day) { return static_cast<int>(civil(day).year()); }
unsigned month_of(int64_t day) { return static_cast<unsigned>(civil(day).month()); }
unsigned day_of_month(int64_t day) { return static_cast<unsigned>(civil(day).day()); }

int64_t add_months(int64_t day, int months) {
  const year_month_day from = civil(day);
  year_month_day to = from + std::chrono::months{months};
  if (!to.ok()) to = to.year() / to.month() / std::chrono::last;
  return number(to);
}

int64_t calendar_code(int64_t day) {
  const year_month_day date = civil(day);
  const year_month_day leap{std::chrono::year{2000}, date.month(), date.day()};
  const sys_days first = sys_days{std::chrono::year{2000} / 1 / 1};
  return int64_t{512} * static_cast<int>(date.year()) + (sys_days{leap} - first).count();
}

int64_t age_years(int64_t to, int64_t from) { return (calendar_code(to) - calendar_code(from)) / 512; }

unsigned quarter_of(int64_t day) { return (month_of(day) + 2) / 3; }

unsigned day_of_week(int64_t day) { return std::chrono::weekday{kEpoch + days{day}}.c_encoding(); }

unsigned iso_day_of_week(int64_t day) { return std::chrono::weekday{kEpoch + days{day}}.iso_encoding(); }

}  // namespace sluis::relation
