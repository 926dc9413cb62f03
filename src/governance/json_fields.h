// Helpers for the strict reading of governance files in JSON; not for use outside governance/*.cc.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/toml.h"
#include "governance/fields.h"

namespace sluis::governance {

// Parses a small document that a person or a node signed: plain text (no invisible characters), depth <= 8.
Result<JsonValue> parse_small_json(std::string_view text, std::string_view file, size_t max_bytes);

// "sha256:<64>" (fault S1005.form, then zeros).
crypto::Digest read_digest(JsonReader& reader, std::string_view key);
// As read_digest(), nothing if absent.
std::optional<crypto::Digest> read_optional_digest(JsonReader& reader, std::string_view key);
// "oin:<20 digits>" -> digits.
std::string read_oin(JsonReader& reader, std::string_view key);
// "2026-11-20T14:03:11Z"
UnixTime read_time(JsonReader& reader, std::string_view key);
// "2027-03-01" -> day number.
int64_t read_day(JsonReader& reader, std::string_view key);
// Fault S1009.format unless the document says this format. False: read no further.
bool has_format(JsonReader& reader, const char* format);

// REQUIRES: not empty.
Error first_by_position(Errors errors);

}  // namespace sluis::governance
