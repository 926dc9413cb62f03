#include "node/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>

#include "base/bytes.h"
#include "net/deadline.h"

namespace sluis::node {
namespace {

constexpr int kConnectionFd = 3;  // in the job's process: Unix socket that brings the peers' connections
constexpr int kReportFd = 4;      // pipe for its report lines
constexpr size_t kMaxLine = 4096;

int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Error spawn_error(const char* id) {
  Error error;
  error.id = id;
  error.exit = Exit::kInternal;
  return error;
}

// Only async-signal-safe calls between fork and exec.
[[noreturn]] void become_job(const JobLaunch& launch, int connection, int report, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  // Move both out of the way first, so that neither overwrites the other.
  const int a = ::fcntl(connection, F_DUPFD, 10);
  const int b = ::fcntl(report, F_DUPFD, 10);
  if (::dup2(a, kConnectionFd) < 0 || ::dup2(b, kReportFd) < 0) ::_exit(127);
  ::close(a);
  ::close(b);
  const char* argv[] = {
      "sluis", "node", "job", "--config", launch.config_file.c_str(), "--run", launch.run.c_str(), nullptr};
  ::execv(launch.program.c_str(), const_cast<char* const*>(argv));
  ::_exit(127);
}

}  // namespace

struct Supervisor::Job {
  JobLaunch launch;
  RunRow row;
  int max_seconds = 0;
  net::Fd connection, connection_child;  // Unix socket pair
  net::Fd report, report_child;          // pipe
  std::atomic<pid_t> pid{-1};
  std::atomic<int> cancelled{-1};  // RunState
  std::mutex sending;
};

Supervisor::Supervisor(Catalogue& catalogue, std::function<void(const RunRow&)> ended)
    : catalogue_(catalogue), ended_(std::move(ended)) {}

Supervisor::~Supervisor() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [run, job] : jobs_) {
      job->cancelled = static_cast<int>(RunState::kFailed);
      if (job->pid > 0) ::kill(job->pid, SIGKILL);
    }
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

Status Supervisor::start(const JobLaunch& launch, const RunRow& row, int max_seconds) {
  auto job = std::make_shared<Job>();
  job->launch = launch;
  job->row = row;
  job->max_seconds = max_seconds;
  int pair[2];
  int pipe[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return spawn_error("S1305.spawn");
  job->connection = net::Fd(pair[0]);
  job->connection_child = net::Fd(pair[1]);
  if (::pipe2(pipe, O_CLOEXEC) != 0) return spawn_error("S1305.spawn");
  job->report = net::Fd(pipe[0]);
  job->report_child = net::Fd(pipe[1]);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return spawn_error("S1305.spawn");
    if (!jobs_.empty()) return spawn_error("S1305.busy");
    jobs_[launch.run] = job;
    threads_.emplace_back([this, job] { watch(job); });
  }
  return {};
}

bool Supervisor::busy() {
  const std::lock_guard lock(mutex_);
  return !jobs_.empty();
}

void Supervisor::deliver(const net::Preamble& preamble, net::Fd fd) {
  std::shared_ptr<Job> job;
  {
    const std::lock_guard lock(mutex_);
    const auto at = jobs_.find(to_hex(preamble.run));
    if (at == jobs_.end()) return;  // closes it: the peer dials again until its deadline
    job = at->second;
  }
  const std::lock_guard lock(job->sending);
  (void)net::send_fd(job->connection.get(), preamble, fd, net::deadline_in(5'000));
}

bool Supervisor::cancel(const std::string& run, RunState how) {
  const std::lock_guard lock(mutex_);
  const auto at = jobs_.find(run);
  if (at == jobs_.end()) return false;
  at->second->cancelled = static_cast<int>(how);
  if (at->second->pid > 0) ::kill(at->second->pid, SIGTERM);
  return true;
}

namespace {

// One report line into the row. Lines that are not understood are ignored: the job is ours, but its peer may
// have crashed it.
void read_line(RunRow& row, std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return;
  const std::string_view word = line.substr(0, space);
  const std::string_view rest = line.substr(space + 1);
  if (word == "state") {
    if (const auto state = run_state_of(rest)) row.state = *state;
  } else if (word == "step") {
    row.step = rest;
  } else if (word == "error") {
    row.error_id = rest.substr(0, 64);
  } else if (word == "bytes") {
    const size_t second = rest.find(' ');
    if (second == std::string_view::npos) return;
    std::from_chars(rest.data(), rest.data() + second, row.bytes_done);
    std::from_chars(rest.data() + second + 1, rest.data() + rest.size(), row.bytes_planned);
  }
}

}  // namespace

void Supervisor::watch(std::shared_ptr<Job> job) {
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_job(job->launch, job->connection_child.get(), job->report_child.get(), self);
  job->pid = pid;
  job->connection_child.reset();
  job->report_child.reset();
  RunRow row = job->row;
  const net::Deadline limit = net::deadline_in(static_cast<uint64_t>(job->max_seconds) * 1000);
  bool over_limit = false;
  std::string text;
  char buffer[4096];
  for (;;) {
    pollfd wait{job->report.get(), POLLIN, 0};
    ::poll(&wait, 1, 500);
    if (job->cancelled >= 0 || (over_limit = net::Clock::now() > limit)) {
      if (pid > 0) ::kill(pid, SIGKILL);
      break;
    }
    if (wait.revents == 0) continue;
    const ssize_t n = ::read(job->report.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    text.append(buffer, static_cast<size_t>(n));
    bool changed = false;
    for (size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1), changed = true)
      read_line(row, std::string_view(text).substr(0, end));
    if (text.size() > kMaxLine) text.clear();
    // An ending is written once, below, with its time.
    RunRow live = row;
    if (is_ending(live.state)) live.state = RunState::kOpening;
    if (changed) (void)catalogue_.update_run(live);
  }
  int status = -1;
  if (pid > 0) ::waitpid(pid, &status, 0);
  const bool clean = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (job->cancelled >= 0) {
    row.state = static_cast<RunState>(job->cancelled.load());
    row.error_id = "S1306.cancelled";
  } else if (over_limit) {
    row.state = RunState::kOverLimit;
    row.error_id = "S1306.limit";
  } else if (!clean || row.state != RunState::kReleased) {
    if (!is_ending(row.state) || row.state == RunState::kReleased) row.state = RunState::kFailed;
    if (row.error_id.empty()) row.error_id = "S1305.crash";
  }
  row.ended = unix_now();
  ended_(row);
  {
    const std::lock_guard lock(mutex_);
    jobs_.erase(job->launch.run);
  }
  // Last: whoever sees the ending may start the next run at once.
  (void)catalogue_.update_run(row);
}

}  // namespace sluis::node
