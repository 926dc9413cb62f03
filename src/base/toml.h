// Strict TOML 1.0 for files from outside: study, key registry, owner policy, profiles, node configuration.
//
// Stricter than TOML: at most 256 KiB, UTF-8 without byte order mark, LF only, no invisible or bidirectional
// control characters (a person approves this text), nesting at most 16, numbers in plain decimal digits, no
// times of day, no inf or nan. Every value keeps its line and column (both 1-based, columns in characters).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sluis {

inline constexpr size_t kMaxTomlBytes = 256 * 1024;
inline constexpr int kMaxTomlDepth = 16;

struct Position {
  int line = 0;
  int column = 0;
  auto operator<=>(const Position&) const = default;
};

struct CalendarDate {
  int year = 0;
  unsigned month = 0, day = 0;
  auto operator<=>(const CalendarDate&) const = default;
};

// One node of the document, a plain value.
struct TomlValue {
  enum class Kind : uint8_t { kTable, kArray, kString, kInteger, kDecimal, kBoolean, kDate };
  struct Entry;

  Kind kind = Kind::kTable;
  Position at;             // where the value starts
  std::string text;        // kString
  Position text_at;        // kString: position of the first character of `text`
  bool verbatim = false;   // kString: the file holds exactly the characters of `text` from text_at on
  int64_t integer = 0;     // kInteger
  int64_t millionths = 0;  // kDecimal: value * 10^6, exact
  bool boolean = false;
  CalendarDate date;
  std::vector<TomlValue> items;  // kArray
  std::vector<Entry> entries;    // kTable, in the order of the file

  const TomlValue* find(std::string_view key) const;
};

struct TomlValue::Entry {
  std::string key;
  Position at;  // of the key
  TomlValue value;
};

// Bytes fit for a text that a person signs: at most max_bytes, valid UTF-8, LF, no byte order mark, no
// control, invisible or bidirectional control characters. Errors: S1002.large, S1001.*, with position.
Status check_plain_text(std::string_view bytes, std::string_view file, size_t max_bytes);

// Parses a whole file into its root table. `file` is the name used in errors. Reports every fault that can be
// found (a syntax error ends the search), sorted by position. Errors: S1001.*, S1002.large, S1007.*,
// S1005.number, .time.
struct TomlParse {
  std::optional<TomlValue> root;  // present exactly when errors is empty
  Errors errors;
};
TomlParse parse_toml(std::string_view bytes, std::string_view file);

// Sorts by file, line, column; keeps the order of equals.
void sort_by_position(Errors& errors);

// Reads one table strictly: remembers each key asked for; finish() reports all others. Faults are appended to
// one list that all readers of a document share; a getter that reports a fault returns its fallback.
// INVARIANT: `table` and `errors` outlive the reader.
class TomlReader {
 public:
  // `path` names the table in messages: "legal.dpia"; empty for the root.
  TomlReader(const TomlValue& table, std::string path, std::string file, Errors& errors);

  // The value, or nullptr; marks the key as known. No fault if absent.
  const TomlValue* find(std::string_view key);
  // The value of the wanted kind, or nullptr with faults S1004.missing (if required) or S1005.type.
  const TomlValue* get(std::string_view key, TomlValue::Kind kind, bool required = true);

  // Required, not blank, at most max_bytes. Faults: S1004.missing, S1004.empty, S1005.type, .long.
  std::string text(std::string_view key, size_t max_bytes = 4000);
  // As text(), "" if absent.
  std::string optional_text(std::string_view key, size_t max_bytes = 4000);
  // One of `choices`. Fault: S1006.choice.
  std::string choice(std::string_view key, std::initializer_list<std::string_view> choices);
  // lo <= value <= hi. Fault: S1005.range.
  int64_t integer(std::string_view key, int64_t lo, int64_t hi);
  // A decimal or integer, in millionths. Fault: S1005.range.
  int64_t millionths(std::string_view key, int64_t lo, int64_t hi);
  bool boolean(std::string_view key);
  CalendarDate date(std::string_view key);
  // Array of min_items..max_items non-blank strings (S1005.count), no two equal (S1008.twice).
  std::vector<std::string> texts(std::string_view key, size_t min_items, size_t max_items);
  // Array of tables ([[key]] or inline): its items; wrong kinds are reported and left out.
  std::vector<const TomlValue*> tables(std::string_view key, size_t min_items, size_t max_items);
  // A reader of the sub-table; of an empty table if absent (reported when required).
  TomlReader table(std::string_view key, bool required = true);
  TomlReader item(const TomlValue& table, std::string path) const;

  bool has(std::string_view key) const { return table_->find(key) != nullptr; }
  // Position of the value of `key`, else of the table.
  Position at(std::string_view key) const;
  const TomlValue& value() const { return *table_; }
  // "legal.dpia.sha256"
  std::string path(std::string_view key) const;
  void fault(std::string id, std::vector<std::string> args, Position at, Exit exit = Exit::kCheckFailed);
  // Reports S1003.key for every key not asked for.
  void finish();

 private:
  const TomlValue* table_;
  std::string path_, file_;
  Errors* errors_;  // nullptr: the table itself is missing, which has been reported
  std::set<std::string, std::less<>> known_;
};

}  // namespace sluis
