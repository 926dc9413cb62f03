#include "bench/workload.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>

#include "bench/jobs.h"
#include "bench/measure.h"
#include "crypto/prg.h"

namespace sluis::bench {
namespace {

struct Operation {
  std::string name;
  uint64_t key_bits;
  Job (*make)(const Workload&);
};

const std::vector<Operation>& table() {
  static const std::vector<Operation> kTable = {
      {"and", 64, make_and_job},
      {"less", 64, make_less_job},
      {"sort", 30, make_sort_job},
      {"order", 30, make_order_job},
      {"join", 30, make_join_job},
      {"indexed-join", 30, make_indexed_join_job},
      {"group-by", 30, make_group_by_job},
      {"histogram", 6, make_histogram_job},
      {"q6", 24, make_q6_job},
  };
  return kTable;
}

const Operation* find(std::string_view name) {
  for (const Operation& operation : table())
    if (operation.name == name) return &operation;
  return nullptr;
}

// What the child process tells: an outcome, or an error's id and arguments cut to fixed lengths.
struct Report {
  bool done = false;
  bool ok = false;
  Outcome outcome;
  Exit exit = Exit::kInternal;
  std::array<char, 64> id{};
  std::array<char, 256> argument{};
};
static_assert(std::is_trivially_copyable_v<Outcome>);

template <size_t N>
void copy_text(std::array<char, N>& to, const std::string& from) {
  std::memcpy(to.data(), from.data(), std::min(from.size(), N - 1));
}

void fill_report(Report& report, const Workload& workload) {
  const Result<Outcome> outcome = run_here(workload);
  report.ok = outcome.ok();
  if (outcome) {
    report.outcome = *outcome;
  } else {
    copy_text(report.id, outcome.error().id);
    if (!outcome.error().args.empty()) copy_text(report.argument, outcome.error().args.front());
    report.exit = outcome.error().exit;
  }
  report.done = true;
}

Error crash() { return {"S1305.crash", {}, "", 0, 0, Exit::kInternal}; }

Result<Outcome> outcome_of(const Report& report) {
  if (!report.done) return crash();
  if (report.ok) return report.outcome;
  Error error{report.id.data(), {}, "", 0, 0, report.exit};
  if (report.argument[0] != 0) error.args.emplace_back(report.argument.data());
  return error;
}

// To so many decimals, as the nearest double: JSON then shows no more.
double rounded(double value, double scale) { return std::round(value * scale) / scale; }

}  // namespace

Shares share_first(const Workload& workload, const Values& values, uint64_t bits) {
  if (!workload.wrong_input) return share_values(values, bits);
  Values others = values;
  for (uint64_t& value : others) value ^= ~uint64_t{0} >> (64 - bits);
  return share_values(others, bits);
}

const std::vector<std::string>& operations() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Operation& operation : table()) names.push_back(operation.name);
    return names;
  }();
  return kNames;
}

bool is_operation(std::string_view name) { return find(name) != nullptr; }

uint64_t default_key_bits(std::string_view name) {
  const Operation* operation = find(name);
  CHECK(operation != nullptr);
  return operation->key_bits;
}

Result<Outcome> run_here(const Workload& workload) {
  const Operation* operation = find(workload.operation);
  CHECK(operation != nullptr && workload.rows >= 1);
  Workload w = workload;
  if (w.key_bits == 0) w.key_bits = operation->key_bits;
  const double load = load_average();
  const Job job = operation->make(w);
  const uint64_t input = peak_rss_bytes();
  const PartiesOptions options{w.transport, w.network, job.warm_up, job.repetitions};
  const Result<PartiesRun> run = run_parties(options, job.run, job.after);
  if (!run) return run.error();
  const uint64_t peak = peak_rss_bytes();  // before the comparison takes memory
  const Result<bool> right = job.right();
  if (!right) return right.error();
  if (!*right) return Error{"S1302.bench", {w.operation}, "", 0, 0, Exit::kCheckFailed};
  return Outcome{w.rows, job.unit_rows, w.key_bits, run->cost, run->cpu_s, run->wall_s, peak, input, load};
}

Result<Outcome> run_apart(const Workload& workload) {
  void* memory = ::mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return crash();
  auto* report = new (memory) Report;
  const pid_t child = ::fork();
  if (child == 0) {
    fill_report(*report, workload);
    ::_exit(0);
  }
  int status = 0;
  if (child > 0) ::waitpid(child, &status, 0);
  Result<Outcome> outcome = outcome_of(*report);
  ::munmap(memory, sizeof(Report));
  return outcome;
}

Result<Outcome> run_best(const Workload& workload, uint64_t runs) {
  Result<Outcome> best = run_apart(workload);
  for (uint64_t i = 1; i < runs && best; ++i) {
    Result<Outcome> outcome = run_apart(workload);
    if (!outcome || outcome->wall_s < best->wall_s) best = std::move(outcome);
  }
  if (best) best->best_of = runs;
  return best;
}

void write_outcome(JsonWriter& json, const Workload& w, const Outcome& o) {
  json.begin_object().member("op", w.operation).member("rows", static_cast<size_t>(o.rows));
  json.member("key_bits", static_cast<size_t>(o.key_bits)).member("transport", transport_name(w.transport));
  json.member("net", profile(w.network).name).member("rounds", static_cast<size_t>(o.cost.rounds));
  json.key("bytes_per_row_per_party").decimal(rounded(o.bytes_per_row(), 1e3));
  json.key("busiest_link_bytes_per_row").decimal(rounded(o.busiest_bytes_per_row(), 1e3));
  json.member("total_bytes", static_cast<size_t>(o.cost.total()));
  json.key("cpu_s_all_parties").decimal(rounded(o.cpu_s, 1e5));
  json.key("wall_s").decimal(rounded(o.wall_s, 1e5));
  json.member("peak_rss_bytes", static_cast<size_t>(o.peak_rss_bytes));
  json.member("peak_rss_bytes_per_party", static_cast<size_t>(o.peak_rss_bytes_per_party()));
  json.member("input_rss_bytes", static_cast<size_t>(o.input_rss_bytes)).member("threads", 3);
  json.member("isa", crypto::kernel_level());
  json.key("load").decimal(rounded(o.load, 1e2));
  json.key("modelled_s").begin_object();
  for (const Network network : kModelledNetworks)
    json.key(profile(network).name).decimal(rounded(modelled_s(network, o.cost, o.cpu_s), 1e4));
  json.end_object()
      .member("best_of", static_cast<size_t>(o.best_of))
      .member("result_checked", true)
      .member("machine", machine_name())
      .end_object();
}

}  // namespace sluis::bench
