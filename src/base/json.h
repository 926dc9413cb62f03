// Strict JSON for everything that comes from outside: deliveries, decisions, HTTP bodies, messages.
//
// Stricter than RFC 8259: bounded size, depth, number of values and length of a token; no duplicate keys, no
// U+0000; well-formed UTF-8; exactly one value. Numbers stay exact: int64, or the decimal text as written.
// Every value keeps its line and column.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace sluis {

struct JsonLimits {
  uint64_t max_bytes = 16 * 1024 * 1024;  // of the whole text
  int max_depth = 64;                     // of arrays and objects
  size_t max_values = 1'000'000;          // kept at one time
  size_t max_token_bytes = 1024 * 1024;   // one string or number, or blanks between two tokens
  bool allow_bom = false;                 // skip a byte order mark at the start
};

// One value of the document, plain.
struct JsonValue {
  enum class Kind : uint8_t { kNull, kBoolean, kInteger, kDecimal, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;           // kBoolean
  int line = 0;                   // 1-based
  int column = 0;                 // 1-based, in bytes
  int64_t integer = 0;            // kInteger
  std::string text;               // kString; kDecimal: the number as written ("1.50", "2e9", "-0.0")
  std::vector<JsonValue> items;   // kArray; kObject: the values, in the order of the text
  std::vector<std::string> keys;  // kObject: keys[i] belongs to items[i]; distinct

  bool is(Kind k) const { return kind == k; }
  // Member of an object, or nullptr (also if this is no object).
  const JsonValue* find(std::string_view key) const;
};

// Hands over the elements of one array one at a time instead of keeping them, so that memory is bounded by
// one element. `path` names members from the root: {"leveringen", "trajecten"} is every element of every
// array `trajecten` of every element of `leveringen` (arrays between are passed through).
struct JsonStream {
  std::vector<std::string> path;
  // `element` may be moved from. Its enclosing object may not be complete yet. An error ends the parse.
  std::function<Status(JsonValue& element)> element;
};

// Parses one document. `file` is the name used in errors. Errors: S1040.* with line and column; of the
// source.
Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {},
                             std::string_view file = {});
Result<JsonValue> parse_json(ByteSource& source, const JsonLimits& limits, std::string_view file,
                             const JsonStream* stream = nullptr);

// Reads one object strictly: remembers each key asked for; finish() reports all others. Faults are appended
// to one list that all readers of a document share; a getter that reports a fault returns its fallback.
// Used like TomlReader, with the same error ids. INVARIANT: `object` and `errors` outlive the reader.
class JsonReader {
 public:
  // `path` names the object in messages: "owner.address"; empty for the root. Not an object: S1005.type.
  JsonReader(const JsonValue& object, std::string path, std::string file, Errors& errors);

  // The value, or nullptr; marks the key as known. No fault if absent.
  const JsonValue* find(std::string_view key);
  // The value of the wanted kind, or nullptr with S1004.missing (if required) or S1005.type.
  const JsonValue* get(std::string_view key, JsonValue::Kind kind, bool required = true);

  // Required, not empty, at most max_bytes. Faults: S1004.missing, S1004.empty, S1005.type, .long.
  std::string text(std::string_view key, size_t max_bytes = 4000);
  // As text() but may be absent or empty: then "".
  std::string optional_text(std::string_view key, size_t max_bytes = 4000);
  // One of `choices`. Fault: S1006.choice.
  std::string choice(std::string_view key, std::initializer_list<std::string_view> choices);
  // lo <= value <= hi. Fault: S1005.range.
  int64_t integer(std::string_view key, int64_t lo, int64_t hi);
  bool boolean(std::string_view key);
  // Array of strings, each not empty.
  std::vector<std::string> texts(std::string_view key, size_t max_items);
  // Array of objects: its items; wrong kinds are reported and left out.
  std::vector<const JsonValue*> objects(std::string_view key, size_t max_items);
  // A reader of a member object; of an empty object if absent (reported when required).
  JsonReader object(std::string_view key, bool required = true);
  JsonReader item(const JsonValue& object, std::string path) const;

  bool has(std::string_view key) const { return object_->find(key) != nullptr; }
  const JsonValue& value() const { return *object_; }
  // "owner.address.street", safe to show (safe_name).
  std::string path(std::string_view key) const;
  // Appends a fault at the place of `at`.
  void fault(std::string id, std::vector<std::string> args, const JsonValue& at);
  // Keys present and never asked for, in the order of the text.
  std::vector<std::string> unread() const;
  // Reports S1003.key for each of them.
  void finish();

 private:
  const JsonValue* object_;
  std::string path_, file_;
  Errors* errors_;
  std::set<std::string, std::less<>> known_;
};

const char* json_kind_name(JsonValue::Kind kind);  // "text", "object", ...

// Writes JSON deterministically: the same calls give the same bytes; members stay in the order of the calls.
class JsonWriter {
 public:
  // indent 0: one line without blanks; else that many blanks per level and LF.
  explicit JsonWriter(int indent = 0) : indent_(indent) {}

  // REQUIRES for all: calls form one JSON value (key before each member's value).
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);  // bytes that are not UTF-8 become U+FFFD
  JsonWriter& integer(int64_t value);
  JsonWriter& decimal(double value);  // shortest text that reads back the same; inf and NaN become null
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // A value that was parsed; decimals as they were written.
  JsonWriter& value(const JsonValue& value);
  // Text that is JSON already.
  JsonWriter& raw(std::string_view json);

  // key() and a value in one.
  JsonWriter& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, const char* text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, int64_t number) { return key(name).integer(number); }
  JsonWriter& member(std::string_view name, int number) { return key(name).integer(number); }
  JsonWriter& member(std::string_view name, size_t number) {
    return key(name).integer(static_cast<int64_t>(number));
  }
  JsonWriter& member(std::string_view name, bool truth) { return key(name).boolean(truth); }

  // REQUIRES: the value is complete.
  std::string take();

 private:
  void before_value();
  void newline();
  JsonWriter& begin(char open, bool object);
  JsonWriter& end(char close, bool object);

  struct Level {
    bool object, empty;
  };
  int indent_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

// The text as a JSON string with its quotes: control characters, quotes, backslash, U+2028 and U+2029
// escaped.
std::string json_string(std::string_view text);

}  // namespace sluis
