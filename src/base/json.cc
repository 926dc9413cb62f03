#include "base/json.h"

#include <algorithm>

#include <iterator>
#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace sluis {
namespace {

// Feeds bytes to the lexer one at a time and knows where it is. Stops early (as if the text ended) when the
// source fails or a limit is passed; `stopped` then says why.
class Cursor {
 public:
  Cursor(ByteSource& source, const JsonLimits& limits, std::string_view file)
      : source_(source), limits_(limits), file_(file) {}

  bool at_end() {
    if (stopped) return true;
    while (at_ == chunk_.size() && !ended_) fill();
    if (stopped || at_ == chunk_.size()) return true;
    if (!accepted_) accept();
    return stopped.has_value();
  }
  char peek() const { return chunk_[at_]; }
  void advance() {
    const char c = chunk_[at_++];
    accepted_ = false;
    ++column_;
    if (c == '\n') ++line_, column_ = 0;
    if (!in_token_ && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' && c != ':') {
      in_token_ = true;
      token_line_ = line_, token_column_ = column_;
    }
  }
  // A value, key or bracket has been read: the next byte may begin another.
  void end_token() { in_token_ = false, token_bytes_ = 0; }
  void place(JsonValue& value) const { value.line = token_line_, value.column = token_column_; }

  Error error(std::string id, std::vector<std::string> args = {}) const {
    Error e;
    e.id = std::move(id);
    e.args = std::move(args);
    e.file = file_;
    e.line = line_, e.column = std::max(column_, 1);
    return e;
  }
  bool ended() const { return ended_ && at_ == chunk_.size(); }

  std::optional<Error> stopped;

 private:
  void fill() {
    Result<std::string_view> next = source_.next();
    if (!next.ok()) {
      stopped = std::move(next).error();
      return;
    }
    chunk_ = *next, at_ = 0, ended_ = chunk_.empty();
  }
  // Judges the byte at at_ before anybody sees it.
  void accept() {
    accepted_ = true;
    if (++read_ > limits_.max_bytes)
      stopped = error("S1002.large", {std::to_string(limits_.max_bytes)});
    else if (++token_bytes_ > limits_.max_token_bytes)
      stopped = error("S1040.token", {std::to_string(limits_.max_token_bytes)});
    else if (chunk_[at_] == '\0')
      stopped = error("S1040.nul");  // the lexer would take it for the end of the text
    else if (read_ == 1 && chunk_[at_] == '\xEF' && !limits_.allow_bom)
      stopped = error("S1040.bom");
  }

  ByteSource& source_;
  const JsonLimits& limits_;
  std::string file_;
  std::string_view chunk_;
  size_t at_ = 0;
  bool ended_ = false, accepted_ = false, in_token_ = false;
  uint64_t read_ = 0;
  size_t token_bytes_ = 0;
  int line_ = 1, column_ = 0, token_line_ = 1, token_column_ = 1;
};

// Input iterator over a Cursor; the default-made one is the end.
class CursorIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  CursorIterator() = default;
  explicit CursorIterator(Cursor& cursor) : cursor_(&cursor) {}
  char operator*() const { return cursor_->peek(); }
  CursorIterator& operator++() { return cursor_->advance(), *this; }
  CursorIterator operator++(int) {
    const CursorIterator old = *this;
    cursor_->advance();
    return old;
  }
  bool operator==(const CursorIterator& other) const { return at_end() == other.at_end(); }
  bool operator!=(const CursorIterator& other) const { return !(*this == other); }

 private:
  bool at_end() const { return cursor_ == nullptr || cursor_->at_end(); }
  Cursor* cursor_ = nullptr;
};

// Builds the document from the parser's events (the SAX interface of nlohmann::json).
class Builder {
 public:
  Builder(Cursor& cursor, const JsonLimits& limits, const JsonStream* stream)
      : cursor_(cursor), limits_(limits), stream_(stream) {}

  bool null() { return scalar({}); }
  bool boolean(bool v) {
    JsonValue value;
    value.kind = JsonValue::Kind::kBoolean, value.boolean = v;
    return scalar(std::move(value));
  }
  bool number_integer(int64_t v) {
    JsonValue value;
    value.kind = JsonValue::Kind::kInteger, value.integer = v;
    return scalar(std::move(value));
  }
  bool number_unsigned(uint64_t v) {
    if (v <= static_cast<uint64_t>(INT64_MAX)) return number_integer(static_cast<int64_t>(v));
    return decimal(std::to_string(v));
  }
  bool number_float(double, const std::string& as_written) { return decimal(as_written); }
  bool string(std::string& text) {
    if (text.find('\0') != std::string::npos) return fail("S1040.nul");
    JsonValue value;
    value.kind = JsonValue::Kind::kString, value.text = std::move(text);
    return scalar(std::move(value));
  }
  bool binary(std::vector<std::uint8_t>&) { return fail("S1040.syntax"); }
  bool start_object(size_t) { return open(JsonValue::Kind::kObject); }
  bool start_array(size_t) { return open(JsonValue::Kind::kArray); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (name.find('\0') != std::string::npos) return fail("S1040.nul");
    Frame& top = frames_.back();
    if (!top.add_key(name)) return fail("S1040.duplicate");
    top.value->keys.push_back(std::move(name));
    cursor_.end_token();
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& what) {
    // Neither the offending token nor the library's text goes on: both can hold data.
    if (std::string_view(what.what()).find("ill-formed UTF-8") != std::string_view::npos)
      return fail("S1040.utf8");
    return fail(cursor_.ended() ? "S1040.truncated" : "S1040.syntax");
  }

