// Oblivious shuffle.
//
// F: [x] -> [pi(x)], pi = pi_2 pi_0 pi_1 uniform and unknown to every single party. Index j of a share, key,
// permutation or mask is known to P_{j-1} and P_j. With the permutations in the order of use a = 1, b = 0,
// c = 2, X = P0 knows a and b, Y = P1 knows a and c, Z = P2 knows b and c:
//   r1  X: A = pi_b(pi_a(x_a ^ x_b ^ m_a) ^ m_b)  -> Y     Y: B = pi_a(x_c ^ m_a)            -> Z
//       y_a <- k_a,  y_b <- k_b
//   r2  Y: C = pi_c(A) ^ m_c ^ y_a                -> Z     Z: D = pi_c(pi_b(B ^ m_b)) ^ m_c ^ y_b  -> Y
//       y_c = C ^ D
// The inverse is the same with a = 2, b = 0, c = 1 and inverse permutations (X = P2, Y = P1, Z = P0).
// Security: semi-honest, one corrupt party. A is masked by m_b, which Y lacks; B by m_a, which Z lacks; C by
// y_a, which Z lacks; D by y_b, which Y lacks; X receives nothing. Each party lacks one of three independent
// uniform permutations, so pi is uniform to it. Output shares are fresh. Opens nothing.
// The permutations are applied by local memory access that depends on them: visible to whoever shares the
// machine's caches, not to the other parties (docs/protocols/shuffle.md).
// Cost: cost_shuffle: 2 rounds, 4/3 of the data per party, busiest link 2.
// Randomness: kPermutation once per shuffle; kMask (m), kShare (y) with a fresh operation at every call.
// Leaks: rows, planes. Source: Araki et al., CCS 2021, section 5.2; deviation: m_c enters after pi_c, which
// changes nothing as m_c is uniform.
#include "mpc/shuffle.h"

#include "base/check.h"
#include "mpc/messages.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {

using crypto::PrgDomain;
using sharing::Rows;

namespace {

std::vector<uint32_t> inverse(const std::vector<uint32_t>& permutation) {
  std::vector<uint32_t> result(permutation.size());
  for (size_t i = 0; i < permutation.size(); ++i) result[permutation[i]] = static_cast<uint32_t>(i);
  return result;
}

// Permutations in the order of use, and who knows which two.
struct Roles {
  int a, b, c;
  bool inverse;
  // Party i knows i and i + 1.
  static int knows_both(int j, int k) { return (j + 1) % 3 == k ? j : k; }
  int x() const { return knows_both(a, b); }
  int y() const { return knows_both(a, c); }
  int z() const { return knows_both(b, c); }
};

constexpr Roles kForward = {1, 0, 2, false};
constexpr Roles kInverse = {2, 0, 1, true};

// One call: its roles, its operation number, and the party's means by index.
class Call {
 public:
  Call(Session& session, const Shuffle& shuffle, const Roles& roles)
      : roles(roles), session_(session), shuffle_(shuffle), operation_(session.next_operation()) {}

  const Bits& share(const SharedBits& x, int j) const { return is_own(j) ? x.own : x.next; }
  void set_share(SharedBits& x, int j, Bits value) const { (is_own(j) ? x.own : x.next) = std::move(value); }
  void xor_mask(int j, std::span<uint64_t> words) const {
    is_own(j) ? session_.xor_random_own(PrgDomain::kMask, operation_, words)
              : session_.xor_random_next(PrgDomain::kMask, operation_, words);
  }
  Bits random_share(int j, const Bits& shape) const {
    Bits y = Bits::unset(shape.rows(), shape.planes());
    is_own(j) ? session_.random_own(PrgDomain::kShare, operation_, y.words())
              : session_.random_next(PrgDomain::kShare, operation_, y.words());
    return y;
  }
  // For each place the row that comes to it.
  const std::vector<uint32_t>& sources(int j) const {
    return roles.inverse ? shuffle_.permutation(j) : shuffle_.source(j);
  }
  Rows permute(int j, const Rows& x) const {
    return gather(x, [&s = sources(j)](size_t i) { return s[i]; });
  }
  // First pi_j, then pi_k.
  Rows permute(int j, int k, const Rows& x) const {
    return gather(x, [&s = sources(j), &t = sources(k)](size_t i) { return s[t[i]]; });
  }

  const Roles roles;

 private:
  bool is_own(int j) const {
    CHECK(j == session_.party() || j == (session_.party() + 1) % 3);
    return j == session_.party();
  }
  template <typename From>
  static Rows gather(const Rows& x, From from) {
    Rows z{x.rows, x.planes, {}};
    z.words.resize(x.words.size());
    const size_t width = x.words_per_row();
    if (width == 1) {
      for (size_t i = 0; i < x.rows; ++i) z.words[i] = x.words[from(i)];
      return z;
    }
    for (size_t i = 0; i < x.rows; ++i) {
      const size_t row = from(i);
      for (size_t q = 0; q < width; ++q) z.words[i * width + q] = x.words[row * width + q];
    }
    return z;
  }

