#include "report/number.h"

#include <cmath>
#include <cstdio>

#include "base/check.h"
#include "relation/date.h"

namespace sluis::report {
namespace {

// Puts the thousands mark into a run of digits.
std::string grouped(Language language, const std::string& digits) {
  const char mark = language == Language::kDutch ? '.' : ',';
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += mark;
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string integer_text(Language language, int64_t value) {
  std::string digits = std::to_string(value);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  return (negative ? "\u2212" : "") + grouped(language, digits);
}

std::string decimal_text(Language language, double value, int decimals) {
  CHECK(!std::isnan(value) && decimals >= 0 && decimals <= 6);
  if (std::isinf(value)) return value > 0 ? "\u221e" : "\u2212\u221e";
  const double scale = std::pow(10, decimals);
  // Half away from zero on the decimal that a reader would compute, not on its binary neighbour.
  const double rounded = std::round(value * scale * (1 + 1e-12)) / scale;
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, std::abs(rounded));
  const std::string plain = buffer;
  const size_t point = plain.find('.');
  std::string out = rounded < 0 ? "\u2212" : "";
  out += grouped(language, plain.substr(0, point));
  if (point != std::string::npos) out += (language == Language::kDutch ? ',' : '.') + plain.substr(point + 1);
  return out;
}

std::string date_words(Language language, std::string_view iso) {
  const auto day = relation::parse_iso_date(iso);
  if (!day) return std::string(iso);
  const std::string month = text::tr(language, "report.month." + std::to_string(relation::month_of(*day)));
  return std::to_string(relation::day_of_month(*day)) + ' ' + month + ' ' +
         std::to_string(relation::year_of(*day));
}

std::string p_text(Language language, double p) {
  if (p < 0.001) return text::tr(language, "report.p.small");
  return decimal_text(language, p, 3);
}

std::string grouped_digits(std::string_view hash) {
  std::string out;
  for (size_t i = 0; i < hash.size() && i < 32; ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += hash[i];
  }
  return out;
}

size_t display_width(std::string_view utf8) {
  size_t width = 0;
  for (const char c : utf8)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++width;
  return width;
}

}  // namespace sluis::report
