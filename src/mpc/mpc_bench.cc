// Speed of the protocols over the in-process mesh (no TLS, no sockets): rounds and bytes are exact on every
// machine; CPU-s is the sum of the three parties' threads, waiting included where a thread spins.
//   mpc_bench [log2 rows]      default 20
#include <ctime>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "mpc/add.h"
#include "mpc/compare.h"
#include "mpc/convert.h"
#include "mpc/open.h"
#include "mpc/shuffle.h"
#include "sharing/bits_ops.h"
#include "testing/three_parties.h"

namespace {

using namespace sluis;           // NOLINT(google-build-using-namespace): one file, few names
using namespace sluis::mpc;      // NOLINT(google-build-using-namespace)
using namespace sluis::testing;  // NOLINT(google-build-using-namespace)

double seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

struct Timed {
  double cpu = 0;
  double wall = 0;
};

void report(const char* name, size_t n, const Cost& cost, const Timed& time) {
  const double rows = static_cast<double>(n);
  std::printf("%-34s n=%-8zu rounds=%-4lu B/row=%-8.3f busiest=%-8.3f CPU-s=%-8.4f wall=%-8.4f\n", name, n,
              static_cast<unsigned long>(cost.rounds), static_cast<double>(cost.mean()) / rows,
              static_cast<double>(cost.busiest_link()) / rows, time.cpu, time.wall);
}

// Best of three runs of `job` after one to warm up; `job` does not keep its result.
Timed run(const char* name, size_t n, const std::function<void(Session&)>& job) {
  constexpr int kRuns = 4;
  std::array<std::array<Timed, kRuns>, 3> times;
  std::array<Cost, 3> costs;
  run_parties({}, [&](Session& session) {
    const auto i = static_cast<size_t>(session.party());
    for (int r = 0; r < kRuns; ++r) {
      const double cpu = seconds(CLOCK_THREAD_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
      const Cost before = session.measured();
      job(session);
      times[i][static_cast<size_t>(r)] = {seconds(CLOCK_THREAD_CPUTIME_ID) - cpu,
                                          seconds(CLOCK_MONOTONIC) - wall};
      costs[i] = session.measured();
      costs[i].rounds -= before.rounds;
      for (size_t p = 0; p < 3; ++p) {
        costs[i].to_next[p] -= before.to_next[p];
        costs[i].to_prev[p] -= before.to_prev[p];
      }
    }
  });
  Timed best{1e9, 1e9};
  for (size_t r = 1; r < kRuns; ++r) {
    Timed sum;
    for (size_t i = 0; i < 3; ++i) {
      sum.cpu += times[i][r].cpu;
      sum.wall = std::max(sum.wall, times[i][r].wall);
    }
    best.cpu = std::min(best.cpu, sum.cpu);
    best.wall = std::min(best.wall, sum.wall);
  }
  if (name != nullptr) report(name, n, merge_costs(costs), best);
  return best;
}

void bench_local(size_t n) {
  const auto time = [](const char* name, double words, const std::function<void()>& job) {
    double best = 1e9;
    for (int r = 0; r < 5; ++r) {
      const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
      job();
      best = std::min(best, seconds(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    std::printf("%-34s %.3f ns/word\n", name, 1e9 * best / words);
  };
  for (size_t planes : {size_t{64}, size_t{50}, size_t{128}}) {
    const sharing::Bits x = random_bits(n, planes, 1);
    const sharing::Rows rows = sharing::to_rows(x);
    const auto words = static_cast<double>(n * rows.words_per_row());
    std::printf("%zu planes: ", planes);
    time("planes -> rows", words, [&] { (void)sharing::to_rows(x); });
    std::printf("%zu planes: ", planes);
    time("rows -> planes", words, [&] { (void)sharing::to_planes(rows); });
  }
  const sharing::Bits x = random_bits(n, 64, 1);
  const auto words = static_cast<double>(x.words().size());
  time("prefix xor", words, [&] { (void)sharing::prefix_xor(x); });
  time("even rows", words, [&] { (void)sharing::even_rows(x); });
  const sharing::Bits even = sharing::even_rows(x), odd = sharing::odd_rows(x);
  time("interleave", words, [&] { (void)sharing::interleave(even, odd); });
  time("shift down", words, [&] { (void)sharing::shift_down(x); });
}

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

void bench_and(size_t n) {
  const auto x = share(random_bits(n, 64, 1), 2), y = share(random_bits(n, 64, 3), 4),
             c = share(random_bits(n, 1, 5), 6);
  const double gates = 64.0 * static_cast<double>(n);
  const Timed and_time =
      run("and, 64 planes", n, [&](Session& s) { (void)and_(s, x[index(s)], y[index(s)]); });
  std::printf("  %.2f G AND per party-core-second\n", 3 * gates / and_time.cpu / 1e9);
  run("and, 64 planes by one", n, [&](Session& s) { (void)and_(s, x[index(s)], c[index(s)]); });
  run("open, 64 planes", n, [&](Session& s) { (void)open_masked(s, x[index(s)]); });
  run("equal, 64 planes", n, [&](Session& s) { (void)equal(s, x[index(s)], y[index(s)]); });
  run("less, ripple", n, [&](Session& s) { (void)less(s, x[index(s)], y[index(s)], CompareDepth::kRipple); });
  run("less, grouped", n,
      [&](Session& s) { (void)less(s, x[index(s)], y[index(s)], CompareDepth::kGrouped); });
  run("less, shallow", n,
      [&](Session& s) { (void)less(s, x[index(s)], y[index(s)], CompareDepth::kShallow); });
  run("add, 64 planes", n, [&](Session& s) { (void)add(s, x[index(s)], y[index(s)]); });
  run("popcount of 64 planes", n, [&](Session& s) { (void)popcount_planes(s, x[index(s)]); });
}

void bench_shuffle(size_t n) {
  for (size_t planes : {size_t{1}, size_t{50}, size_t{64}, size_t{160}}) {
    const auto x = share(random_bits(n, planes, 1), 2);
    std::printf("%zu planes: ", planes);
    run("shuffle", n, [&](Session& s) { (void)apply(s, make_shuffle(s, n), x[index(s)]); });
  }
  run(nullptr, n, [&](Session& s) { (void)make_shuffle(s, n); });
}

void bench_convert(size_t n) {
  const auto bit = share(random_bits(n, 1, 1), 2), value = share(random_bits(n, 20, 3), 4);
  const auto ring = share_ring(std::vector<uint64_t>(n, 7), 5);
  run("bit to Z_2^64", n, [&](Session& s) { (void)bit_to_ring<uint64_t>(s, bit[index(s)]); });
  run("20 bits to Z_2^64", n, [&](Session& s) { (void)bits_to_ring<uint64_t>(s, value[index(s)]); });
  run("Z_2^64 to 64 bits", n, [&](Session& s) { (void)ring_to_bits(s, ring[index(s)]); });
  run("sign of Z_2^64", n, [&](Session& s) { (void)ring_negative(s, ring[index(s)]); });
  run("bit x Z_2^64", n, [&](Session& s) { (void)inject(s, bit[index(s)], ring[index(s)]); });
}

}  // namespace

int main(int argc, char** argv) {
  const size_t n = size_t{1} << (argc > 1 ? std::atoi(argv[1]) : 20);
  bench_local(n);
  bench_and(n);
  bench_shuffle(n);
  bench_convert(n);
}
