#include "rehearsal/launch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>

#include "base/bytes.h"
#include "crypto/random.h"
#include "net/tcp.h"
#include "rehearsal/files.h"
#include "wire/table_upload.h"

namespace sluis::rehearsal {
namespace {

namespace fs = std::filesystem;

Error launch_error(const char* id, Exit exit) {
  Error error;
  error.id = id;
  error.exit = exit;
  return error;
}

// Removed with everything in it when it goes out of scope.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string form = (fs::temp_directory_path() / "sluis-rehearsal-XXXXXX").string();
    if (::mkdtemp(form.data()) != nullptr) path_ = form;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// While it lives, Ctrl-C and its like end the rehearsal instead of the process, so that shares and keys are
// removed.
class Interruption {
 public:
  Interruption() {
    happened_ = 0;
    struct sigaction action{};
    action.sa_handler = [](int) { happened_ = 1; };  // no SA_RESTART: waiting ends
    for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
  }
  ~Interruption() {
    for (size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  Interruption(const Interruption&) = delete;
  static bool happened() { return happened_ != 0; }

 private:
  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};
  static inline volatile sig_atomic_t happened_ = 0;
  std::array<struct sigaction, 3> before_{};
};

pid_t start_party(const std::string& program, const std::string& directory, int party, int listener) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::fcntl(listener, F_SETFD, 0);  // the child keeps it across exec
  const std::string number = std::to_string(party);
  const std::string socket = std::to_string(listener);
  const char* argv[] = {program.c_str(), "--party", number.c_str(),    "--listener",
                        socket.c_str(),  "--job",   directory.c_str(), nullptr};
  ::execv(program.c_str(), const_cast<char* const*>(argv));
  ::_exit(127);
}

// Waits for all; when one fails, or the user stops it, the others are ended. Exit code of the first that
// failed, 0 if none.
int wait_for(std::array<pid_t, 3> children) {
  int first_failure = 0;
  const auto end_all = [&] {
    for (const pid_t child : children)
      if (child > 0) ::kill(child, SIGKILL);
  };
  for (size_t left = children.size(); left > 0;) {
    if (Interruption::happened()) end_all();
    int status = 0;
    const pid_t done = ::waitpid(-1, &status, 0);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return static_cast<int>(Exit::kInternal);
    --left;
    for (pid_t& child : children)
      if (child == done) child = -1;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(Exit::kInternal);
    if (code == 0 || first_failure != 0) continue;
    first_failure = code;
    end_all();
  }
  return first_failure;
}

// The columns of a table that are shared.
relation::Table cut(const relation::Table& table, const std::set<int>& columns, const SharedPart& part) {
  relation::Table out{part.schema, {}, table.rows};
  for (const int column : columns) out.columns.push_back(table.columns.at(static_cast<size_t>(column)));
  return out;
}

Status prepare(const std::string& directory, Job& job, const sql::Plan& plan,
               const std::vector<relation::Table>& tables, std::array<net::Fd, 3>& listeners) {
  for (size_t p = 0; p < 3; ++p) {
    const int party = static_cast<int>(p);
    std::error_code fault;
    fs::create_directory(party_directory(directory, party), fault);
    const net::Identity identity = net::generate_identity("rehearsal-" + std::to_string(p), 2);
    SLUIS_TRY(net::save_identity(identity, party_directory(directory, party) + "/tls.key",
                                 certificate_path(directory, party)));
    job.fingerprints[p] = crypto::to_hex(identity.fingerprint);
    SLUIS_ASSIGN(listeners[p], net::listen_tcp("127.0.0.1", 0));
    job.ports[p] = net::local_port(listeners[p]);
  }
  const auto scanned = scanned_columns(plan);
  for (const relation::Table& table : tables) {
    const auto used = scanned.find(table.schema.name);
    if (used == scanned.end()) continue;
    const SharedPart part = shared_part(job, used->first, used->second);
    SLUIS_TRY(save_shares(directory, cut(table, used->second, part), part));
  }
  const std::string text = to_text(job);
  SLUIS_TRY(parse_job(text));  // what the three would refuse is refused here, with its reason
  return write_file(directory + "/job.json", text);
}

}  // namespace

Job job_of(const std::string& sql, const std::vector<relation::Table>& tables, mpc::Network network) {
  Job job;
  job.network = network;
  job.sql = sql;
  job.run = to_hex(crypto::random_array<16>());
  for (const relation::Table& table : tables) {
    job.tables.push_back(table.schema);
    job.rows.push_back(wire::padded_rows(table.rows));
  }
  return job;
}

Result<Outcome> rehearse(const std::string& program, const std::string& sql,
                         const std::vector<relation::Table>& tables, mpc::Network network) {
  Job job = job_of(sql, tables, network);
  SLUIS_ASSIGN(const sql::Plan plan, bind_job(job));
  const Interruption interruption;
  const TemporaryDirectory directory;
  if (directory.path().empty()) return launch_error("S1305.spawn", Exit::kInternal);
  std::array<net::Fd, 3> listeners;
  SLUIS_TRY(prepare(directory.path(), job, plan, tables, listeners));
  if (Interruption::happened()) return launch_error("S1306.cancelled", Exit::kCancelled);
  const auto start = std::chrono::steady_clock::now();
  std::array<pid_t, 3> children{};
  for (int p = 0; p < 3; ++p)
    children[static_cast<size_t>(p)] =
        start_party(program, directory.path(), p, listeners[static_cast<size_t>(p)].get());
  const int code = wait_for(children);
  if (Interruption::happened()) return launch_error("S1306.cancelled", Exit::kCancelled);
  if (code != 0) return launch_error("S1305.rehearsal_ended", static_cast<Exit>(code));
  Outcome outcome;
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (int p = 0; p < 3; ++p) {
    SLUIS_ASSIGN(const std::string text,
                 read_file(directory.path() + "/result" + std::to_string(p) + ".json", 256 << 20));
    SLUIS_ASSIGN(Opened opened, parse_opened(text));
    if (p == 0) {
      outcome.measured = std::move(opened);
    } else if (opened.cells.rows != outcome.measured.cells.rows ||
               opened.cells.measures != outcome.measured.cells.measures) {
      return launch_error("S1302.rehearsal", Exit::kProtocolAbort);
    }
  }
  SLUIS_ASSIGN(outcome.table, sql::present(plan.outputs.front(), outcome.measured.cells));
  return outcome;
}

}  // namespace sluis::rehearsal
