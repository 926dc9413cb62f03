// JSON-lines log: one object per line, for machines and for people with grep.
//
//   log.info("job.started", {{"job", job_hex}, {"rows", rows}});
//   {"time":"2026-03-01T10:00:00.123Z","level":"info","event":"job.started","job":"ab12...","rows":4096}
//
// A field never holds a secret, a share, a BSN, a name or another identifier of a person. As a second net,
// runs of 8 or 9 digits that stand alone in a text become "#########": they could be a BSN.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/secret.h"

namespace sluis {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

class LogValue {
 public:
  template <typename T>
    requires std::is_integral_v<T>
  LogValue(T v) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_same_v<T, bool>)
      value_ = v;
    else if constexpr (std::is_signed_v<T>)
      value_ = int64_t{v};
    else
      value_ = uint64_t{v};
  }
  LogValue(double v) : value_(v) {}                                  // NOLINT(google-explicit-constructor)
  LogValue(std::string_view v) : value_(v) {}                        // NOLINT(google-explicit-constructor)
  LogValue(const char* v) : LogValue(std::string_view(v)) {}         // NOLINT(google-explicit-constructor)
  LogValue(const std::string& v) : LogValue(std::string_view(v)) {}  // NOLINT(google-explicit-constructor)
  LogValue(const SecretBytes&) = delete;
  LogValue(ByteSpan) = delete;

  // Appends the JSON form.
  void append_to(std::string& line) const;

 private:
  std::variant<bool, int64_t, uint64_t, double, std::string_view> value_;
};

struct LogField {
  std::string_view name;
  LogValue value;
};

// Each line is one write(2), so lines of several threads and processes do not mix. A line that cannot be
// written is dropped: logging never stops the work.
class Log {
 public:
  // The descriptor stays the caller's. Lines below `least` are skipped.
  explicit Log(int fd = 2, LogLevel least = LogLevel::kInfo) : fd_(fd), least_(least) {}

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kDebug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kInfo, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kWarning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::kError, event, fields);
  }

 private:
  const int fd_;
  const LogLevel least_;
  std::mutex mutex_;
};

// The line without its end, as write() makes it, with the given time. For tests.
std::string log_line(std::string_view time, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields);

}  // namespace sluis
