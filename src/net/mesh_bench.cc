// Prints the latency and throughput of the meshes on this machine.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <functional>
#include <thread>

#include "net/loopback.h"
#include "net/memory_mesh.h"

namespace sluis::net {
namespace {

using Meshes = std::array<std::unique_ptr<Mesh>, 3>;

double seconds_since(Deadline start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void run(Meshes& meshes, const std::function<void(Mesh&)>& party) {
  std::vector<std::thread> threads;
  for (auto& mesh : meshes) threads.emplace_back([&] { party(*mesh); });
  for (std::thread& t : threads) t.join();
}

// P0 and P1 answer each other; P2 rests.
void bench_ping(const char* name, Meshes& meshes, size_t bytes, uint32_t turns) {
  const auto start = Clock::now();
  run(meshes, [&](Mesh& mesh) {
    Bytes buffer(bytes);
    for (uint32_t op = 0; op < turns; ++op) {
      if (mesh.party() == 0) {
        mesh.send(Neighbour::kNext, op, ByteSpan(buffer));
        mesh.recv(Neighbour::kNext, op, buffer);
      } else if (mesh.party() == 1) {
        mesh.recv(Neighbour::kPrev, op, buffer);
        mesh.send(Neighbour::kPrev, op, ByteSpan(buffer));
      }
    }
  });
  std::printf("%-6s round trip of %6zu B: %7.1f us\n", name, bytes, 1e6 * seconds_since(start) / turns);
}

// Rounds as protocols run them: all send to prev, all receive from next.
void bench_rounds(const char* name, Meshes& meshes, size_t bytes, uint32_t rounds) {
  const double cpu = cpu_seconds();
  const auto start = Clock::now();
  run(meshes, [&](Mesh& mesh) {
    Bytes in(bytes), out(bytes);
    for (uint32_t op = 0; op < rounds; ++op) {
      mesh.send(Neighbour::kPrev, op, ByteSpan(out));
      mesh.recv(Neighbour::kNext, op, in);
    }
  });
  const double s = seconds_since(start);
  const double total = 3.0 * static_cast<double>(bytes) * rounds;
  std::printf("%-6s rounds of %8zu B: %8.1f us each, %6.2f GB/s over all three, %5.2f CPU-ns per byte sent\n",
              name, bytes, 1e6 * s / rounds, total / s / 1e9, (cpu_seconds() - cpu) / total * 1e9);
}

// One way, P0 to P1.
void bench_stream(const char* name, Meshes& meshes, size_t bytes, uint32_t messages) {
  const auto start = Clock::now();
  run(meshes, [&](Mesh& mesh) {
    if (mesh.party() == 2) return;
    Bytes buffer(bytes);
    for (uint32_t op = 0; op < messages; ++op) {
      if (mesh.party() == 1) {
        mesh.recv(Neighbour::kPrev, op, buffer);
      } else {
        // A window of 16: the protocol's own bound on what is under way.
        mesh.send(Neighbour::kNext, op, ByteSpan(buffer));
        if (op % 16 == 15) mesh.recv(Neighbour::kNext, op, {});
      }
      if (mesh.party() == 1 && op % 16 == 15) mesh.send(Neighbour::kPrev, op, Bytes());
    }
  });
  const double s = seconds_since(start);
  std::printf("%-6s stream of %7zu B: %6.2f GB/s\n", name, bytes,
              static_cast<double>(bytes) * messages / s / 1e9);
}

// The floor: a raw socket pair with blocking calls.
void bench_raw_ping(size_t bytes, int turns) {
  std::array<Fd, 2> sockets = make_socket_pair();
  for (Fd& s : sockets) ::fcntl(s.get(), F_SETFL, 0);
  const auto turn = [&](int fd, bool first) {
    Bytes buffer(bytes);
    for (int i = 0; i < turns; ++i) {
      if (first && ::send(fd, buffer.data(), bytes, 0) < 0) return;
      if (::recv(fd, buffer.data(), bytes, MSG_WAITALL) < 0) return;
      if (!first && ::send(fd, buffer.data(), bytes, 0) < 0) return;
    }
  };
  const auto start = Clock::now();
  std::thread other([&] { turn(sockets[1].get(), false); });
  turn(sockets[0].get(), true);
  other.join();
  std::printf("socket round trip of %6zu B: %7.1f us\n", bytes, 1e6 * seconds_since(start) / turns);
}

void bench_mesh(const char* name, Meshes meshes) {
  for (const size_t bytes : {16, 1024, 16384}) bench_ping(name, meshes, bytes, 20'000);
  bench_rounds(name, meshes, 64, 20'000);
  bench_rounds(name, meshes, 4'096, 10'000);
  bench_rounds(name, meshes, 262'144, 1'000);
  bench_rounds(name, meshes, 4 << 20, 60);
  bench_stream(name, meshes, 65'536, 16'000);
  bench_stream(name, meshes, 1 << 20, 1'600);
}

}  // namespace
}  // namespace sluis::net

int main() {
  using namespace sluis::net;
  for (const size_t bytes : {16u, 1024u, 16384u}) bench_raw_ping(bytes, 20'000);
  bench_mesh("memory", make_memory_meshes());
  LoopbackWorld world = make_loopback_world();
  bench_mesh("tls", std::move(world.meshes));
}
