#include "governance/audit_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/json.h"
#include "base/utf8.h"
#include "governance/json_fields.h"

namespace sluis::governance {
namespace {

constexpr size_t kMaxLineBytes = 16 * 1024;
constexpr size_t kMaxValueBytes = 200;
constexpr UnixTime kMaxStepBack = 86400;

Error log_error(const char* id, std::vector<std::string> args, const std::string& path = {}) {
  Error error;
  error.id = id;
  error.args = std::move(args);
  error.file = path;
  return error;
}

bool is_event(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text[0] != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

// Masks every run of exactly eight or nine digits: a BSN has that form, an OIN or a hash has not.
std::string without_identifiers(std::string_view text) {
  std::string out(text.substr(0, utf8_prefix(text.substr(0, kMaxValueBytes))));
  for (size_t i = 0; i < out.size();) {
    size_t end = i;
    while (end < out.size() && out[end] >= '0' && out[end] <= '9') ++end;
    if (end - i == 8 || end - i == 9)
      std::fill(out.begin() + static_cast<long>(i), out.begin() + static_cast<long>(end), '#');
    i = std::max(end, i + 1);
  }
  return out;
}

std::string line_of(const AuditEvent& event, const AuditHead& head) {
  JsonWriter out;
  out.begin_object();
  out.member("n", static_cast<int64_t>(head.lines + 1));
  out.member("time", utc_text(event.time)).member("event", event.event).member("actor", event.actor);
  out.member("subject", event.subject);
  out.key("detail").begin_object();
  for (const auto& [key, value] : event.detail) out.member(key, without_identifiers(value));
  out.end_object();
  out.member("previous", sha256_ref(head.last));
  out.end_object();
  return out.take();
}

// Checks line after line.
class Chain {
 public:
  explicit Chain(const std::optional<AuditHead>& anchor) : anchor_(anchor) {
    anchored_ = !anchor || (anchor->lines == 0 && anchor->last == crypto::Digest{});
  }

  bool take(std::string_view line) {
    const Result<JsonValue> root = parse_small_json(line, "", kMaxLineBytes);
    if (!root.ok()) return false;
    Errors errors;
    JsonReader reader(*root, "", "", errors);
    const int64_t number = reader.integer("n", 1, INT64_MAX);
    const UnixTime time = read_time(reader, "time");
    const bool named = is_event(reader.text("event", 63));
    reader.text("actor", 100);
    reader.optional_text("subject", 200);
    reader.get("detail", JsonValue::Kind::kObject);
    const crypto::Digest previous = read_digest(reader, "previous");
    reader.finish();
    const bool holds = errors.empty() && named && static_cast<uint64_t>(number) == head_.lines + 1 &&
                       previous == head_.last && time + kMaxStepBack >= latest_;
    if (!holds) return false;
    latest_ = std::max(latest_, time);
    head_ = {head_.lines + 1, crypto::sha256(line)};
    if (anchor_ && anchor_->lines == head_.lines) anchored_ = anchor_->last == head_.last;
    return true;
  }
  const AuditHead& head() const { return head_; }
  bool anchored() const { return anchored_; }

 private:
  const std::optional<AuditHead>& anchor_;
  AuditHead head_;
  UnixTime latest_ = 0;
  bool anchored_ = false;
};

// Reads the file from its start. `tail` receives the number of bytes after the last LF.
Result<AuditHead> walk(int fd, const std::string& path, const std::function<void(std::string_view)>& each,
                       const std::optional<AuditHead>& anchor, size_t& tail) {
  Chain chain(anchor);
  std::string rest;
  char buffer[65536];
  off_t at = 0;
  while (true) {
    const ssize_t n = ::pread(fd, buffer, sizeof buffer, at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return log_error("S1002.read", {std::strerror(errno)}, path);
    if (n == 0) break;
    at += n;
    rest.append(buffer, static_cast<size_t>(n));
    size_t start = 0;
    for (size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', start)) {
      const std::string_view line = std::string_view(rest).substr(start, end - start);
      if (!chain.take(line)) return log_error("S1603.line", {std::to_string(chain.head().lines + 1)}, path);
      if (each) each(line);
      start = end + 1;
    }
    rest.erase(0, start);
    if (rest.size() > kMaxLineBytes)
      return log_error("S1603.line", {std::to_string(chain.head().lines + 1)}, path);
  }
  if (!chain.anchored()) return log_error("S1603.anchor", {std::to_string(anchor->lines)}, path);
  tail = rest.size();
  return chain.head();
}

}  // namespace

Result<AuditHead> read_audit_log(const std::string& path, const std::function<void(std::string_view)>& line,
                                 const std::optional<AuditHead>& anchor) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return log_error("S1002.open", {std::strerror(errno)}, path);
  size_t tail = 0;
  Result<AuditHead> head = walk(fd, path, line, anchor, tail);
  ::close(fd);
  if (head.ok() && tail > 0) return log_error("S1603.line", {std::to_string(head->lines + 1)}, path);
  return head;
}

Result<AuditHead> verify_audit_log(const std::string& path, const std::optional<AuditHead>& anchor) {
  return read_audit_log(path, nullptr, anchor);
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return log_error("S1002.open", {std::strerror(errno)}, path);
  std::unique_ptr<AuditLog> log(new AuditLog(fd, {}));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return log_error("S1603.busy", {}, path);
  size_t tail = 0;
  SLUIS_ASSIGN(log->head_, walk(fd, path, nullptr, std::nullopt, tail));
  struct stat status{};
  const bool cut = tail == 0 || (::fstat(fd, &status) == 0 &&
                                 ::ftruncate(fd, status.st_size - static_cast<off_t>(tail)) == 0);
  if (!cut) return log_error("S1603.write", {std::strerror(errno)}, path);
  return log;
}

AuditLog::~AuditLog() { ::close(fd_); }

Status AuditLog::append(const AuditEvent& event) {
  CHECK(is_event(event.event) && !event.actor.empty() && event.actor.size() <= 100 &&
        event.subject.size() <= 200);
  for (const auto& [key, value] : event.detail) CHECK(is_identifier(key));
  const std::lock_guard lock(mutex_);
  std::string line = line_of(event, head_);
  CHECK(line.size() <= kMaxLineBytes);
  const AuditHead next{head_.lines + 1, crypto::sha256(line)};
  line += '\n';
  struct stat before{};
  if (::fstat(fd_, &before) != 0) return log_error("S1603.write", {std::strerror(errno)});
  ssize_t n = 0;
  do n = ::write(fd_, line.data(), line.size());
  while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(line.size()) && ::fdatasync(fd_) == 0) {
    head_ = next;
    return {};
  }
  // Half a line must not stay in front of the next one.
  const int reason = errno;
  if (::ftruncate(fd_, before.st_size) != 0) return log_error("S1603.write", {std::strerror(errno)});
  return log_error("S1603.write", {std::strerror(reason)});
}

AuditHead AuditLog::head() {
  const std::lock_guard lock(mutex_);
  return head_;
}

}  // namespace sluis::governance
