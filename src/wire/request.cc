#include "wire/request.h"

namespace sluis::wire {
namespace {

Error malformed(const char* id) {
  Error error;
  error.id = id;
  error.exit = Exit::kPeerUnreachable;
  return error;
}

Error remote_error(JsonReader& answer) {
  Error error;
  error.id = answer.text("id", 64);
  error.args = answer.texts("args", 16);
  error.exit = static_cast<Exit>(answer.integer("exit", 1, 255));
  return error;
}

}  // namespace

std::string request(std::string_view op, const std::function<void(JsonWriter&)>& fields) {
  JsonWriter json;
  json.begin_object().member("op", op).member("v", kRequestVersion);
  if (fields) fields(json);
  json.end_object();
  return json.take();
}

Result<Request> parse_request(std::string_view text) {
  SLUIS_ASSIGN(JsonValue value, parse_json(text, {.max_bytes = 64 * 1024}));
  const JsonValue* op = value.find("op");
  const JsonValue* version = value.find("v");
  if (op == nullptr || !op->is(JsonValue::Kind::kString) || op->text.size() > 32)
    return malformed("S1050.request");
  if (version == nullptr || !version->is(JsonValue::Kind::kInteger) || version->integer != kRequestVersion) {
    Error error = malformed("S1050.version");
    error.exit = Exit::kVersionMismatch;
    return error;
  }
  return Request{op->text, std::move(value)};
}

std::string ok_answer(const std::function<void(JsonWriter&)>& data) {
  JsonWriter json;
  json.begin_object().member("status", "ok").key("data");
  if (data)
    data(json);
  else
    json.begin_object().end_object();
  json.end_object();
  return json.take();
}

std::string error_answer(const Error& error) {
  JsonWriter json;
  json.begin_object().member("status", "error").member("id", error.id).key("args").begin_array();
  for (const std::string& arg : error.args) json.string(arg.empty() ? "-" : arg);
  json.end_array().member("exit", static_cast<int>(error.exit)).end_object();
  return json.take();
}

Result<JsonValue> parse_answer(std::string_view text) {
  SLUIS_ASSIGN(JsonValue value, parse_json(text, {.max_bytes = 64 * 1024}));
  const JsonValue* status = value.find("status");
  if (status == nullptr || !status->is(JsonValue::Kind::kString)) return malformed("S1050.answer");
  if (status->text == "ok") {
    const JsonValue* data = value.find("data");
    if (data == nullptr || !data->is(JsonValue::Kind::kObject)) return malformed("S1050.answer");
    return *data;
  }
  Errors faults;
  JsonReader answer(value, "", "", faults);
  const Error error = remote_error(answer);
  return faults.empty() ? error : malformed("S1050.answer");
}

}  // namespace sluis::wire
