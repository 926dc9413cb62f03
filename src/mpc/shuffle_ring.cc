// Shuffle of rows that hold bits and a ring element.
//
// F: [x] -> [pi(x)], as shuffle.cc, with XOR for the bits and addition in Z_2^32 for the elements: X = P0
// knows pi_1 and pi_0, Y = P1 knows pi_1 and pi_2, Z = P2 knows pi_0 and pi_2.
//   r1  X: A = pi_0(pi_1(x_1 + x_0 + m_1) + m_0)   -> Y     Y: B = pi_1(x_2 - m_1)   -> Z
//       y_1 <- k_1,  y_0 <- k_0
//   r2  Y: C = pi_2(A) - y_1   -> Z                         Z: D = pi_2(pi_0(B - m_0)) - y_0   -> Y
//       y_2 = C + D
// Security: as shuffle.cc: A is masked by m_0, which Y lacks; B by m_1, which Z lacks; C by y_1, which Z
// lacks; D by y_0, which Y lacks; X receives nothing. Two operation numbers, one for bits and one for
// elements: no mask serves twice. Opens nothing. Cost: cost_shuffle_mixed, 2 rounds. Randomness: kMask and
// kShare. Leaks: rows, planes. Source: Araki et al., CCS 2021, section 5.2; masks m_2 are left out: what they
// would cover is masked by y_1 and y_0.
#include "mpc/shuffle_ring.h"

#include <cstring>

#include "base/check.h"
#include "mpc/messages.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {
namespace {

using crypto::PrgDomain;
using sharing::AlignedRing;
using sharing::Rows;
using Elements = AlignedRing<uint32_t>;

// One share of the rows, or a message.
struct Part {
  Bits bits;
  Elements ring;
};

class Call {
 public:
  Call(Session& session, const Shuffle& shuffle, const MixedRows& x)
      : session_(session),
        shuffle_(shuffle),
        x_(x),
        bits_operation_(session.next_operation()),
        ring_operation_(session.next_operation()) {}

  Part share(int j) const {
    const bool own = is_own(j);
    return {own ? x_.bits.own : x_.bits.next, own ? x_.ring.own : x_.ring.next};
  }
  // x += sign * stream j of a domain.
  void add_stream(PrgDomain domain, int j, Part& x, bool subtract = false) const {
    Bits mask = Bits::unset(x.bits.rows(), x.bits.planes());
    random(domain, bits_operation_, j, mask.words());
    for (size_t i = 0; i < mask.words().size(); ++i) x.bits.words()[i] ^= mask.words()[i];
    const Elements more = elements(domain, j);
    for (size_t i = 0; i < more.size(); ++i) x.ring[i] += subtract ? 0U - more[i] : more[i];
  }
  Part stream(PrgDomain domain, int j) const {
    Part out{Bits(x_.bits.rows(), x_.bits.planes()), Elements(x_.ring.size())};
    add_stream(domain, j, out);
    return out;
  }
  Part permuted(int j, const Part& x) const {
    const auto& source = shuffle_.source(j);
    Part out{sharing::gather_rows(x.bits, source), Elements(x.ring.size())};
    for (size_t i = 0; i < source.size(); ++i) out.ring[i] = x.ring[source[i]];
    return out;
  }
  void send(int party, const Part& x) const {
    send_words(session_, party, x.bits.words());
    send_elements<uint32_t>(session_, party, x.ring);
  }
  Part receive(int party) const {
    Part x{Bits::unset(x_.bits.rows(), x_.bits.planes()), Elements(x_.ring.size())};
    recv_words(session_, party, x.bits.words());
    recv_elements<uint32_t>(session_, party, x.ring);
    return x;
  }
  void set(MixedRows& y, int j, Part part) const {
    (is_own(j) ? y.bits.own : y.bits.next) = std::move(part.bits);
    (is_own(j) ? y.ring.own : y.ring.next) = std::move(part.ring);
  }