  std::optional<Error> error;
  JsonValue root;

 private:
  struct Frame {
    JsonValue* value;
    int matched;                                   // names of the stream's path found above this value, or -1
    bool streamed;                                 // an array whose elements are handed over
    size_t values_before;                          // kept values when it opened
    std::set<std::string, std::less<>> many_keys;  // used from kManyKeys keys on

    bool add_key(const std::string& name) {
      constexpr size_t kManyKeys = 16;
      const std::vector<std::string>& keys = value->keys;
      if (keys.size() < kManyKeys) return std::find(keys.begin(), keys.end(), name) == keys.end();
      if (many_keys.empty()) many_keys.insert(keys.begin(), keys.end());
      return many_keys.insert(name).second;
    }
  };

  bool fail(const char* id) {
    if (!error) error = cursor_.stopped ? *cursor_.stopped : cursor_.error(id);
    return false;
  }
  bool decimal(std::string as_written) {
    JsonValue value;
    value.kind = JsonValue::Kind::kDecimal, value.text = std::move(as_written);
    return scalar(std::move(value));
  }
  // Stores a value under the innermost open container, or as root.
  JsonValue* store(JsonValue&& value) {
    if (++values_ > limits_.max_values) return fail("S1040.values"), nullptr;
    cursor_.place(value);
    cursor_.end_token();
    if (frames_.empty()) return &(root = std::move(value));
    return &frames_.back().value->items.emplace_back(std::move(value));
  }
  bool scalar(JsonValue&& value) { return store(std::move(value)) != nullptr && hand_over(); }
  bool open(JsonValue::Kind kind) {
    if (frames_.size() >= static_cast<size_t>(limits_.max_depth)) return fail("S1040.depth");
    JsonValue value;
    value.kind = kind;
    const int matched = matched_below();
    JsonValue* stored = store(std::move(value));
    if (stored == nullptr) return false;
    const bool streamed = stream_ != nullptr && kind == JsonValue::Kind::kArray &&
                          matched == static_cast<int>(stream_->path.size()) && !in_stream();
    frames_.push_back({stored, matched, streamed, values_, {}});
    return true;
  }
  bool close() {
    cursor_.end_token();
    frames_.pop_back();
    return hand_over();
  }
  bool in_stream() const {
    return std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) { return f.streamed; });
  }
  // How many names of the path lead to the value that begins now, or -1.
  int matched_below() const {
    if (stream_ == nullptr || frames_.empty()) return 0;
    const Frame& top = frames_.back();
    if (top.value->is(JsonValue::Kind::kArray) || top.matched < 0) return top.matched;
    const auto next = static_cast<size_t>(top.matched);
    return next < stream_->path.size() && top.value->keys.back() == stream_->path[next] ? top.matched + 1
                                                                                        : -1;
  }
  // A value is complete: if it is an element of the streamed array, give it away.
  bool hand_over() {
    if (frames_.empty() || !frames_.back().streamed) return true;
    Frame& top = frames_.back();
    Status done = stream_->element(top.value->items.back());
    top.value->items.pop_back();
    values_ = top.values_before;
    if (!done.ok() && !error) error = done.error();
    return done.ok();
  }

  Cursor& cursor_;
  const JsonLimits& limits_;
  const JsonStream* stream_;
  std::vector<Frame> frames_;
  size_t values_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  if (kind != Kind::kObject) return nullptr;
  for (size_t i = 0; i < keys.size(); ++i)
    if (keys[i] == key) return &items[i];
  return nullptr;
}

const char* json_kind_name(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBoolean:
      return "boolean";
    case JsonValue::Kind::kInteger:
      return "integer";
    case JsonValue::Kind::kDecimal:
      return "number";
    case JsonValue::Kind::kString:
      return "text";
    case JsonValue::Kind::kArray:
      return "array";
    case JsonValue::Kind::kObject:
      return "object";
  }
  return "?";
}

Result<JsonValue> parse_json(ByteSource& source, const JsonLimits& limits, std::string_view file,
                             const JsonStream* stream) {
  Cursor cursor(source, limits, file);
  Builder builder(cursor, limits, stream);
  const bool done = nlohmann::json::sax_parse(CursorIterator(cursor), CursorIterator(), &builder,
                                              nlohmann::json::input_format_t::json, /*strict=*/true);
  if (builder.error) return *std::move(builder.error);
  if (cursor.stopped) return *std::move(cursor.stopped);
  if (!done) return cursor.error("S1040.syntax");
  return std::move(builder.root);
}

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits, std::string_view file) {
  MemorySource source(text);
  return parse_json(source, limits, file);
}

}  // namespace sluis
