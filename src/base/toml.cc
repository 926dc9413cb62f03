#include "base/toml.h"

#include <pthread.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace sluis {
namespace {

using Kind = TomlValue::Kind;

Error fault_at(std::string id, std::vector<std::string> args, std::string_view file, Position at) {
  Error error;
  error.id = std::move(id);
  error.args = std::move(args);
  error.file = file;
  error.line = at.line;
  error.column = at.column;
  return error;
}

// ---- bytes

// Decodes one UTF-8 character at `at` and moves past it; -1 if the bytes are not valid.
int32_t next_character(std::string_view in, size_t& at) {
  const auto byte = [&](size_t i) -> uint32_t { return i < in.size() ? static_cast<uint8_t>(in[i]) : 0u; };
  const uint32_t first = byte(at);
  if (first < 0x80) return ++at, static_cast<int32_t>(first);
  const int more = first >= 0xF0 && first <= 0xF4 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first > 0xF4) return -1;
  uint32_t c = first & (0x3Fu >> more);
  for (int i = 1; i <= more; ++i) {
    const uint32_t b = byte(at + static_cast<size_t>(i));
    if ((b & 0xC0) != 0x80) return -1;
    c = c << 6 | (b & 0x3F);
  }
  static constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (c < kLeast[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return -1;
  at += 1 + static_cast<size_t>(more);
  return static_cast<int32_t>(c);
}

// Characters that a reader does not see, or that change the order in which the rest is shown.
bool is_invisible(int32_t c) {
  static constexpr struct {
    int32_t first, last;
  } kRanges[] = {{0x80, 0x9F},       {0xAD, 0xAD},      {0x34F, 0x34F},   {0x61C, 0x61C},
                 {0x115F, 0x1160},   {0x17B4, 0x17B5},  {0x180B, 0x180F}, {0x200B, 0x200F},
                 {0x2028, 0x202E},   {0x2060, 0x206F},  {0x3164, 0x3164}, {0xFE00, 0xFE0F},
                 {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},  {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
                 {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [&](const auto& r) { return c >= r.first && c <= r.last; });
}

const char* text_fault(int32_t c) {
  if (c < 0) return "S1001.utf8";
  if (c == '\r') return "S1001.lf";
  if (is_invisible(c)) return "S1001.invisible";
  if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) return "S1001.control";
  return nullptr;
}

std::string code_point(int32_t c) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (int shift = c > 0xFFFFF ? 20 : c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4)
    text += kDigits[(c >> shift) & 15];
  return "U+" + text;
}

// ---- large stack

// toml++ parses and destroys recursively, and dotted keys escape its nesting limit: 256 KiB of "a.a.a…" needs
// more stack than a thread usually has.
constexpr size_t kStackBytes = 256u << 20;

template <typename Work>
void on_large_stack(Work& work) {
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes) == 0);
  CHECK(pthread_attr_setstacksize(&attributes, kStackBytes) == 0);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<Work*>(argument))();
    return nullptr;
  };
  CHECK(pthread_create(&thread, &attributes, run, &work) == 0);
  CHECK(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}

// ---- toml++ tree to own values

class Converter {
 public:
  Converter(std::string_view bytes, std::string_view file, Errors& errors)
      : bytes_(bytes), file_(file), errors_(errors) {
    line_starts_ = {0, 0};
    for (size_t i = 0; i < bytes.size(); ++i)
      if (bytes[i] == '\n') line_starts_.push_back(i + 1);
  }

  TomlValue convert(const toml::node& node, int depth) {
    TomlValue value;
    value.at = position(node.source().begin);
    if (depth > kMaxTomlDepth) {
      // The tables of one dotted key all stand at its start: one message for them.
      if (errors_.empty() || errors_.back().id != "S1007.deep")
        fault("S1007.deep", {std::to_string(kMaxTomlDepth)}, value.at);
      return value;
    }
    if (const toml::table* table = node.as_table()) return convert_table(*table, std::move(value), depth);
    if (const toml::array* array = node.as_array()) {
      value.kind = Kind::kArray;
      for (const toml::node& item : *array) value.items.push_back(convert(item, depth + 1));
      return value;
    }
    return convert_scalar(node, std::move(value));
  }

