#include "bench/limits.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <thread>
#include <vector>

#include "bench/measure.h"
#include "crypto/kernel_and.h"
#include "crypto/permutation.h"
#include "net/loopback.h"

namespace sluis::bench {
namespace {

constexpr size_t kCacheBytes = 32 << 10;
constexpr size_t kLargeBytes = 64 << 20;
constexpr size_t kPermutedRows = size_t{1} << 20;

crypto::PrgKey key_of(uint8_t byte) {
  const std::array<uint8_t, 16> bytes = {byte};
  return crypto::PrgKey(bytes);
}

double aes_gb_s(size_t bytes, double stretch) {
  const crypto::PrgKey key = key_of(1);
  std::vector<uint64_t> out(bytes / 8, 1);
  uint64_t operation = 0;
  const double s = best_seconds_per_call(
      [&] { crypto::prg_fill(key, crypto::PrgDomain::kMask, ++operation, 0, std::span(out)); }, stretch);
  return static_cast<double>(bytes) / s / 1e9;
}

double and_g_s(double stretch) {
  const crypto::PrgKey own = key_of(1), next = key_of(2);
  const size_t words = kCacheBytes / 8;
  std::vector<uint64_t> x0(words, 1), x1(words, 2), y0(words, 3), y1(words, 4), z(words);
  uint64_t operation = 0;
  const double s = best_seconds_per_call(
      [&] { crypto::and_kernel({x0, x1, y0, y1, z, &own, &next, ++operation, 0}); }, stretch);
  return 64 * static_cast<double>(words) / s / 1e9;
}

void measure_memory(Limits& limits, double stretch) {
  std::vector<uint64_t> from(kLargeBytes / 8, 1), to(kLargeBytes / 8, 2);
  const double copy = best_seconds_per_call(
      [&] {
        std::memcpy(to.data(), from.data(), kLargeBytes);
        ++from[to.back() & 1];  // so that no copy is left out
      },
      stretch);
  limits.copy_gb_s = static_cast<double>(kLargeBytes) / copy / 1e9;
  const crypto::PrgKey key = key_of(3);
  std::vector<uint32_t> permutation;
  uint64_t operation = 0;
  const double shuffle = best_seconds_per_call(
      [&] { permutation = crypto::random_permutation(key, ++operation, kPermutedRows); }, stretch);
  const double permute = best_seconds_per_call(
      [&] {
        for (size_t i = 0; i < kPermutedRows; ++i) to[i] = from[permutation[i]];
        ++from[to[0] & 1];
      },
      stretch);
  limits.shuffle_ns_per_row = shuffle / static_cast<double>(kPermutedRows) * 1e9;
  limits.permute_ns_per_row = permute / static_cast<double>(kPermutedRows) * 1e9;
}

struct Stream {
  double cpu_ns_per_byte = 0, gb_s = 0;
};

// Both ends of a stream of so many bytes, each on its own thread.
template <typename Send, typename Receive>
Stream measure_stream(double bytes, const Send& send, const Receive& receive) {
  const double cpu = process_cpu_seconds(), wall = wall_seconds();
  std::thread other(receive);
  send();
  other.join();
  return {(process_cpu_seconds() - cpu) / bytes * 1e9, bytes / (wall_seconds() - wall) / 1e9};
}

// The best of three: noise only ever adds.
template <typename Once>
Stream best_stream(const Once& once) {
  Stream best = once();
  for (int i = 0; i < 2; ++i) {
    const Stream stream = once();
    best = {std::min(best.cpu_ns_per_byte, stream.cpu_ns_per_byte), std::max(best.gb_s, stream.gb_s)};
  }
  return best;
}

Stream tcp_stream(size_t messages) {
  constexpr size_t kMessage = 256 << 10;
  std::array<net::Fd, 2> sockets = net::make_socket_pair();
  for (net::Fd& socket : sockets) ::fcntl(socket.get(), F_SETFL, 0);
  const auto pump = [&](bool sends) {
    std::vector<uint8_t> buffer(kMessage, 7);
    for (size_t left = messages * kMessage; left > 0;) {
      const size_t step = std::min(left, kMessage);
      const ssize_t n = sends ? ::send(sockets[0].get(), buffer.data(), step, 0)
                              : ::recv(sockets[1].get(), buffer.data(), step, 0);
      CHECK(n > 0);
      left -= static_cast<size_t>(n);
    }
  };
  return measure_stream(static_cast<double>(messages * kMessage), [&] { pump(true); }, [&] { pump(false); });
}

// P0 to P1 over the mesh that nodes use; P1 answers every 16 messages, so that the queue stays short.
Stream tls_stream(size_t messages) {
  constexpr size_t kMessage = 256 << 10;
  constexpr uint32_t kWindow = 16;
  net::LoopbackWorld world = net::make_loopback_world({.base_timeout_ms = 300'000});
  const auto party = [&](size_t index) {
    net::Mesh& mesh = *world.meshes[index];
    const auto with = index == 0 ? net::Neighbour::kNext : net::Neighbour::kPrev;
    Bytes buffer(kMessage, 7);
    for (uint32_t op = 0; op < messages; ++op) {
      if (index == 0) mesh.send(with, op, ByteSpan(buffer));
      if (index == 1) mesh.recv(with, op, buffer);
      if (op % kWindow != kWindow - 1) continue;
      if (index == 0) mesh.recv(with, op, {});
      if (index == 1) mesh.send(with, op, Bytes());
    }
  };
  return measure_stream(static_cast<double>(messages * kMessage), [&] { party(0); }, [&] { party(1); });
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

}  // namespace

Limits measure_limits(double effort) {
  Limits limits;
  limits.load = load_average();
  const double stretch = 0.05 * effort;
  limits.aes_ctr_gb_s = aes_gb_s(kCacheBytes, stretch);
  limits.aes_ctr_dram_gb_s = aes_gb_s(kLargeBytes, stretch);
  limits.and_g_s = and_g_s(stretch);
  measure_memory(limits, stretch);
  const auto messages = static_cast<size_t>(std::max(16.0, 2048 * effort));
  const Stream tcp = best_stream([&] { return tcp_stream(messages); });
  const Stream tls = best_stream([&] { return tls_stream(messages); });
  limits.tcp_ns_per_byte = tcp.cpu_ns_per_byte;
  limits.tcp_gb_s = tcp.gb_s;
  limits.tls_ns_per_byte = tls.cpu_ns_per_byte;
  limits.tls_gb_s = tls.gb_s;
  return limits;
}

void write_limits(JsonWriter& json, const Limits& limits) {
  const std::initializer_list<std::pair<const char*, double>> fields = {
      {"aes_ctr_gb_s", limits.aes_ctr_gb_s},
      {"aes_ctr_dram_gb_s", limits.aes_ctr_dram_gb_s},
      {"and_kernel_g_s", limits.and_g_s},
      {"and_with_tls_g_s", limits.and_with_tls_g_s()},
      {"tcp_cpu_ns_per_byte", limits.tcp_ns_per_byte},
      {"tcp_gb_s", limits.tcp_gb_s},
      {"tls_cpu_ns_per_byte", limits.tls_ns_per_byte},
      {"tls_gb_s", limits.tls_gb_s},
      {"permute_ns_per_row", limits.permute_ns_per_row},
      {"random_permutation_ns_per_row", limits.shuffle_ns_per_row},
      {"memory_copy_gb_s", limits.copy_gb_s},
      {"load", limits.load},
  };
  json.begin_object().member("op", "limits");
  for (const auto& [name, value] : fields) json.key(name).decimal(rounded(value));
  json.member("machine", machine_name()).end_object();
}

}  // namespace sluis::bench
