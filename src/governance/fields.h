// Forms of single values that several governance formats share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/hash.h"

namespace sluis::governance {

bool is_oin(std::string_view text);         // 20 digits
bool is_identifier(std::string_view text);  // [a-z_][a-z0-9_]*, at most 63: a name in SQL
bool is_slug(std::string_view text);        // [a-z0-9][a-z0-9-]*, at most 63
bool is_email(std::string_view text);       // one @, ASCII without blanks; no more is promised
bool is_https_url(std::string_view text);   // https://host…, visible ASCII, no user, no fragment
bool is_lower_hex(std::string_view text, size_t digits);

// "sha256:<64 lower-case digits>" and back.
std::string sha256_ref(const crypto::Digest& digest);
std::optional<crypto::Digest> parse_sha256_ref(std::string_view text);
// "oin:<20 digits>" -> the digits.
std::optional<std::string> parse_oin_ref(std::string_view text);
// 64 lower-case digits.
std::optional<crypto::Digest> parse_digest(std::string_view hex);

// Seconds since 1970-01-01T00:00:00Z.
using UnixTime = int64_t;
// "2026-11-20T14:03:11Z" exactly (years 1970..9999), else nothing.
std::optional<UnixTime> parse_utc(std::string_view text);
std::string utc_text(UnixTime time);
// Day number (relation/date.h) of the UTC day.
int64_t day_of(UnixTime time);
// First second of the UTC day with this number.
UnixTime start_of_day(int64_t day);

}  // namespace sluis::governance
