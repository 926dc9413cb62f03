// sluis bench: the oblivious operators and this machine's limits.
#include <bit>
#include <filesystem>

#include "apps/commands.h"
#include "base/bytes.h"
#include "bench/document.h"
#include "crypto/prg.h"

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;
using bench::Workload;

Error choice_error(const std::string& option, const std::string& value, const std::string& choices) {
  return usage_error("S1051.bench", {option, value, choices});
}

// Bounds that depend on the operator: run_here's preconditions.
std::optional<Error> fault_of(const Workload& w, int64_t key_bits) {
  int64_t least = 1, most = 64;
  const bool joins = w.operation == "join" || w.operation == "indexed-join";
  if (joins) least = std::max<int64_t>(1, std::bit_width(w.rows - 1));  // all keys distinct
  if (joins || w.operation == "group-by") most = 62;                    // of a column
  if (w.operation == "histogram") least = most = 6;                     // 64 cells
  if (w.operation == "q6") most = 30;  // of a price: the sum over 2^26 rows stays below 2^64
  if (key_bits < least || key_bits > most)
    return usage_error("S1051.number", {"--key-bits", std::to_string(least), std::to_string(most)});
  return std::nullopt;
}

Result<Workload> workload_of(const Args& args) {
  Workload w;
  w.operation = args.get("op");
  const Result<int64_t> rows = args.number("rows", int64_t{1} << 20, 1, int64_t{1} << 26);
  if (!rows) return rows.error();
  const Result<int64_t> key_bits = args.number("key-bits", 0, 1, 64);
  if (!key_bits) return key_bits.error();
  w.rows = static_cast<uint64_t>(*rows);
  w.key_bits = static_cast<uint64_t>(*key_bits);
  if (w.key_bits == 0) w.key_bits = bench::default_key_bits(w.operation);
  if (std::optional<Error> fault = fault_of(w, static_cast<int64_t>(w.key_bits))) return *fault;
  const auto transport = bench::transport_of(args.get("transport"));
  if (!transport) return choice_error("--transport", args.get("transport"), "memory, tls");
  const auto network = mpc::network_of(args.get("net"));
  if (!network) return choice_error("--net", args.get("net"), "loopback, lan, nl, wan");
  w.transport = *transport;
  w.network = *network;
  return w;
}

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

void print_outcome(const Context& context, const Workload& w, const bench::Outcome& o) {
  if (context.form == OutputForm::kJson)
    return print_envelope([&](JsonWriter& json) { bench::write_outcome(json, w, o); });
  context.print(
      context.tr("bench.run", {w.operation, std::to_string(o.rows), std::to_string(o.key_bits),
                               bench::transport_name(w.transport), bench::profile(w.network).name}));
  context.print(context.tr("bench.traffic", {std::to_string(o.cost.rounds), fixed(o.bytes_per_row(), 1),
                                             fixed(o.busiest_bytes_per_row(), 1)}));
  context.print(context.tr("bench.time", {fixed(o.cpu_s, 3), fixed(o.wall_s, 3), fixed(o.load, 1),
                                          std::to_string(o.peak_rss_bytes / 1'000'000)}));
  std::vector<std::string> modelled;
  for (const bench::Network network : bench::kModelledNetworks)
    modelled.push_back(fixed(bench::modelled_s(network, o.cost, o.cpu_s), 2));
  context.print(context.tr("bench.modelled", modelled));
  context.print(context.tr("bench.checked"));
}

Result<int64_t> runs_of(const Args& args) { return args.number("best-of", 1, 1, 100); }

Exit run_one(Context& context, const Args& args) {
  const Result<Workload> workload = workload_of(args);
  if (!workload) return fail(context, workload.error());
  const Result<int64_t> runs = runs_of(args);
  if (!runs) return fail(context, runs.error());
  const Result<bench::Outcome> outcome = bench::run_best(*workload, static_cast<uint64_t>(*runs));
  if (!outcome) return fail(context, outcome.error());
  print_outcome(context, *workload, *outcome);
  return Exit::kOk;
}

void print_limits(const Context& context, const bench::Limits& limits) {
  const auto write = [&](JsonWriter& json) { bench::write_limits(json, limits); };
  if (context.form == OutputForm::kJson) return print_envelope(write);
  JsonWriter json(2);
  write(json);
  context.print(json.take());
}

