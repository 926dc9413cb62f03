#include "bench/parties.h"

#include <array>
#include <barrier>
#include <exception>
#include <optional>
#include <thread>

#include "base/check.h"
#include "bench/measure.h"
#include "net/abort.h"
#include "net/loopback.h"
#include "net/memory_mesh.h"

namespace sluis::bench {
namespace {

struct Instant {
  double cpu = 0, wall = 0;
};
Instant now() { return {process_cpu_seconds(), wall_seconds()}; }

// The first and second time that all parties meet.
struct Meeting {
  std::array<Instant, 2> instants;
  size_t times = 0;
  void operator()() noexcept {
    if (times < instants.size()) instants[times++] = now();
  }
};
struct MeetingRef {
  Meeting* meeting;
  void operator()() noexcept { (*meeting)(); }
};

mpc::SessionKeys fixed_keys(int party) {
  const auto key = [](int j) {
    std::array<uint8_t, 16> bytes = {'b', 'e', 'n', 'c', 'h'};
    bytes[15] = static_cast<uint8_t>(j % 3);
    return crypto::PrgKey(bytes);
  };
  return {key(party), key(party + 1)};
}

mpc::Cost minus(mpc::Cost a, const mpc::Cost& b) {
  a.rounds -= b.rounds;
  for (size_t i = 0; i < 3; ++i) {
    a.to_next[i] -= b.to_next[i];
    a.to_prev[i] -= b.to_prev[i];
  }
  return a;
}

mpc::Cost merged(const std::array<mpc::Cost, 3>& costs, uint64_t repetitions) {
  CHECK(costs[0].rounds == costs[1].rounds && costs[1].rounds == costs[2].rounds);
  mpc::Cost sum = costs[0] + costs[1] + costs[2];
  sum.rounds = costs[0].rounds / repetitions;
  for (size_t i = 0; i < 3; ++i) {
    sum.to_next[i] /= repetitions;
    sum.to_prev[i] /= repetitions;
  }
  return sum;
}

// Everything that the three threads share.
struct Stage {
  const PartiesOptions& options;
  const std::function<void(mpc::Session&, int)>& job;
  const std::function<void(mpc::Session&)>& after;
  std::barrier<MeetingRef>& barrier;
  std::array<mpc::Cost, 3> costs{};
  std::array<std::exception_ptr, 3> faults{};
};

void run_party(net::Mesh& mesh, Stage& stage) {
  const auto index = static_cast<size_t>(mesh.party());
  try {
    mpc::Session session(mesh, fixed_keys(mesh.party()));
    for (int r = 0; r < stage.options.warm_up; ++r) stage.job(session, r);
    stage.barrier.arrive_and_wait();
    const mpc::Cost before = session.measured();
    for (int r = 0; r < stage.options.repetitions; ++r) stage.job(session, stage.options.warm_up + r);
    stage.costs[index] = minus(session.measured(), before);
    stage.barrier.arrive_and_wait();
    if (stage.after) stage.after(session);
  } catch (...) {
    stage.faults[index] = std::current_exception();
    mesh.abort(net::AbortCode::kInternal);
    stage.barrier.arrive_and_drop();  // the others must not wait for this party
  }
}

// The first fault: the cause rather than a neighbour's report that somebody stopped.
std::optional<Error> fault_of(const std::array<std::exception_ptr, 3>& faults) {
  std::optional<Error> echo;
  for (const std::exception_ptr& fault : faults) {
    if (!fault) continue;
    try {
      std::rethrow_exception(fault);
    } catch (const net::ProtocolAbort& abort) {
      Error error{"S1301.bench", {abort.what()}, "", 0, 0, Exit::kProtocolAbort};
      if (abort.code() != net::AbortCode::kPeerAbort) return error;
      echo = std::move(error);
    }
  }
  return echo;
}

std::array<std::unique_ptr<net::Mesh>, 3> wrapped(std::array<std::unique_ptr<net::Mesh>, 3> meshes,
                                                  Network network) {
  if (network == Network::kLoopback) return meshes;
  const auto links = make_emulated_links(network);
  for (auto& mesh : meshes) mesh = emulate(std::move(mesh), links);
  return meshes;
}

}  // namespace

const char* transport_name(Transport transport) { return transport == Transport::kTls ? "tls" : "memory"; }

std::optional<Transport> transport_of(std::string_view name) {
  if (name == "memory") return Transport::kMemory;
  if (name == "tls") return Transport::kTls;
  return std::nullopt;
}

Result<PartiesRun> run_parties(const PartiesOptions& options,
                               const std::function<void(mpc::Session&, int)>& job,
                               const std::function<void(mpc::Session&)>& after) {
  net::MeshOptions limits;
  limits.base_timeout_ms = 600'000;
  limits.max_queue_bytes = uint64_t{8} << 30;
  net::LoopbackWorld world;
  if (options.transport == Transport::kTls) {
    world = net::make_loopback_world(limits);
  } else {
    world.meshes = net::make_memory_meshes(limits);
  }
  world.meshes = wrapped(std::move(world.meshes), options.network);
  Meeting meeting;
  std::barrier<MeetingRef> barrier(3, MeetingRef{&meeting});
  Stage stage{options, job, after, barrier};
  std::array<std::thread, 3> threads;
  for (size_t i = 0; i < 3; ++i)
    threads[i] = std::thread([&stage, mesh = world.meshes[i].get()] { run_party(*mesh, stage); });
  for (std::thread& thread : threads) thread.join();
  if (std::optional<Error> error = fault_of(stage.faults)) return *error;
  CHECK(meeting.times == 2);
  const Instant &start = meeting.instants[0], &stop = meeting.instants[1];
  const auto n = static_cast<double>(options.repetitions);
  return PartiesRun{merged(stage.costs, static_cast<uint64_t>(options.repetitions)),
                    (stop.cpu - start.cpu) / n, (stop.wall - start.wall) / n};
}

}  // namespace sluis::bench
