#include "governance/fields.h"

#include <algorithm>
#include <cstdio>

#include "relation/date.h"

namespace sluis::governance {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
template <typename Test>
bool all(std::string_view text, Test test) {
  return std::all_of(text.begin(), text.end(), test);
}
constexpr int64_t kSecondsPerDay = 86400;
int64_t epoch_day() { return *relation::day_number(1970, 1, 1); }

}  // namespace

bool is_oin(std::string_view text) { return text.size() == 20 && all(text, is_digit); }

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 63 && !is_digit(text[0]) &&
         all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text[0] != '-' &&
         all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

static bool is_visible_except(std::string_view text, std::string_view unwanted) {
  return all(text, [&](char c) { return c > ' ' && c < 0x7F && unwanted.find(c) == std::string_view::npos; });
}

bool is_email(std::string_view text) {
  const size_t sign = text.find('@');
  return text.size() <= 254 && sign != std::string_view::npos && sign > 0 && sign + 1 < text.size() &&
         text.find('@', sign + 1) == std::string_view::npos && is_visible_except(text, "<>\"\\,;:()[]");
}

bool is_https_url(std::string_view text) {
  static constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme) || text.size() > 2000) return false;
  const std::string_view host = text.substr(kScheme.size()).substr(0, text.substr(kScheme.size()).find('/'));
  const auto in_host = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == ':'; };
  return !host.empty() && all(host, in_host) && is_visible_except(text, "<>\"'\\^`{|}#");
}

bool is_lower_hex(std::string_view text, size_t digits) {
  return text.size() == digits && all(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::string sha256_ref(const crypto::Digest& digest) { return "sha256:" + crypto::to_hex(digest); }

std::optional<crypto::Digest> parse_digest(std::string_view hex) {
  if (!is_lower_hex(hex, 64)) return std::nullopt;
  const std::optional<Bytes> bytes = from_hex(hex);
  crypto::Digest digest{};
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

std::optional<crypto::Digest> parse_sha256_ref(std::string_view text) {
  return text.starts_with("sha256:") ? parse_digest(text.substr(7)) : std::nullopt;
}

std::optional<std::string> parse_oin_ref(std::string_view text) {
  if (!text.starts_with("oin:") || !is_oin(text.substr(4))) return std::nullopt;
  return std::string(text.substr(4));
}

std::optional<UnixTime> parse_utc(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const std::optional<int64_t> day = relation::parse_iso_date(text.substr(0, 10));
  int part[3];
  for (int i = 0; i < 3; ++i) {
    const char tens = text[11 + 3 * static_cast<size_t>(i)];
    const char ones = text[12 + 3 * static_cast<size_t>(i)];
    if (!is_digit(tens) || !is_digit(ones)) return std::nullopt;
    part[i] = 10 * (tens - '0') + (ones - '0');
  }
  if (!day || *day < epoch_day() || part[0] > 23 || part[1] > 59 || part[2] > 59) return std::nullopt;
  return start_of_day(*day) + 3600 * part[0] + 60 * part[1] + part[2];
}

std::string utc_text(UnixTime time) {
  const int64_t day = day_of(time);
  const int64_t second = time - start_of_day(day);
  char clock[16];
  std::snprintf(clock, sizeof clock, "T%02d:%02d:%02dZ", static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return relation::date_text(day) + clock;
}

int64_t day_of(UnixTime time) {
  const int64_t day = time / kSecondsPerDay - (time % kSecondsPerDay < 0 ? 1 : 0);
  return day + epoch_day();
}

UnixTime start_of_day(int64_t day) { return (day - epoch_day()) * kSecondsPerDay; }

}  // namespace sluis::governance
