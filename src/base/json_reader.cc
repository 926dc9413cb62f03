#include "base/json.h"

#include "base/utf8.h"

namespace sluis {
namespace {

using Kind = JsonValue::Kind;

const JsonValue& empty_object() {
  static const JsonValue kEmpty = [] {
    JsonValue value;
    value.kind = Kind::kObject;
    return value;
  }();
  return kEmpty;
}

// Keys of the text catalogue, shared with the TOML reader ("kind.string").
std::string kind_key(Kind kind) { return json_kind_name(kind); }

}  // namespace

JsonReader::JsonReader(const JsonValue& object, std::string path, std::string file, Errors& errors)
    : object_(&object), path_(std::move(path)), file_(std::move(file)), errors_(&errors) {
  if (object.is(Kind::kObject)) return;
  fault("S1005.type", {path_, kind_key(Kind::kObject), kind_key(object.kind)}, object);
  object_ = &empty_object();
}

std::string JsonReader::path(std::string_view key) const {
  return path_.empty() ? safe_name(key) : path_ + '.' + safe_name(key);
}

void JsonReader::fault(std::string id, std::vector<std::string> args, const JsonValue& at) {
  Error error;
  error.id = std::move(id);
  error.args = std::move(args);
  error.file = file_;
  error.line = at.line, error.column = at.column;
  errors_->push_back(std::move(error));
}

const JsonValue* JsonReader::find(std::string_view key) {
  known_.emplace(key);
  return object_->find(key);
}

const JsonValue* JsonReader::get(std::string_view key, Kind kind, bool required) {
  const JsonValue* value = find(key);
  if (value == nullptr) {
    if (required) fault("S1004.missing", {path(key)}, *object_);
    return nullptr;
  }
  if (value->is(kind)) return value;
  fault("S1005.type", {path(key), kind_key(kind), kind_key(value->kind)}, *value);
  return nullptr;
}

std::string JsonReader::text(std::string_view key, size_t max_bytes) {
  const JsonValue* value = get(key, Kind::kString);
  if (value == nullptr) return {};
  if (value->text.empty()) fault("S1004.empty", {path(key)}, *value);
  if (value->text.size() <= max_bytes) return value->text;
  fault("S1005.long", {path(key), std::to_string(max_bytes)}, *value);
  return {};
}

std::string JsonReader::optional_text(std::string_view key, size_t max_bytes) {
  const JsonValue* value = get(key, Kind::kString, false);
  if (value == nullptr) return {};
  if (value->text.size() <= max_bytes) return value->text;
  fault("S1005.long", {path(key), std::to_string(max_bytes)}, *value);
  return {};
}

std::string JsonReader::choice(std::string_view key, std::initializer_list<std::string_view> choices) {
  const JsonValue* value = get(key, Kind::kString);
  if (value == nullptr) return {};
  std::string list;
  for (std::string_view one : choices) {
    if (value->text == one) return value->text;
    list += list.empty() ? "" : ", ";
    list += one;
  }
  fault("S1006.choice", {path(key), list}, *value);
  return {};
}

int64_t JsonReader::integer(std::string_view key, int64_t lo, int64_t hi) {
  const JsonValue* value = get(key, Kind::kInteger);
  if (value == nullptr) return lo;
  if (value->integer >= lo && value->integer <= hi) return value->integer;
  fault("S1005.range", {path(key), std::to_string(lo), std::to_string(hi)}, *value);
  return lo;
}

bool JsonReader::boolean(std::string_view key) {
  const JsonValue* value = get(key, Kind::kBoolean);
  return value != nullptr && value->boolean;
}

std::vector<std::string> JsonReader::texts(std::string_view key, size_t max_items) {
  std::vector<std::string> out;
  const JsonValue* array = get(key, Kind::kArray);
  if (array == nullptr) return out;
  if (array->items.size() > max_items)
    return fault("S1005.count", {path(key), "0", std::to_string(max_items)}, *array), out;
  for (const JsonValue& item : array->items) {
    if (!item.is(Kind::kString))
      fault("S1005.type", {path(key), kind_key(Kind::kString), kind_key(item.kind)}, item);
    else if (item.text.empty())
      fault("S1004.empty", {path(key)}, item);
    else
      out.push_back(item.text);
  }
  return out;
}

std::vector<const JsonValue*> JsonReader::objects(std::string_view key, size_t max_items) {
  std::vector<const JsonValue*> out;
  const JsonValue* array = get(key, Kind::kArray);
  if (array == nullptr) return out;
  if (array->items.size() > max_items)
    return fault("S1005.count", {path(key), "0", std::to_string(max_items)}, *array), out;
  for (const JsonValue& item : array->items) {
    if (item.is(Kind::kObject))
      out.push_back(&item);
    else
      fault("S1005.type", {path(key), kind_key(Kind::kObject), kind_key(item.kind)}, item);
  }
  return out;
}

JsonReader JsonReader::object(std::string_view key, bool required) {
  const JsonValue* value = get(key, Kind::kObject, required);
  return {value == nullptr ? empty_object() : *value, path(key), file_, *errors_};
}

JsonReader JsonReader::item(const JsonValue& object, std::string path) const {
  return {object, std::move(path), file_, *errors_};
}

std::vector<std::string> JsonReader::unread() const {
  std::vector<std::string> out;
  for (const std::string& key : object_->keys)
    if (!known_.contains(key)) out.push_back(key);
  return out;
}

void JsonReader::finish() {
  for (const std::string& key : unread()) fault("S1003.key", {path(key)}, *object_->find(key));
}

}  // namespace sluis
