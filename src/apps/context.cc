#include "apps/context.h"

namespace sluis::apps {

std::string printable(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F: some terminals take U+009B for ESC [.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || c1;
    out += control ? '?' : text[i];
    i += c1 ? 1 : 0;
  }
  return out;
}

void print_envelope(const std::function<void(JsonWriter&)>& data, const std::vector<std::string>& hints) {
  JsonWriter json;
  json.begin_object().member("schema", "sluis/1").member("status", "ok").member("code", 0).key("data");
  data(json);
  json.key("hints").begin_array();
  for (const std::string& hint : hints) json.string(hint);
  json.end_array().end_object();
  std::fputs((json.take() + "\n").c_str(), stdout);
}

static void write_error(JsonWriter& json, const Context& context, const Error& error) {
  const text::ErrorText parts = text::describe(context.language, error);
  json.begin_object().member("id", parts.code).member("cause", error.id);
  if (!error.file.empty()) json.member("file", error.file);
  if (error.line > 0) json.member("line", error.line);
  if (error.column > 0) json.member("column", error.column);
  json.member("what", parts.what.empty() ? error.summary() : parts.what).member("why", parts.why);
  json.member("who", parts.who).member("command", parts.command).end_object();
}

Exit fail(const Context& context, const Errors& errors) {
  CHECK(!errors.empty());
  const Exit code = errors.front().exit;
  if (context.form != OutputForm::kJson) {
    for (const Error& error : errors)
      std::fputs((printable(text::render(context.language, error)) + "\n").c_str(), stderr);
    return code;
  }
  JsonWriter json;
  json.begin_object()
      .member("schema", "sluis/1")
      .member("status", "error")
      .member("code", static_cast<int>(code));
  json.key("error");
  write_error(json, context, errors.front());
  json.key("errors").begin_array();
  for (const Error& error : errors) write_error(json, context, error);
  json.end_array().key("hints").begin_array().end_array().end_object();
  std::fputs((json.take() + "\n").c_str(), stdout);
  return code;
}

Exit fail(const Context& context, const Error& error) { return fail(context, Errors{error}); }

Error usage_error(std::string id, std::vector<std::string> args) {
  Error error;
  error.id = std::move(id);
  error.args = std::move(args);
  error.exit = Exit::kUsage;
  return error;
}

}  // namespace sluis::apps
