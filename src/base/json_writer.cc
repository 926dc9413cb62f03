#include "base/json.h"

#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/utf8.h"

namespace sluis {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void append_escaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<uint8_t>(c);
  if (byte >= 0x20 && byte != 0x7F) {
    out += c;
    return;
  }
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t good = utf8_prefix(text);
    for (size_t i = 0; i < good; ++i) {
      // Line ends to a JavaScript reader: U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      const bool separator = text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9";
      if (separator) {
        out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
        i += 2;
      } else {
        append_escaped(out, text[i]);
      }
    }
    text.remove_prefix(good);
    if (text.empty()) break;
    out += kReplacement;
    text.remove_prefix(1);
  }
  return out + '"';
}

void JsonWriter::newline() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(levels_.size() * static_cast<size_t>(indent_), ' ');
}

void JsonWriter::before_value() {
  if (levels_.empty()) {
    CHECK(out_.empty());
    return;
  }
  if (levels_.back().object) {
    CHECK(after_key_);
    after_key_ = false;
    return;
  }
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  newline();
}

JsonWriter& JsonWriter::begin(char open, bool object) {
  before_value();
  out_ += open;
  levels_.push_back({object, true});
  return *this;
}

JsonWriter& JsonWriter::end(char close, bool object) {
  CHECK(!levels_.empty() && levels_.back().object == object && !after_key_);
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) newline();
  out_ += close;
  return *this;
}

JsonWriter& JsonWriter::begin_object() { return begin('{', true); }
JsonWriter& JsonWriter::end_object() { return end('}', true); }
JsonWriter& JsonWriter::begin_array() { return begin('[', false); }
JsonWriter& JsonWriter::end_array() { return end(']', false); }

JsonWriter& JsonWriter::key(std::string_view name) {
  CHECK(!levels_.empty() && levels_.back().object && !after_key_);
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  newline();
  out_ += json_string(name);
  out_ += indent_ == 0 ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) { return raw(json_string(text)); }
JsonWriter& JsonWriter::integer(int64_t value) { return raw(std::to_string(value)); }
JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::decimal(double value) {
  if (!std::isfinite(value)) return null();
  char text[64];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, value);
  return raw({text, static_cast<size_t>(end.ptr - text)});
}

JsonWriter& JsonWriter::value(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      return null();
    case JsonValue::Kind::kBoolean:
      return boolean(value.boolean);
    case JsonValue::Kind::kInteger:
      return integer(value.integer);
    case JsonValue::Kind::kDecimal:
      return raw(value.text);
    case JsonValue::Kind::kString:
      return string(value.text);
    case JsonValue::Kind::kArray:
      begin_array();
      for (const JsonValue& item : value.items) this->value(item);
      return end_array();
    case JsonValue::Kind::kObject:
      begin_object();
      for (size_t i = 0; i < value.keys.size(); ++i) key(value.keys[i]).value(value.items[i]);
      return end_object();
  }
  CHECK(false);
  return *this;
}

std::string JsonWriter::take() {
  CHECK(levels_.empty() && !out_.empty());
  return std::move(out_);
}

}  // namespace sluis