// One file per run and one of the limits.
Status save_results(const std::string& directory, const bench::Series& series) {
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (fault) return Error{"S1002.write", {fault.message()}, directory, 0, 0, Exit::kCheckFailed};
  const auto save = [&](const std::string& name, JsonWriter json) {
    return write_file(directory + "/" + name + ".json", json.take() + "\n", 0644);
  };
  JsonWriter limits(2);
  bench::write_limits(limits, series.limits);
  if (const Status saved = save("limits", std::move(limits)); !saved) return saved;
  for (const bench::Measured& m : series.runs) {
    JsonWriter json(2);
    bench::write_outcome(json, m.workload, m.outcome);
    if (const Status saved = save(bench::run_name(m.workload), std::move(json)); !saved) return saved;
  }
  return {};
}

Status update_document(const std::string& path, const std::string& tables) {
  const Result<std::string> document = read_file(path, 1 << 20);
  if (!document) return document.error();
  const Result<std::string> updated = bench::with_tables(*document, tables);
  if (!updated) return updated.error();
  return write_file(path, *updated, 0644);
}

void print_series(const Context& context, const bench::Series& series) {
  if (context.form != OutputForm::kJson) return context.print(bench::series_tables(series));
  print_envelope([&](JsonWriter& json) {
    json.begin_object().key("limits");
    bench::write_limits(json, series.limits);
    json.key("runs").begin_array();
    for (const bench::Measured& m : series.runs) bench::write_outcome(json, m.workload, m.outcome);
    json.end_array().end_object();
  });
}

Exit run_all(Context& context, const Args& args) {
  const Result<int64_t> runs = runs_of(args);
  if (!runs) return fail(context, runs.error());
  bench::Series series;
  context.note(context.tr("bench.busy", {"limits"}));
  series.limits = bench::measure_limits();
  for (const Workload& workload : bench::series_workloads(args.has("full"))) {
    context.note(context.tr("bench.busy", {bench::run_name(workload)}));
    const Result<bench::Outcome> outcome = bench::run_best(workload, static_cast<uint64_t>(*runs));
    if (!outcome) return fail(context, outcome.error());
    series.runs.push_back({workload, *outcome});
  }
  print_series(context, series);
  if (args.has("report")) {
    const Status saved = save_results(args.get("report"), series);
    if (!saved) return fail(context, saved.error());
  }
  if (args.has("write")) {
    const Status updated = update_document(args.get("write"), bench::series_tables(series));
    if (!updated) return fail(context, updated.error());
  }
  return Exit::kOk;
}

// Lowers the instruction-set level of all kernels. They choose theirs at first use, which is later.
std::optional<Error> choose_isa(const Args& args) {
  if (!args.has("isa")) return std::nullopt;
  const std::string isa = args.get("isa");
  if (isa != "base" && isa != "avx2" && isa != "vaes" && isa != "avx512")
    return choice_error("--isa", isa, "base, avx2, vaes, avx512");
  ::setenv("SLUIS_ISA", isa.c_str(), 1);
  // A processor without that level would measure a lower one under its name.
  if (crypto::kernel_level() != isa) return choice_error("--isa", isa, crypto::kernel_level());
  return std::nullopt;
}

Exit run_bench(Context& context, const Args& args) {
  const std::string op = args.get("op");
  if (const std::optional<Error> fault = choose_isa(args)) return fail(context, *fault);
  if (op == "all") return run_all(context, args);
  if (op == "limits") {
    print_limits(context, bench::measure_limits());
    return Exit::kOk;
  }
  if (bench::is_operation(op)) return run_one(context, args);
  std::string names;
  for (const std::string& name : bench::operations()) names += name + ", ";
  return fail(context, choice_error("OP", op, names + "limits, all"));
}

}  // namespace

void add_bench_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"bench",
                      "",
                      {{"op", Kind::kPositional, false, "all"},
                       {"rows", Kind::kValue, false, ""},
                       {"key-bits", Kind::kValue, false, ""},
                       {"transport", Kind::kValue, false, "tls"},
                       {"net", Kind::kValue, false, "loopback"},
                       {"best-of", Kind::kValue, false, ""},
                       {"isa", Kind::kValue, false, ""},
                       {"full", Kind::kFlag, false, ""},
                       {"report", Kind::kValue, false, ""},
                       {"write", Kind::kValue, false, ""}},
                      run_bench});
}

}  // namespace sluis::apps
