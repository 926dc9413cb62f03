// Prints the rates of the PRG, the AND kernel and the permutation at every level of this machine.
#include "crypto/prg.h"

#include <cstdio>
#include <ctime>
#include <vector>

#include "crypto/kernel_and.h"
#include "crypto/kernels.h"
#include "crypto/permutation.h"

namespace sluis::crypto {
namespace {

// CPU time of this thread: other work on the machine counts less than in wall time.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Seconds per call, best of several stretches.
template <class Work>
double seconds_per_call(const Work& work) {
  double best = 1e9;
  for (int stretch = 0; stretch < 7; ++stretch) {
    const double start = cpu_seconds();
    int calls = 0;
    double elapsed = 0;
    do {
      work();
      ++calls;
      elapsed = cpu_seconds() - start;
    } while (elapsed < 0.05);
    best = elapsed / calls < best ? elapsed / calls : best;
  }
  return best;
}

void bench_level(const Kernels& k, const PrgKey& a, const PrgKey& b, size_t bytes) {
  const size_t words = bytes / 8;
  std::vector<uint64_t> x0(words, 1), x1(words, 2), y0(words, 3), y1(words, 4), z(words);
  uint8_t* out = reinterpret_cast<uint8_t*>(z.data());
  const KernelPair pair = {a.round_keys.data(), b.round_keys.data(), 0, 0};
  const double fill = seconds_per_call([&] { k.fill({a.round_keys.data(), 0, 0}, out, bytes); });
  const double flip = seconds_per_call([&] { k.xor_into({a.round_keys.data(), 0, 0}, out, bytes); });
  const double zero = seconds_per_call([&] { k.pair_fill(pair, out, bytes); });
  const double gates = seconds_per_call(
      [&] { k.and_gates(pair, {x0.data(), x1.data(), y0.data(), y1.data(), z.data(), words}); });
  const double n = static_cast<double>(bytes);
  std::printf("%-7s %8zu B: fill %6.2f GB/s  xor %6.2f GB/s  zero share %6.2f GB/s  AND %6.2f G/s\n", k.name,
              bytes, n / fill / 1e9, n / flip / 1e9, n / zero / 1e9, 8 * n / gates / 1e9);
}

void bench_permutation(const PrgKey& key, size_t n) {
  const double s = seconds_per_call([&] { (void)random_permutation(key, 1, n); });
  std::printf("permutation n = %8zu: %6.2f ns per element\n", n, s / static_cast<double>(n) * 1e9);
}

}  // namespace
}  // namespace sluis::crypto

int main() {
  using namespace sluis::crypto;
  const std::array<uint8_t, 16> one = {1}, two = {2};
  const PrgKey a(one), b(two);
  for (size_t bytes : {64u, 512u, 4096u, 65536u, 1u << 24})
    for (int isa = 0; isa < 4; ++isa)
      if (const Kernels* k = kernels_at(static_cast<Isa>(isa)); k != nullptr) bench_level(*k, a, b, bytes);
  for (size_t n : {1u << 10, 1u << 16, 1u << 20, 1u << 22, 1u << 24}) bench_permutation(a, n);
}
