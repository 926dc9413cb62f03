// Benchmark of the oblivious operators: three parties as threads of this process over the memory mesh.
//
//   oblivious_bench OP LOG2_ROWS [KEY_BITS] [ripple|grouped|shallow]      OP: sort join join_ordered group_by
//                                                                         histogram compact
// Prints one line: n, rounds, bytes a row and party, CPU seconds of all parties, wall seconds, peak resident
// memory of the process (all three parties). Bytes and rounds are the same on every machine.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

#include "oblivious/compact.h"
#include "oblivious/group_by.h"
#include "oblivious/histogram.h"
#include "oblivious/join.h"
#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace sluis::oblivious {
namespace {

struct Bench {
  std::string operation;
  size_t rows = 0;
  size_t key_bits = 30;
  mpc::Network network = mpc::Network::kLoopback;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

using Shares = std::array<SharedBits, 3>;

SharedColumn column(const Shares& shares, int party, size_t planes) {
  return {relation::Type::integer(0, (int64_t{1} << std::min<size_t>(planes, 62)) - 1),
          shares[static_cast<size_t>(party)], std::nullopt};
}

// Input of one party: key, a 16-bit value, all valid.
SharedTable table_of(const Bench& bench, const Shares& keys, const Shares& values, int party) {
  SharedTable table{sharing::share_constant(party, bench.rows, 1, 1), {}};
  table.columns.push_back(column(keys, party, bench.key_bits));
  table.columns.push_back(column(values, party, 16));
  return table;
}

// 1, 2, ..., n: a key side in key order.
Bits rising(size_t rows, size_t planes) {
  Bits x(rows, planes);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t p = 0; p < planes && p < 32; ++p) x.set(i, p, ((i >> p) & 1) != 0);
  }
  return x;
}

void run_operation(mpc::Session& session, const Bench& bench, const Shares& keys, const Shares& values) {
  const int party = session.party();
  const SharedTable table = table_of(bench, keys, values, party);
  const SortUse use{{bench.network}, nullptr};
  if (bench.operation == "sort") {
    sort_opening(session, table.columns[0].value, mpc::make_shuffle(session, bench.rows), sort_options(use));
  } else if (bench.operation == "join" || bench.operation == "join_ordered") {
    join(session, table, table, {JoinKind::kInner, {0}, {0}, {1}, bench.operation == "join_ordered"}, use);
  } else if (bench.operation == "group_by") {
    const auto sum = relation::Type::integer(0, static_cast<int64_t>(bench.rows) << 16);
    group_by(session, table, {0}, {{Aggregate::kSum, 1, sum}}, use);
  } else if (bench.operation == "histogram") {
    std::vector<int64_t> codes;
    for (int64_t c = 0; c < 8; ++c) codes.push_back(c);
    SharedColumn a = table.columns[1], b = a;
    a.value = sharing::slice_planes(a.value, 0, 3);
    b.value = sharing::slice_planes(b.value, 3, 3);
    count_cells(session, one_hot_cells(session, table.valid, {{&a, codes}, {&b, codes}}));
  } else if (bench.operation == "compact") {
    compact(session, table, bench.rows / 2);
  }
}

void run(const Bench& bench) {
  const bool ordered = bench.operation == "join_ordered";
  const Shares keys = testing::share(
      ordered ? rising(bench.rows, bench.key_bits) : testing::random_bits(bench.rows, bench.key_bits, 1), 2);
  const Shares values = testing::share(testing::random_bits(bench.rows, 16, 3), 4);
  std::array<mpc::Cost, 3> costs;
  testing::RunOptions options;
  options.mesh.max_queue_bytes = uint64_t{8} << 30;
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  testing::run_parties(options, [&](mpc::Session& session) {
    run_operation(session, bench, keys, values);
    costs[static_cast<size_t>(session.party())] = session.measured();
  });
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const mpc::Cost cost = testing::merge_costs(costs);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  // A join has both sides' rows in its union.
  const double rows = static_cast<double>(bench.rows) * (bench.operation.starts_with("join") ? 2 : 1);
  std::printf(
      "%-12s n=%zu key=%zu rounds=%llu B/row/party=%.1f busiest=%.1f cpu=%.2fs wall=%.2fs rss=%.0fMB\n",
      bench.operation.c_str(), bench.rows, bench.key_bits, static_cast<unsigned long long>(cost.rounds),
      static_cast<double>(cost.mean()) / rows, static_cast<double>(cost.busiest_link()) / rows,
      cpu_seconds() - cpu, wall.count(), static_cast<double>(usage.ru_maxrss) / 1024);
}

}  // namespace
}  // namespace sluis::oblivious

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(
        stderr,
        "usage: %s sort|join|join_ordered|group_by|histogram|compact LOG2_ROWS [KEY_BITS] [NETWORK]\n",
        argv[0]);
    return 2;
  }
  sluis::oblivious::Bench bench;
  bench.operation = argv[1];
  bench.rows = size_t{1} << std::strtoul(argv[2], nullptr, 10);
  if (argc > 3) bench.key_bits = std::strtoul(argv[3], nullptr, 10);
  if (argc > 4) bench.network = sluis::mpc::network_of(argv[4]).value_or(bench.network);
  sluis::oblivious::run(bench);
  return 0;
}
