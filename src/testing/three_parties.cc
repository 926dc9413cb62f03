#include "testing/three_parties.h"

#include <algorithm>
#include <cstring>

#include "sharing/bits_ops.h"

namespace sluis::testing {

using sharing::Bits;
using sharing::SharedBits;
using sharing::SharedRing;

namespace {

// Words from a seed; unlike std::mt19937_64 good enough for uniformity tests of what depends on them.
class SeededWords {
 public:
  SeededWords(uint64_t seed, uint64_t purpose) : key_(key_of(seed)), purpose_(purpose) {}
  void fill(std::span<uint64_t> out) {
    crypto::prg_fill(key_, crypto::PrgDomain::kInput, purpose_, block_, out);
    block_ += out.size() / 2 + 1;
  }

 private:
  static crypto::PrgKey key_of(uint64_t seed) {
    std::array<uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &seed, 8);
    return crypto::PrgKey(bytes);
  }
  crypto::PrgKey key_;
  uint64_t purpose_;
  uint64_t block_ = 0;
};

// The cause, rather than a neighbour's report that somebody stopped.
bool is_echo(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const net::ProtocolAbort& abort) {
    return abort.code() == net::AbortCode::kPeerAbort;
  } catch (...) {
    return false;
  }
}

mpc::SessionKeys keys_for(net::Mesh& mesh, const RunOptions& options) {
  if (options.key_seeds) return seeded_keys(mesh.party(), *options.key_seeds);
  if (options.seed) return seeded_keys(mesh.party(), *options.seed);
  return mpc::agree_keys(mesh, as_bytes("three parties in one process"));
}

void run_party(std::unique_ptr<net::Mesh> mesh, const RunOptions& options,
               const std::function<void(mpc::Session&)>& job, std::exception_ptr& error) {
  try {
    mpc::Session session(*mesh, keys_for(*mesh, options));
    job(session);
  } catch (...) {
    error = std::current_exception();
    mesh->abort(net::AbortCode::kInternal);
  }
}

template <typename T>
std::span<uint64_t> words_over(std::vector<uint64_t>& buffer, size_t elements) {
  buffer.resize((elements * sizeof(T) + 7) / 8);
  return buffer;
}

}  // namespace

mpc::SessionKeys seeded_keys(int party, uint64_t seed) { return seeded_keys(party, {seed, seed, seed}); }

mpc::SessionKeys seeded_keys(int party, const std::array<uint64_t, 3>& seeds) {
  const auto key = [&](int j) {
    std::array<uint64_t, 2> words{};
    SeededWords(seeds[static_cast<size_t>(j)], 1000 + static_cast<uint64_t>(j)).fill(words);
    std::array<uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), words.data(), 16);
    return crypto::PrgKey(bytes);
  };
  return {key(party), key((party + 1) % 3)};
}

std::array<SharedBits, 3> share(const Bits& clear, uint64_t seed) {
  SeededWords words(seed, 1);
  std::array<Bits, 3> x = {Bits(clear.rows(), clear.planes()), Bits(clear.rows(), clear.planes()), clear};
  words.fill(x[0].words());
  words.fill(x[1].words());
  for (size_t i = 0; i < x[2].words().size(); ++i) x[2].words()[i] ^= x[0].words()[i] ^ x[1].words()[i];
  std::array<SharedBits, 3> shares;
  for (size_t i = 0; i < 3; ++i) {
    shares[i].own = x[i];
    shares[i].next = x[(i + 1) % 3];
  }
  return shares;
}

Bits reconstruct(const std::array<SharedBits, 3>& shares) {
  Bits x = shares[0].own;
  sharing::clear_tail(x);
  for (size_t i = 0; i < 3; ++i) {
    Bits here = shares[i].next, there = shares[(i + 1) % 3].own;
    CHECK(here.same_shape(x) && there.same_shape(x));
    sharing::clear_tail(here);
    sharing::clear_tail(there);
    CHECK(here.words().empty() || std::ranges::equal(here.words(), there.words()));  // memcmp takes no null
    for (size_t w = 0; i < 2 && w < x.words().size(); ++w) x.words()[w] ^= here.words()[w];
  }
  return x;
}

template <typename T>
std::array<SharedRing<T>, 3> share_ring(const std::vector<T>& clear, uint64_t seed) {
  SeededWords words(seed, 2);
  std::vector<uint64_t> buffer;
  std::array<std::vector<T>, 3> x;
  x[2] = clear;
  for (size_t j = 0; j < 2; ++j) {
    words.fill(words_over<T>(buffer, clear.size()));
    x[j].resize(clear.size());
    if (!clear.empty()) std::memcpy(x[j].data(), buffer.data(), clear.size() * sizeof(T));
    for (size_t r = 0; r < clear.size(); ++r) x[2][r] -= x[j][r];
  }
  std::array<SharedRing<T>, 3> shares;
  for (size_t i = 0; i < 3; ++i) {
    shares[i].own.assign(x[i].begin(), x[i].end());
    shares[i].next.assign(x[(i + 1) % 3].begin(), x[(i + 1) % 3].end());
  }
  return shares;
}

template <typename T>
std::vector<T> reconstruct_ring(const std::array<SharedRing<T>, 3>& shares) {
  std::vector<T> x(shares[0].size());
  for (size_t i = 0; i < 3; ++i) {
    CHECK(shares[i].next == shares[(i + 1) % 3].own);
    for (size_t r = 0; r < x.size(); ++r) x[r] += shares[i].own[r];
  }
  return x;
}

template std::array<SharedRing<uint32_t>, 3> share_ring(const std::vector<uint32_t>&, uint64_t);
template std::array<SharedRing<uint64_t>, 3> share_ring(const std::vector<uint64_t>&, uint64_t);
template std::vector<uint32_t> reconstruct_ring(const std::array<SharedRing<uint32_t>, 3>&);
template std::vector<uint64_t> reconstruct_ring(const std::array<SharedRing<uint64_t>, 3>&);

Bits random_bits(size_t rows, size_t planes, uint64_t seed) {
  Bits x(rows, planes);
  SeededWords(seed, 3).fill(x.words());
  return x;
}

Bits bits_of(const std::vector<uint64_t>& values, size_t planes) {
  Bits x(values.size(), planes);
  for (size_t r = 0; r < values.size(); ++r) x.set_row_value(r, values[r]);
  return x;
}

std::vector<uint64_t> row_values(const Bits& x) {
  std::vector<uint64_t> values(x.rows());
  for (size_t r = 0; r < values.size(); ++r) values[r] = x.row_value(r);
  return values;
}

void run_parties(const RunOptions& options, const std::function<void(mpc::Session&)>& job) {
  auto meshes = net::make_memory_meshes(options.mesh);
  std::array<std::exception_ptr, 3> errors;
  std::array<std::thread, 3> threads;
  for (size_t i = 0; i < 3; ++i) {
    std::unique_ptr<net::Mesh> mesh = std::move(meshes[i]);
    if (options.wrap) mesh = options.wrap(std::move(mesh));
    threads[i] = std::thread(
        [&, i, mesh = std::move(mesh)]() mutable { run_party(std::move(mesh), options, job, errors[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error && !is_echo(error)) std::rethrow_exception(error);
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

mpc::Cost merge_costs(const std::array<mpc::Cost, 3>& costs) {
  CHECK(costs[0].rounds == costs[1].rounds && costs[1].rounds == costs[2].rounds);
  mpc::Cost sum = costs[0] + costs[1] + costs[2];
  sum.rounds = costs[0].rounds;
  return sum;
}

}  // namespace sluis::testing
