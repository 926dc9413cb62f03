#include "governance/json_fields.h"

#include "relation/date.h"

namespace sluis::governance {
namespace {

// The value of a text member in some form, or nothing with S1005.form.
template <typename Parse>
auto read_form(JsonReader& reader, std::string_view key, const char* form, Parse parse)
    -> decltype(parse(std::string())) {
  const std::string text = reader.text(key, 200);
  auto value = parse(text);
  if (!value && !text.empty())
    if (const JsonValue* at = reader.find(key)) reader.fault("S1005.form", {reader.path(key), form}, *at);
  return value;
}

// Escapes ("\\u202e") must not bring in what the bytes may not hold.
Status check_texts(const JsonValue& value, std::string_view file) {
  const auto check = [&](const std::string& text) -> Status {
    Status fit = check_plain_text(text, file, text.size());
    if (fit.ok()) return fit;
    Error error = fit.error();
    error.line = value.line;
    error.column = value.column;
    return error;
  };
  SLUIS_TRY(check(value.text));
  for (const std::string& key : value.keys) SLUIS_TRY(check(key));
  for (const JsonValue& item : value.items) SLUIS_TRY(check_texts(item, file));
  return {};
}

}  // namespace

Result<JsonValue> parse_small_json(std::string_view text, std::string_view file, size_t max_bytes) {
  SLUIS_TRY(check_plain_text(text, file, max_bytes));
  JsonLimits limits;
  limits.max_bytes = max_bytes;
  limits.max_depth = 8;
  limits.max_values = 100'000;
  Result<JsonValue> root = parse_json(text, limits, file);
  if (root.ok()) SLUIS_TRY(check_texts(*root, file));
  return root;
}

crypto::Digest read_digest(JsonReader& reader, std::string_view key) {
  return read_form(reader, key, "sha256:<64 x 0-9a-f>", parse_sha256_ref).value_or(crypto::Digest{});
}

std::optional<crypto::Digest> read_optional_digest(JsonReader& reader, std::string_view key) {
  if (reader.find(key) == nullptr) return std::nullopt;
  return read_form(reader, key, "sha256:<64 x 0-9a-f>", parse_sha256_ref);
}

std::string read_oin(JsonReader& reader, std::string_view key) {
  return read_form(reader, key, "oin:<20 x 0-9>", parse_oin_ref).value_or("");
}

UnixTime read_time(JsonReader& reader, std::string_view key) {
  return read_form(reader, key, "2026-11-20T14:03:11Z", parse_utc).value_or(0);
}

int64_t read_day(JsonReader& reader, std::string_view key) {
  return read_form(reader, key, "2027-03-01", relation::parse_iso_date).value_or(0);
}

bool has_format(JsonReader& reader, const char* format) {
  const std::string text = reader.text("format", 100);
  if (text == format) return true;
  if (const JsonValue* at = reader.find("format"); at != nullptr && !text.empty())
    reader.fault("S1009.format", {text, format}, *at);
  return false;
}

Error first_by_position(Errors errors) {
  CHECK(!errors.empty());
  sort_by_position(errors);
  return std::move(errors.front());
}

}  // namespace sluis::governance