 private:
  bool is_own(int j) const {
    CHECK(j == session_.party() || j == (session_.party() + 1) % 3);
    return j == session_.party();
  }
  void random(PrgDomain domain, uint64_t operation, int j, std::span<uint64_t> out) const {
    is_own(j) ? session_.random_own(domain, operation, out) : session_.random_next(domain, operation, out);
  }
  Elements elements(PrgDomain domain, int j) const {
    sharing::AlignedWords words((x_.ring.size() + 1) / 2);
    random(domain, ring_operation_, j, words);
    Elements out(x_.ring.size());
    if (!out.empty()) std::memcpy(out.data(), words.data(), out.size() * sizeof(uint32_t));
    return out;
  }

  Session& session_;
  const Shuffle& shuffle_;
  const MixedRows& x_;
  uint64_t bits_operation_, ring_operation_;
};

Part difference(Part x, const Part& y) {
  for (size_t i = 0; i < x.bits.words().size(); ++i) x.bits.words()[i] ^= y.bits.words()[i];
  for (size_t i = 0; i < x.ring.size(); ++i) x.ring[i] -= y.ring[i];
  return x;
}

Part sum(Part x, const Part& y) {
  for (size_t i = 0; i < x.bits.words().size(); ++i) x.bits.words()[i] ^= y.bits.words()[i];
  for (size_t i = 0; i < x.ring.size(); ++i) x.ring[i] += y.ring[i];
  return x;
}

MixedRows run_x(Session& session, const Call& call) {
  session.begin_round();
  Part a = sum(call.share(1), call.share(0));
  call.add_stream(PrgDomain::kMask, 1, a);
  a = call.permuted(1, a);
  call.add_stream(PrgDomain::kMask, 0, a);
  call.send(1, call.permuted(0, a));
  session.begin_round();
  MixedRows y;
  call.set(y, 1, call.stream(PrgDomain::kShare, 1));
  call.set(y, 0, call.stream(PrgDomain::kShare, 0));
  return y;
}

MixedRows run_y(Session& session, const Call& call) {
  session.begin_round();
  Part b = call.share(2);
  call.add_stream(PrgDomain::kMask, 1, b, true);
  call.send(2, call.permuted(1, b));
  const Part a = call.receive(0);
  session.begin_round();
  Part y_1 = call.stream(PrgDomain::kShare, 1);
  Part c = difference(call.permuted(2, a), y_1);
  call.send(2, c);
  MixedRows y;
  call.set(y, 1, std::move(y_1));
  call.set(y, 2, sum(std::move(c), call.receive(2)));
  return y;
}

MixedRows run_z(Session& session, const Call& call) {
  session.begin_round();
  Part d = call.receive(1);
  session.begin_round();
  call.add_stream(PrgDomain::kMask, 0, d, true);
  Part y_0 = call.stream(PrgDomain::kShare, 0);
  d = difference(call.permuted(2, call.permuted(0, d)), y_0);
  call.send(1, d);
  MixedRows y;
  call.set(y, 0, std::move(y_0));
  call.set(y, 2, sum(std::move(d), call.receive(1)));
  return y;
}

}  // namespace

MixedRows apply(Session& session, const Shuffle& shuffle, const MixedRows& x) {
  CHECK(shuffle.rows() == x.bits.rows() && shuffle.rows() == x.ring.size());
  if (x.ring.size() == 0) return x;
  const Call call(session, shuffle, x);
  if (session.party() == 0) return run_x(session, call);
  return session.party() == 1 ? run_y(session, call) : run_z(session, call);
}

Cost cost_shuffle_mixed(uint64_t rows, uint64_t planes) {
  if (rows == 0) return {};
  const uint64_t bytes = 8 * planes * ((rows + 63) / 64) + 4 * rows;
  Cost cost{2, {bytes, 2 * bytes, 0}, {0, 0, bytes}};
  cost.words = 6 * rows * ((planes + 63) / 64 + 1);
  return cost;
}

}  // namespace sluis::mpc