 private:
  static Position position(const toml::source_position& at) {
    return {static_cast<int>(at.line), static_cast<int>(at.column)};
  }
  void fault(const char* id, std::vector<std::string> args, Position at) {
    errors_.push_back(fault_at(id, std::move(args), file_, at));
  }

  TomlValue convert_table(const toml::table& table, TomlValue value, int depth) {
    value.kind = Kind::kTable;
    for (const auto& [key, child] : table) {
      const Position at = position(key.source().begin);
      value.entries.push_back({std::string(key.str()), at, convert(child, depth + 1)});
    }
    std::stable_sort(value.entries.begin(), value.entries.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    return value;
  }

  TomlValue convert_scalar(const toml::node& node, TomlValue value) {
    if (const auto* text = node.as_string()) return convert_text(text->get(), std::move(value));
    if (const auto* integer = node.as_integer()) {
      value.kind = Kind::kInteger;
      value.integer = integer->get();
      if (token(value.at) != std::to_string(value.integer)) fault("S1005.number", {}, value.at);
    } else if (node.is_floating_point()) {
      value.kind = Kind::kDecimal;
      const std::optional<int64_t> exact = exact_millionths(token(value.at));
      if (!exact) fault("S1005.number", {}, value.at);
      value.millionths = exact.value_or(0);
    } else if (const auto* boolean = node.as_boolean()) {
      value.kind = Kind::kBoolean;
      value.boolean = boolean->get();
    } else if (const auto* date = node.as_date()) {
      value.kind = Kind::kDate;
      value.date = {date->get().year, date->get().month, date->get().day};
    } else {
      fault("S1005.time", {}, value.at);
    }
    return value;
  }

  TomlValue convert_text(const std::string& text, TomlValue value) {
    value.kind = Kind::kString;
    value.text = text;
    const std::string_view rest = bytes_.substr(offset(value.at));
    const bool long_form = rest.starts_with("'''") || rest.starts_with("\"\"\"");
    const size_t quote = long_form ? 3 : 1;
    const bool next_line = long_form && rest.substr(3).starts_with('\n');
    value.text_at = next_line ? Position{value.at.line + 1, 1}
                              : Position{value.at.line, value.at.column + static_cast<int>(quote)};
    value.verbatim = rest.substr(std::min(rest.size(), quote + (next_line ? 1 : 0))).starts_with(text);
    return value;
  }

  // Byte offset of a position: columns count characters.
  size_t offset(Position at) const {
    if (at.line < 1 || static_cast<size_t>(at.line) >= line_starts_.size()) return bytes_.size();
    size_t i = line_starts_[static_cast<size_t>(at.line)];
    for (int column = 1; column < at.column && i < bytes_.size(); ++column) next_character(bytes_, i);
    return i;
  }
  // The characters of a number.
  std::string_view token(Position at) const {
    const std::string_view rest = bytes_.substr(offset(at));
    return rest.substr(0, rest.find_first_of(" \t\n,]}#"));
  }
  // -?digits.digits with at most 9 and 6 digits.
  static std::optional<int64_t> exact_millionths(std::string_view token) {
    const bool negative = token.starts_with('-');
    if (negative) token.remove_prefix(1);
    const size_t point = token.find('.');
    if (point == std::string_view::npos || point == 0 || point > 9 || token.size() - point - 1 > 6)
      return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < point + 7; ++i) {
      if (i == point) continue;
      const char c = i < token.size() ? token[i] : '0';
      if (c < '0' || c > '9') return std::nullopt;
      value = 10 * value + (c - '0');
    }
    return negative ? -value : value;
  }

  std::string_view bytes_, file_;
  Errors& errors_;
  std::vector<size_t> line_starts_;  // [line], 1-based
};