  Session& session_;
  const Shuffle& shuffle_;
  uint64_t operation_;
};

void xor_words(Bits& x, const Bits& y) {
  const auto to = x.words();
  const auto from = y.words();
  for (size_t i = 0; i < to.size(); ++i) to[i] ^= from[i];
}

// X's part: A to Y; its output is pseudo-random.
SharedBits run_x(Session& session, const Call& call, const SharedBits& x) {
  const auto [a, b, c, inverse] = call.roles;
  session.begin_round();
  Bits sum = call.share(x, a);
  xor_words(sum, call.share(x, b));
  call.xor_mask(a, sum.words());
  Rows rows = call.permute(a, sharing::to_rows(sum));
  call.xor_mask(b, rows.words);
  send_words(session, call.roles.y(), sharing::to_planes(call.permute(b, rows)).words());
  session.begin_round();
  SharedBits y;
  call.set_share(y, a, call.random_share(a, x.own));
  call.set_share(y, b, call.random_share(b, x.own));
  return y;
}

SharedBits run_y(Session& session, const Call& call, const SharedBits& x) {
  const auto [a, b, c, inverse] = call.roles;
  session.begin_round();
  Bits masked = call.share(x, c);
  call.xor_mask(a, masked.words());
  send_words(session, call.roles.z(), sharing::to_planes(call.permute(a, sharing::to_rows(masked))).words());
  recv_words(session, call.roles.x(), masked.words());  // A
  session.begin_round();
  SharedBits y;
  call.set_share(y, a, call.random_share(a, x.own));
  Bits sent = sharing::to_planes(call.permute(c, sharing::to_rows(masked)));
  call.xor_mask(c, sent.words());
  xor_words(sent, call.share(y, a));
  send_words(session, call.roles.z(), sent.words());  // C
  recv_words(session, call.roles.z(), masked.words());
  xor_words(masked, sent);
  call.set_share(y, c, std::move(masked));
  return y;
}

SharedBits run_z(Session& session, const Call& call, const SharedBits& x) {
  const auto [a, b, c, inverse] = call.roles;
  session.begin_round();
  Bits received = Bits::unset(x.rows(), x.planes());
  recv_words(session, call.roles.y(), received.words());  // B
  session.begin_round();
  SharedBits y;
  call.set_share(y, b, call.random_share(b, x.own));
  Rows rows = sharing::to_rows(received);
  call.xor_mask(b, rows.words);
  Bits sent = sharing::to_planes(call.permute(b, c, rows));
  call.xor_mask(c, sent.words());
  xor_words(sent, call.share(y, b));
  send_words(session, call.roles.y(), sent.words());  // D
  recv_words(session, call.roles.y(), received.words());
  xor_words(received, sent);
  call.set_share(y, c, std::move(received));
  return y;
}

SharedBits run(Session& session, const Shuffle& shuffle, const SharedBits& x, const Roles& roles) {
  CHECK(shuffle.rows() == x.rows());
  if (x.own.words().empty()) return x;
  const Call call(session, shuffle, roles);
  if (session.party() == roles.x()) return run_x(session, call, x);
  return session.party() == roles.y() ? run_y(session, call, x) : run_z(session, call, x);
}

// Words moved a word of a row: two or three permutations and as many transpositions there and back.
constexpr uint64_t kMovedPerRow = 6;

Cost cost(const Roles& roles, uint64_t rows, uint64_t planes) {
  const uint64_t bytes = 8 * planes * ((rows + 63) / 64);
  if (bytes == 0) return {};
  Cost sum;
  sum.rounds = 2;
  sum.words = kMovedPerRow * rows * ((planes + 63) / 64);
  const auto add = [&](int from, int to) {
    ((from + 1) % 3 == to ? sum.to_next : sum.to_prev)[static_cast<size_t>(from)] += bytes;
  };
  add(roles.x(), roles.y());
  add(roles.y(), roles.z());
  add(roles.y(), roles.z());
  add(roles.z(), roles.y());
  return sum;
}

}  // namespace

const std::vector<uint32_t>& Shuffle::permutation(int j) const {
  const auto& known = pi_[static_cast<size_t>(j)];
  CHECK(known.has_value());
  if (known->destination.size() != rows_) known->destination = inverse(known->source);
  return known->destination;
}

const std::vector<uint32_t>& Shuffle::source(int j) const {
  const auto& known = pi_[static_cast<size_t>(j)];
  CHECK(known.has_value());
  return known->source;
}

Shuffle make_shuffle(Session& session, size_t rows) {
  Shuffle shuffle(rows);
  const uint64_t operation = session.next_operation();
  const auto party = static_cast<size_t>(session.party());
  for (const bool own : {true, false}) {
    Shuffle::Direction& direction = shuffle.pi_[own ? party : (party + 1) % 3].emplace();
    direction.source =
        own ? session.permutation_own(operation, rows) : session.permutation_next(operation, rows);
  }
  return shuffle;
}

Shuffle restored_shuffle(int party, std::vector<uint32_t> own, std::vector<uint32_t> next) {
  CHECK(own.size() == next.size());
  Shuffle shuffle(own.size());
  shuffle.pi_[static_cast<size_t>(party)] = Shuffle::Direction{std::move(own), {}};
  shuffle.pi_[static_cast<size_t>((party + 1) % 3)] = Shuffle::Direction{std::move(next), {}};
  return shuffle;
}

Shuffle make_forced_shuffle(int party, const std::array<std::vector<uint32_t>, 3>& permutations) {
  Shuffle shuffle(permutations[0].size());
  for (const int j : {party, (party + 1) % 3}) {
    const std::vector<uint32_t>& pi = permutations[static_cast<size_t>(j)];
    CHECK(pi.size() == shuffle.rows_);
    shuffle.pi_[static_cast<size_t>(j)] = Shuffle::Direction{inverse(pi), pi};
  }
  return shuffle;
}

SharedBits apply(Session& session, const Shuffle& shuffle, const SharedBits& x) {
  return run(session, shuffle, x, kForward);
}

SharedBits apply_inverse(Session& session, const Shuffle& shuffle, const SharedBits& x) {
  return run(session, shuffle, x, kInverse);
}

Cost cost_shuffle(uint64_t rows, uint64_t planes) { return cost(kForward, rows, planes); }
Cost cost_shuffle_inverse(uint64_t rows, uint64_t planes) { return cost(kInverse, rows, planes); }

}  // namespace sluis::mpc
