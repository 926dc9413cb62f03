#include "bench/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/measure.h"

namespace sluis::bench {
namespace {

// A gate of the engine: 0 where it says nothing. All hold for three parties on one machine with two cores.
struct Gate {
  const char* operation;
  uint64_t rows, key_bits;
  double wall_s = 0, cpu_s = 0, bytes_per_row = 0, gates_g_s = 0;
};
constexpr uint64_t kMega = uint64_t{1} << 20;
constexpr Gate kGates[] = {
    {"and", kMega, 64, 0, 0, 0, 5}, {"sort", kMega, 30, 1.5, 2.2, 170}, {"sort", kMega, 64, 2.5, 0, 300},
    {"sort", 4 * kMega, 32, 7},     {"join", kMega, 30, 4, 0, 200},     {"indexed-join", kMega, 30, 1, 0, 40},
    {"group-by", kMega, 30, 2},     {"histogram", kMega, 6, 0.15},      {"less", kMega, 64, 0, 0.05, 11},
    {"q6", 8 * kMega, 24, 0.7},
};

const Gate* gate_of(const Measured& m) {
  for (const Gate& gate : kGates)
    if (m.workload.operation == gate.operation && m.outcome.rows == gate.rows &&
        m.outcome.key_bits == gate.key_bits && m.workload.network == Network::kLoopback)
      return &gate;
  return nullptr;
}

// AND gates per second of one party's core.
double gates_g_s(const Outcome& o) { return 3 * static_cast<double>(o.rows * o.key_bits) / o.cpu_s / 1e9; }

std::string size_text(uint64_t rows) {
  for (int power = 10; power <= 26; ++power)
    if (rows == uint64_t{1} << power) return fmt::format("2^{}", power);
  return std::to_string(rows);
}

std::string gate_text(const Gate& gate) {
  std::vector<std::string> parts;
  if (gate.gates_g_s > 0) parts.push_back(fmt::format("{} G AND/party-core-s", gate.gates_g_s));
  if (gate.wall_s > 0) parts.push_back(fmt::format("{} s", gate.wall_s));
  if (gate.cpu_s > 0) parts.push_back(fmt::format("{} CPU-s", gate.cpu_s));
  if (gate.bytes_per_row > 0) parts.push_back(fmt::format("{} B/row", gate.bytes_per_row));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string verdict(const Gate& gate, const Outcome& o) {
  std::vector<std::string> parts;
  const auto judge = [&](const char* what, double most, double measured) {
    if (most <= 0) return;
    parts.push_back(fmt::format("{} {}", what, measured <= most ? "met" : "**missed**"));
  };
  judge("wall", gate.wall_s, o.wall_s);
  judge("CPU", gate.cpu_s, o.cpu_s);
  judge("bytes", gate.bytes_per_row, o.bytes_per_row());
  if (gate.gates_g_s > 0)
    parts.push_back(
        fmt::format("{:.1f} G/s: {}", gates_g_s(o), gates_g_s(o) >= gate.gates_g_s ? "met" : "**missed**"));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string operator_row(const Measured& m, const Limits& limits) {
  const Outcome& o = m.outcome;
  const Gate* gate = gate_of(m);
  const double floor = limits.floor_cpu_s(static_cast<double>(o.cost.total()));
  return fmt::format("|{}|{}, {}|{}|{}|{:.1f}|{:.1f}|{:.3f}|{:.3f}|{:.0f}|{:.1f}|{:.1f} x|{}|\n",
                     m.workload.operation, size_text(o.rows), o.key_bits,
                     gate != nullptr ? gate_text(*gate) : "–", o.cost.rounds, o.bytes_per_row(),
                     o.busiest_bytes_per_row(), o.cpu_s, o.wall_s,
                     static_cast<double>(o.peak_rss_bytes) / 1e6, o.load, o.cpu_s / floor,
                     gate != nullptr ? verdict(*gate, o) : "–");
}

std::string operators_table(const Series& series) {
  std::string table =
      "|operator|rows, key bits|gate|rounds|B/row/party|busiest link B/row|CPU-s, three parties|wall s|peak "
      "RSS MB, whole process|load|CPU : limit|verdict|\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Measured& m : series.runs)
    if (m.workload.network == Network::kLoopback) table += operator_row(m, series.limits);
  return table;
}

std::string networks_table(const Series& series) {
  std::string table =
      "|operator|rows, key bits|run|rounds|busiest link B/row|wall s|modelled LAN s|modelled NL s|modelled "
      "WAN s|load|\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Measured& m : series.runs) {
    const Outcome& o = m.outcome;
    const bool emulated = m.workload.network != Network::kLoopback;
    table +=
        fmt::format("|{}|{}, {}|{}, {}{}|{}|{:.1f}|{:.2f}|", m.workload.operation, size_text(o.rows),
                    o.key_bits, transport_name(m.workload.transport), emulated ? "emulated " : "",
                    profile(m.workload.network).name, o.cost.rounds, o.busiest_bytes_per_row(), o.wall_s);
    for (const Network network : kModelledNetworks)
      table += fmt::format("{:.2f}|", modelled_s(network, o.cost, o.cpu_s));
    table += fmt::format("{:.1f}|\n", o.load);
  }
  return table;
}

std::string limits_table(const Limits& l) {
  std::string table = "|resource, per core|measured|\n|---|---|\n";
  const auto row = [&](const char* what, const std::string& rate) {
    table += fmt::format("|{}|{}|\n", what, rate);
  };
  row("AES-128-CTR, in L2 / to memory",
      fmt::format("{:.1f} / {:.1f} GB/s", l.aes_ctr_gb_s, l.aes_ctr_dram_gb_s));
  row("AND kernel, both mask streams, in L2", fmt::format("{:.1f} G/s", l.and_g_s));
  row("loopback TCP, send + receive",
      fmt::format("{:.2f} CPU-ns/B; {:.2f} GB/s", l.tcp_ns_per_byte, l.tcp_gb_s));
  row("TLS mesh, send + receive", fmt::format("{:.2f} CPU-ns/B; {:.2f} GB/s", l.tls_ns_per_byte, l.tls_gb_s));
  row("AND with its byte over TLS", fmt::format("{:.1f} G per party-core-second", l.and_with_tls_g_s()));
  row("permute 2^20 rows of 8 bytes", fmt::format("{:.1f} ns/row", l.permute_ns_per_row));
  row("random permutation of 2^20", fmt::format("{:.1f} ns/row", l.shuffle_ns_per_row));
  row("memory copy, 64 MiB", fmt::format("{:.1f} GB/s", l.copy_gb_s));
  return table + fmt::format("\nLoad while measuring the limits: {:.1f}.\n", l.load);
}

}  // namespace

std::vector<Workload> series_workloads(bool full) {
  const uint64_t rows = full ? kMega : kMega / 4;
  std::vector<Workload> all;
  const auto add = [&](const char* operation, uint64_t n, uint64_t key_bits) {
    all.push_back({operation, n, key_bits, Transport::kTls, Network::kLoopback});
  };
  for (const char* operation : {"and", "less", "histogram", "sort"})
    add(operation, rows, default_key_bits(operation));
  add("sort", rows, 64);
  if (full) add("sort", 4 * rows, 32);
  for (const char* operation : {"order", "join", "indexed-join", "group-by"})
    add(operation, rows, default_key_bits(operation));
  add("q6", full ? 8 * kMega : kMega, default_key_bits("q6"));
  for (const Network network : {Network::kNl, Network::kWan})
    for (const char* operation : {"sort", "join"})
      all.push_back({operation, rows, default_key_bits(operation), Transport::kMemory, network});
  return all;
}

std::string run_name(const Workload& w) {
  const uint64_t key_bits = w.key_bits == 0 ? default_key_bits(w.operation) : w.key_bits;
  return fmt::format("{}-{}-{}-{}-{}", w.operation, w.rows, key_bits, transport_name(w.transport),
                     profile(w.network).name);
}

std::string series_tables(const Series& series) {
  return fmt::format("Machine: {}. Each run: best wall time of {}.\n\n{}\n{}\n{}", machine_name(),
                     series.runs.empty() ? 1 : series.runs.front().outcome.best_of, operators_table(series),
                     networks_table(series), limits_table(series.limits));
}

Result<std::string> with_tables(const std::string& document, const std::string& tables) {
  const std::string open = "<!-- results -->\n", close = "<!-- /results -->\n";
  const size_t from = document.find(open);
  const size_t to = from == std::string::npos ? from : document.find(close, from);
  if (to == std::string::npos) return Error{"S1051.markers", {open.substr(0, 16)}, "", 0, 0, Exit::kUsage};
  return document.substr(0, from + open.size()) + tables + document.substr(to);
}

}  // namespace sluis::bench
