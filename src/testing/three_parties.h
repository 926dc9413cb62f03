// Three parties in one process, each on its own thread: run a protocol, look at results, cost and messages.
//
//   auto x = share(bits, seed);
//   auto z = run_three([&](Session& s) { return and_(s, x[s.party()], x[s.party()]); });
//   reconstruct(z)
#pragma once

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "mpc/session.h"
#include "net/memory_mesh.h"
#include "sharing/bits.h"
#include "sharing/ring.h"

namespace sluis::testing {

using Trace = std::vector<std::pair<int, uint64_t>>;

struct RunOptions {
  std::optional<uint64_t> seed = 1;  // keys from this seed; empty: agreed by the parties (fresh)
  std::optional<std::array<uint64_t, 3>> key_seeds;  // instead: k_j from the j-th seed
  net::MeshOptions mesh;
  // Replaces a party's mesh, for example by one that tampers.
  std::function<std::unique_ptr<net::Mesh>(std::unique_ptr<net::Mesh> mesh)> wrap;
};

// One run: what each party returned, what all six links carried, and each party's messages and PRG blocks.
template <typename T>
struct Run {
  std::array<T, 3> results;
  mpc::Cost measured;
  std::array<Trace, 3> traces;
  std::array<std::vector<mpc::PrgUse>, 3> prg_uses;
};

// Party's two keys of three that follow from the seed.
mpc::SessionKeys seeded_keys(int party, uint64_t seed);
mpc::SessionKeys seeded_keys(int party, const std::array<uint64_t, 3>& seeds);

// Shares with randomness from the seed (uniform, also past the last row); and back. reconstruct stops the
// process if two holders of one share differ (on the rows).
std::array<sharing::SharedBits, 3> share(const sharing::Bits& clear, uint64_t seed);
sharing::Bits reconstruct(const std::array<sharing::SharedBits, 3>& shares);
template <typename T>
std::array<sharing::SharedRing<T>, 3> share_ring(const std::vector<T>& clear, uint64_t seed);
template <typename T>
std::vector<T> reconstruct_ring(const std::array<sharing::SharedRing<T>, 3>& shares);

// Random clear bits; and a matrix from row values.
sharing::Bits random_bits(size_t rows, size_t planes, uint64_t seed);
sharing::Bits bits_of(const std::vector<uint64_t>& row_values, size_t planes);
std::vector<uint64_t> row_values(const sharing::Bits& x);

// Runs the three threads. What a job throws, run_parties throws again, after all three have stopped (the
// cause rather than the neighbours' echo).
void run_parties(const RunOptions& options, const std::function<void(mpc::Session&)>& job);

// One cost out of the three parties' own; stops the process if they counted different rounds.
mpc::Cost merge_costs(const std::array<mpc::Cost, 3>& costs);

template <typename F>
auto run_measured(F f, const RunOptions& options = {}) {
  using Returned = std::invoke_result_t<F, mpc::Session&>;
  using T = std::conditional_t<std::is_void_v<Returned>, std::monostate, Returned>;
  std::array<std::optional<T>, 3> results;
  std::array<mpc::Cost, 3> costs;
  std::array<Trace, 3> traces;
  std::array<std::vector<mpc::PrgUse>, 3> prg_uses;
  run_parties(options, [&](mpc::Session& session) {
    const auto i = static_cast<size_t>(session.party());
    session.record_trace(true);
    if constexpr (std::is_void_v<Returned>) {
      f(session);
      results[i].emplace();
    } else {
      results[i].emplace(f(session));
    }
    costs[i] = session.measured();
    traces[i] = session.trace();
    prg_uses[i] = session.prg_uses();
  });
  return Run<T>{{std::move(*results[0]), std::move(*results[1]), std::move(*results[2])},
                merge_costs(costs),
                std::move(traces),
                std::move(prg_uses)};
}

template <typename F>
auto run_three(F f, const RunOptions& options = {}) {
  return run_measured(std::move(f), options).results;
}

}  // namespace sluis::testing