void parse_here(std::string_view bytes, std::string_view file, TomlParse& out) {
  try {
    const toml::table root = toml::parse(bytes);
    Converter converter(bytes, file, out.errors);
    TomlValue value = converter.convert(root, 0);
    value.at = {1, 1};
    if (out.errors.empty()) out.root = std::move(value);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    out.errors.push_back(fault_at("S1007.syntax", {std::string(error.description())}, file,
                                  {static_cast<int>(at.line), static_cast<int>(at.column)}));
  }
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Status check_plain_text(std::string_view bytes, std::string_view file, size_t max_bytes) {
  if (bytes.size() > max_bytes) return fault_at("S1002.large", {std::to_string(max_bytes)}, file, {});
  if (bytes.starts_with("\xEF\xBB\xBF")) return fault_at("S1001.bom", {}, file, {1, 1});
  Position at{1, 1};
  for (size_t i = 0; i < bytes.size();) {
    const int32_t c = next_character(bytes, i);
    if (const char* id = text_fault(c))
      return fault_at(id, {c < 0 ? std::string() : code_point(c)}, file, at);
    at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
  }
  return {};
}

TomlParse parse_toml(std::string_view bytes, std::string_view file) {
  TomlParse out;
  if (const Status fit = check_plain_text(bytes, file, kMaxTomlBytes); !fit.ok()) {
    out.errors.push_back(fit.error());
    return out;
  }
  auto work = [&] { parse_here(bytes, file, out); };
  on_large_stack(work);
  sort_by_position(out.errors);
  return out;
}

void sort_by_position(Errors& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
}

TomlReader::TomlReader(const TomlValue& table, std::string path, std::string file, Errors& errors)
    : table_(&table), path_(std::move(path)), file_(std::move(file)), errors_(&errors) {
  CHECK(table.kind == Kind::kTable);
}

const TomlValue* TomlReader::find(std::string_view key) {
  known_.emplace(key);
  return table_->find(key);
}

static const char* kind_key(Kind kind) {
  static constexpr const char* kNames[] = {"table", "array", "text", "integer", "decimal", "boolean", "date"};
  return kNames[static_cast<size_t>(kind)];
}

const TomlValue* TomlReader::get(std::string_view key, Kind kind, bool required) {
  const TomlValue* value = find(key);
  if (value == nullptr) {
    if (required) fault("S1004.missing", {path(key)}, table_->at);
    return nullptr;
  }
  if (value->kind == kind) return value;
  fault("S1005.type", {path(key), kind_key(kind), kind_key(value->kind)}, value->at);
  return nullptr;
}

static bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\n") == std::string::npos; }

std::string TomlReader::text(std::string_view key, size_t max_bytes) {
  const TomlValue* value = get(key, Kind::kString);
  if (value == nullptr) return {};
  if (is_blank(value->text)) fault("S1004.empty", {path(key)}, value->at);
  if (value->text.size() > max_bytes) fault("S1005.long", {path(key), std::to_string(max_bytes)}, value->at);
  return value->text;
}

std::string TomlReader::optional_text(std::string_view key, size_t max_bytes) {
  return find(key) == nullptr ? std::string() : text(key, max_bytes);
}

std::string TomlReader::choice(std::string_view key, std::initializer_list<std::string_view> choices) {
  const TomlValue* value = get(key, Kind::kString);
  if (value == nullptr) return {};
  if (std::find(choices.begin(), choices.end(), value->text) == choices.end()) {
    std::string list;
    for (std::string_view choice : choices) list += (list.empty() ? "" : ", ") + std::string(choice);
    fault("S1006.choice", {path(key), list}, value->at);
  }
  return value->text;
}

int64_t TomlReader::integer(std::string_view key, int64_t lo, int64_t hi) {
  const TomlValue* value = get(key, Kind::kInteger);
  if (value == nullptr) return lo;
  if (value->integer >= lo && value->integer <= hi) return value->integer;
  fault("S1005.range", {path(key), std::to_string(lo), std::to_string(hi)}, value->at);
  return lo;
}

static std::string decimal_text(int64_t millionths) {
  std::string text = std::to_string(std::abs(millionths) % 1'000'000);
  text = std::to_string(std::abs(millionths) / 1'000'000) + '.' + std::string(6 - text.size(), '0') + text;
  while (text.ends_with('0') && !text.ends_with(".0")) text.pop_back();
  return millionths < 0 ? '-' + text : text;
}

int64_t TomlReader::millionths(std::string_view key, int64_t lo, int64_t hi) {
  const TomlValue* whole = find(key);
  int64_t value = 0;
  if (whole != nullptr && whole->kind == Kind::kInteger && std::abs(whole->integer) < 1'000'000'000)
    value = whole->integer * 1'000'000;
  else if (const TomlValue* decimal = get(key, Kind::kDecimal))
    value = decimal->millionths;
  else
    return lo;
  if (value >= lo && value <= hi) return value;
  fault("S1005.range", {path(key), decimal_text(lo), decimal_text(hi)}, whole->at);
  return lo;
}

bool TomlReader::boolean(std::string_view key) {
  const TomlValue* value = get(key, Kind::kBoolean);
  return value != nullptr && value->boolean;
}

CalendarDate TomlReader::date(std::string_view key) {
  const TomlValue* value = get(key, Kind::kDate);
  return value == nullptr ? CalendarDate{} : value->date;
}

std::vector<std::string> TomlReader::texts(std::string_view key, size_t min_items, size_t max_items) {
  const TomlValue* array = get(key, Kind::kArray, min_items > 0);
  std::vector<std::string> out;
  if (array == nullptr) return out;
  if (array->items.size() < min_items || array->items.size() > max_items) {
    fault("S1005.count", {path(key), std::to_string(min_items), std::to_string(max_items)}, array->at);
    return out;
  }
  for (const TomlValue& item : array->items) {
    if (item.kind != Kind::kString)
      fault("S1005.type", {path(key), kind_key(Kind::kString), kind_key(item.kind)}, item.at);
    else if (is_blank(item.text))
      fault("S1004.empty", {path(key)}, item.at);
    else if (std::find(out.begin(), out.end(), item.text) != out.end())
      fault("S1008.twice", {path(key), item.text}, item.at);
    else
      out.push_back(item.text);
  }
  return out;
}

std::vector<const TomlValue*> TomlReader::tables(std::string_view key, size_t min_items, size_t max_items) {
  const TomlValue* array = get(key, Kind::kArray, min_items > 0);
  std::vector<const TomlValue*> out;
  if (array == nullptr) return out;
  if (array->items.size() < min_items || array->items.size() > max_items) {
    fault("S1005.count", {path(key), std::to_string(min_items), std::to_string(max_items)}, array->at);
    return out;
  }
  for (const TomlValue& item : array->items) {
    if (item.kind == Kind::kTable)
      out.push_back(&item);
    else
      fault("S1005.type", {path(key), kind_key(Kind::kTable), kind_key(item.kind)}, item.at);
  }
  return out;
}

TomlReader TomlReader::table(std::string_view key, bool required) {
  static const TomlValue kEmpty;
  const TomlValue* value = get(key, Kind::kTable, required);
  TomlReader reader = *this;
  reader.path_ = path(key);
  reader.known_.clear();
  reader.table_ = value != nullptr ? value : &kEmpty;
  // What is missing or wrong has been reported once: the keys within need no messages of their own.
  if (value == nullptr) reader.errors_ = nullptr;
  return reader;
}

TomlReader TomlReader::item(const TomlValue& table, std::string path) const {
  TomlReader reader = *this;
  reader.table_ = &table;
  reader.path_ = std::move(path);
  reader.known_.clear();
  return reader;
}

Position TomlReader::at(std::string_view key) const {
  const TomlValue* value = table_->find(key);
  return value == nullptr ? table_->at : value->at;
}

std::string TomlReader::path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
}

// Messages stay readable whatever the file holds, and show no nine digits that could be a BSN.
static std::string shortened(std::string text) {
  static constexpr size_t kMost = 200;
  if (text.size() > kMost) {
    size_t end = kMost;
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "…";
  }
  for (size_t i = 0, end = 0; i < text.size(); i = end + 1) {
    for (end = i; end < text.size() && text[end] >= '0' && text[end] <= '9';) ++end;
    if (end - i == 9) text.replace(i, 9, 9, '#');
  }
  return text;
}

void TomlReader::fault(std::string id, std::vector<std::string> args, Position at, Exit exit) {
  if (errors_ == nullptr) return;
  for (std::string& arg : args) arg = shortened(std::move(arg));
  errors_->push_back(fault_at(std::move(id), std::move(args), file_, at));
  errors_->back().exit = exit;
}

void TomlReader::finish() {
  for (const TomlValue::Entry& entry : table_->entries)
    if (!known_.contains(entry.key)) fault("S1003.key", {path(entry.key)}, entry.at);
}

}  // namespace sluis
