#include "base/log.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace sluis {
namespace {

constexpr size_t kMaxText = 4096;  // bytes of one text field; the rest is cut off

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The number of characters of a lone run of 8 or 9 digits that starts at `at`, else 0.
size_t identifier_length(std::string_view text, size_t at) {
  if (!is_digit(text[at]) || (at > 0 && is_word(text[at - 1]))) return 0;
  size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  const size_t n = end - at;
  if (end < text.size() && is_word(text[end])) return 0;
  return n == 8 || n == 9 ? n : 0;
}

void append_escaped(std::string& line, char c) {
  const unsigned char byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    line += '\\';
    line += c;
  } else if (c == '\n') {
    line += "\\n";
  } else if (byte < 0x20 || byte >= 0x7F) {
    // Bytes beyond ASCII are escaped one by one: the line is valid JSON whatever the input was.
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
    line += escaped;
  } else {
    line += c;
  }
}

void append_text(std::string& line, std::string_view text) {
  line += '"';
  text = text.substr(0, kMaxText);
  for (size_t i = 0; i < text.size(); ++i) {
    if (const size_t n = identifier_length(text, i); n != 0) {
      line.append(n, '#');
      i += n - 1;
    } else {
      append_escaped(line, text[i]);
    }
  }
  line += '"';
}

std::string now_text() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  char text[40];
  const size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + n, sizeof text - n, ".%03ldZ", now.tv_nsec / 1'000'000);
  return text;
}

}  // namespace

void LogValue::append_to(std::string& line) const {
  if (const bool* b = std::get_if<bool>(&value_)) {
    line += *b ? "true" : "false";
  } else if (const int64_t* i = std::get_if<int64_t>(&value_)) {
    line += std::to_string(*i);
  } else if (const uint64_t* u = std::get_if<uint64_t>(&value_)) {
    line += std::to_string(*u);
  } else if (const double* d = std::get_if<double>(&value_)) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", *d);
    line += std::isfinite(*d) ? text : "null";
  } else {
    append_text(line, std::get<std::string_view>(value_));
  }
}

std::string log_line(std::string_view time, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":\"";
  line.append(time).append("\",\"level\":\"").append(level_name(level)).append("\",\"event\":");
  append_text(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_text(line, field.name);
    line += ':';
    field.value.append_to(line);
  }
  line += '}';
  return line;
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < least_) return;
  const std::string line = log_line(now_text(), level, event, fields) + '\n';
  const std::lock_guard lock(mutex_);
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t n = ::write(fd_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    left.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace sluis
