// Between bit planes and Z_2^k.
//
// bit_to_ring.  F: [b] (bits) -> [b] (ring). P0 knows a = b_0 ^ b_1; P1 and P2 know c = b_2; b = a + c - 2 a
// c.
//   r1  a_0 <- k_0;  P0: a_1 = a - a_0                     -> P1
//       z_0 <- k_0,  z_1 <- k_1  (another domain than a_0)
//   r2  P1: v = a_1 (1 - 2c) + c - z_1   -> P2     P2: w = a_0 (1 - 2c) - z_0   -> P1
//       z_2 = v + w
//   Each message carries a mask that its receiver lacks: a_0 and z_0 (k_0, not P1), z_1 (k_1, not P2).
// bits_to_ring.  z_0 <- k_0, z_1 <- k_1; P0 inputs the bits of -(z_0 + z_1); boolean adder with x; the sum is
//   opened to P1 and P2 as z_2: uniform to P1 (lacks z_0) and to P2 (lacks z_1).
// ring_to_bits.  P0 inputs the bits of u = x_0 + x_1; the bits of x_2 are a sharing already (0, 0, x_2);
// adder. ring_negative.  As ring_to_bits, but only the carry into the top bit: u_j at the first j from the
// top with
//   u_j = x_2j, which is the first-difference circuit of a comparison over p = u ^ x_2.
// inject.  bit_to_ring, then multiply.   multiply.  z_i = x_i y_i + x_i y_{i+1} + x_{i+1} y_i + alpha_i ->
// prev. Input by P0: v_1 <- k_1, v_2 = 0, v_0 = v ^ v_1 -> P2, which lacks k_1. Security: semi-honest, one
// corrupt party; every message masked as said, the rest is AND gates; the only opening is z_2, after a flush
// of the verify queue. Randomness: kMask, kShare, kZero; fresh operations. Cost: the cost_ functions below.
// Leaks: shapes. Source: Mohassel and Rindal, CCS 2018 (ABY3), sections 5.3 and 5.4; the three-message bit
// form is derived in docs/protocols/convert.md.
#include "mpc/convert.h"

#include <cstring>

#include "base/check.h"
#include "mpc/arithmetic_circuits.h"
#include "mpc/first_difference.h"
#include "mpc/messages.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {

using crypto::PrgDomain;
using sharing::AlignedRing;
using sharing::AlignedWords;

namespace {

template <typename T>
constexpr size_t kBits = 8 * sizeof(T);

// Elements of a PRG stream of key k_i (own) or k_{i+1}.
template <typename T>
AlignedRing<T> random_ring(Session& session, bool own, PrgDomain domain, uint64_t operation, size_t n) {
  AlignedWords words((n * sizeof(T) + 7) / 8);
  own ? session.random_own(domain, operation, words) : session.random_next(domain, operation, words);
  AlignedRing<T> ring(n);
  if (n > 0) std::memcpy(ring.data(), words.data(), n * sizeof(T));
  return ring;
}

// Bits of all planes as elements 0 and 1, plane after plane.
template <typename T>
AlignedRing<T> elements_of(const Bits& x) {
  AlignedRing<T> out(x.rows() * x.planes());
  for (size_t p = 0; p < x.planes(); ++p)
    for (size_t b = 0; b < x.blocks(); ++b) {
      const auto run = x.run(b, p);
      const size_t first = b * sharing::kBlockRows;
      const size_t rows = std::min(sharing::kBlockRows, x.rows() - first);
      T* to = out.data() + p * x.rows() + first;
      for (size_t r = 0; r < rows; ++r) to[r] = static_cast<T>(run[r / 64] >> r % 64 & 1);
    }
  return out;
}

template <typename T>
Bits planes_of(const AlignedRing<T>& ring) {
  sharing::Rows rows{ring.size(), kBits<T>, sharing::RawWords(ring.begin(), ring.end())};
  return sharing::to_planes(rows);
}

template <typename T>
AlignedRing<T> ring_of(const Bits& x) {
  const sharing::Rows rows = sharing::to_rows(x);
  AlignedRing<T> ring(x.rows());
  for (size_t i = 0; i < ring.size(); ++i) ring[i] = static_cast<T>(rows.words[i]);
  return ring;
}

// bit_to_ring at P0: sends a_1; knows z_0 and z_1 by itself.
template <typename T>
SharedRing<T> bits_to_rings_p0(Session& session, const SharedBits& x, uint64_t operation) {
  session.begin_round();
  Bits sum = x.own;
  for (size_t i = 0; i < sum.words().size(); ++i) sum.words()[i] ^= x.next.words()[i];
  AlignedRing<T> a = elements_of<T>(sum);
  const AlignedRing<T> a_0 = random_ring<T>(session, true, PrgDomain::kMask, operation, a.size());
  for (size_t i = 0; i < a.size(); ++i) a[i] -= a_0[i];
  send_elements<T>(session, 1, a);
  session.begin_round();
  SharedRing<T> z;
  z.own = random_ring<T>(session, true, PrgDomain::kShare, operation, a.size());
  z.next = random_ring<T>(session, false, PrgDomain::kShare, operation, a.size());
  return z;
}

// bit_to_ring at P1 (a_1, z_1 = own, z_2 = next) and P2 (a_0, z_2 = own, z_0 = next).
template <typename T>
SharedRing<T> bits_to_rings_p1_p2(Session& session, const SharedBits& x, uint64_t operation) {
  const bool is_p1 = session.party() == 1;
  const AlignedRing<T> c = elements_of<T>(is_p1 ? x.next : x.own);
  const size_t n = c.size();
  session.begin_round();
  AlignedRing<T> a(n);
  if (is_p1)
    recv_elements<T>(session, 0, a);
  else
    a = random_ring<T>(session, false, PrgDomain::kMask, operation, n);
  session.begin_round();
  SharedRing<T> z(n);
  AlignedRing<T>& mask = is_p1 ? z.own : z.next;
  AlignedRing<T>& z_2 = is_p1 ? z.next : z.own;
  mask = random_ring<T>(session, is_p1, PrgDomain::kShare, operation, n);
  AlignedRing<T> part(n);
  for (size_t i = 0; i < n; ++i) part[i] = a[i] * (1 - 2 * c[i]) + (is_p1 ? c[i] : T{0}) - mask[i];
  const int other = is_p1 ? 2 : 1;
  send_elements<T>(session, other, part);
  recv_elements<T>(session, other, z_2);
  for (size_t i = 0; i < n; ++i) z_2[i] += part[i];
  return z;
}

// All planes of x converted, plane after plane.
template <typename T>
SharedRing<T> bits_to_rings(Session& session, const SharedBits& x) {
  if (x.rows() * x.planes() == 0) return {};
  const uint64_t operation = session.next_operation();
  return session.party() == 0 ? bits_to_rings_p0<T>(session, x, operation)
                              : bits_to_rings_p1_p2<T>(session, x, operation);
}

// Shares of a matrix that P0 knows. 1 round. `value` matters at P0 only; all give its shape.
SharedBits input_of_p0(Session& session, Bits value) {
  SharedBits v(value.rows(), value.planes());
  session.begin_round();
  const uint64_t operation = session.next_operation();
  if (session.party() == 0) {
    session.random_next(PrgDomain::kMask, operation, v.next.words());
    for (size_t i = 0; i < value.words().size(); ++i) value.words()[i] ^= v.next.words()[i];
    send_words(session, 2, value.words());
    v.own = std::move(value);
  } else if (session.party() == 1) {
    session.random_own(PrgDomain::kMask, operation, v.own.words());
  } else {
    recv_words(session, 0, v.next.words());
  }
  return v;
}

Cost cost_input(uint64_t rows, uint64_t planes) {
  Cost cost;
  cost.rounds = 1;
  cost.to_prev[0] = 8 * planes * ((rows + 63) / 64);
  return cost;
}

// Bits of x_0 + x_1, from P0.
template <typename T>
SharedBits input_sum(Session& session, const SharedRing<T>& x) {
  Bits sum(x.size(), kBits<T>);
  if (session.party() == 0) {
    AlignedRing<T> u = x.own;
    for (size_t i = 0; i < u.size(); ++i) u[i] += x.next[i];
    sum = planes_of(u);
  }
  return input_of_p0(session, std::move(sum));
}

// x_2 as shared bits without communication: (0, 0, x_2).
template <typename T>
SharedBits bits_of_x2(int party, const SharedRing<T>& x) {
  SharedBits y(x.size(), kBits<T>);
  if (party == 1) y.next = planes_of(x.next);
  if (party == 2) y.own = planes_of(x.own);
  return y;
}

// x (w planes, zeros above) + v mod 2^k.
Circuit adder_circuit(size_t x_planes, size_t k) {
  Circuit circuit;
  Wires x = circuit.inputs(x_planes);
  const Wires v = circuit.inputs(k);
  x.resize(k);
  circuit.outputs(add_wires(circuit, x, v, Circuit::constant(false)));
  return circuit;
}

bool is_bitwise(RingForm form, uint64_t rows, uint64_t planes, uint64_t bytes) {
  if (form != RingForm::kByCost) return form == RingForm::kBitwise;
  return planes <= 2 || rows * planes * bytes <= kBitwiseBytes;
}

// P0 sends s_0 to P1, P1 sends s_1 to P2. Not to P0.
Bits open_to_p1_p2(Session& session, const SharedBits& s) {
  session.verify_queue().flush();
  session.begin_round();
  Bits sum = s.own, other(s.rows(), s.planes());
  sharing::clear_tail(sum);
  if (session.party() != 2) send_words(session, session.party() + 1, sum.words());
  if (session.party() != 0) recv_words(session, session.party() - 1, other.words());
  for (size_t i = 0; i < sum.words().size(); ++i) sum.words()[i] ^= s.next.words()[i] ^ other.words()[i];
  return sum;
}

Circuit negative_circuit(size_t k, CompareDepth depth) {
  Circuit circuit;
  const Wires u = circuit.inputs(k), x2 = circuit.inputs(k);
  Wires same, value;  // most significant first, below the top bit
  for (size_t p = k - 1; p-- > 0;) {
    same.push_back(circuit.xor_(u[p], x2[p]));
    value.push_back(u[p]);
  }
  const CompareRecipe& recipe = compare_choice(k - 1, depth).recipe;
  const Wire carry =
      compare_nested(circuit, same, value, recipe.empty() ? CompareRecipe{{2, false}} : recipe);
  circuit.output(circuit.xor_(circuit.xor_(u[k - 1], x2[k - 1]), carry));
  return circuit;
}

}  // namespace

template <typename T>
SharedRing<T> bit_to_ring(Session& session, const SharedBits& bit) {
  CHECK(bit.planes() == 1);
  return bits_to_rings<T>(session, bit);
}

template <typename T>
SharedRing<T> planes_to_ring(Session& session, const SharedBits& x) {
  return bits_to_rings<T>(session, x);
}

template <typename T>
SharedRing<T> bits_to_ring(Session& session, const SharedBits& x, RingForm form) {
  CHECK(x.planes() <= kBits<T>);
  const size_t n = x.rows();
  SharedRing<T> z(n);
  if (n == 0 || x.planes() == 0) return z;
  if (is_bitwise(form, n, x.planes(), sizeof(T))) {
    const SharedRing<T> bits = bits_to_rings<T>(session, x);
    for (size_t p = 0; p < x.planes(); ++p)
      for (size_t i = 0; i < n; ++i) {
        z.own[i] += bits.own[p * n + i] << p;
        z.next[i] += bits.next[p * n + i] << p;
      }
    return z;
  }
  const uint64_t operation = session.next_operation();
  const int party = session.party();
  Bits mask(n, kBits<T>);
  if (party != 2)
    (party == 0 ? z.next : z.own) = random_ring<T>(session, party == 1, PrgDomain::kShare, operation, n);
  if (party != 1)
    (party == 0 ? z.own : z.next) = random_ring<T>(session, party == 0, PrgDomain::kShare, operation, n);
  if (party == 0) {
    AlignedRing<T> v(n);
    for (size_t i = 0; i < n; ++i) v[i] = T{0} - z.own[i] - z.next[i];
    mask = planes_of(v);
  }
  const SharedBits v = input_of_p0(session, std::move(mask));
  const SharedBits sum = evaluate(session, adder_circuit(x.planes(), kBits<T>), {&x, &v});
  const Bits opened = open_to_p1_p2(session, sum);
  if (party == 1) z.next = ring_of<T>(opened);
  if (party == 2) z.own = ring_of<T>(opened);
  return z;
}

template <typename T>
SharedBits ring_to_bits(Session& session, const SharedRing<T>& x) {
  if (x.size() == 0) return SharedBits(0, kBits<T>);
  const SharedBits sum = input_sum(session, x), x2 = bits_of_x2(session.party(), x);
  return evaluate(session, adder_circuit(kBits<T>, kBits<T>), {&sum, &x2});
}

template <typename T>
SharedBits ring_negative(Session& session, const SharedRing<T>& x, CompareDepth depth) {
  if (x.size() == 0) return SharedBits(0, 1);
  const SharedBits sum = input_sum(session, x), x2 = bits_of_x2(session.party(), x);
  return evaluate(session, negative_circuit(kBits<T>, depth), {&sum, &x2});
}

template <typename T>
SharedRing<T> sums_of_products(Session& session, const SharedRing<T>& x, const SharedRing<T>& y,
                               size_t terms) {
  CHECK(terms > 0 && x.size() == y.size() && x.size() % terms == 0);
  const size_t n = x.size() / terms;
  SharedRing<T> z(n);
  if (n == 0) return z;
  const uint64_t operation = session.next_operation();
  session.begin_round();
  z.own = random_ring<T>(session, true, PrgDomain::kZero, operation, n);
  z.next = random_ring<T>(session, false, PrgDomain::kZero, operation, n);
  for (size_t i = 0; i < n; ++i) z.own[i] -= z.next[i];
  for (size_t t = 0; t < terms; ++t)
    for (size_t i = 0, at = t * n; i < n; ++i, ++at)
      z.own[i] += x.own[at] * (y.own[at] + y.next[at]) + x.next[at] * y.own[at];
  send_elements<T>(session, (session.party() + 2) % 3, z.own);
  recv_elements<T>(session, (session.party() + 1) % 3, z.next);
  session.verify_queue().append(n);
  return z;
}

template <typename T>
SharedRing<T> multiply(Session& session, const SharedRing<T>& x, const SharedRing<T>& y) {
  return sums_of_products(session, x, y, 1);
}

template <typename T>
SharedRing<T> inject(Session& session, const SharedBits& bit, const SharedRing<T>& value) {
  return multiply(session, bit_to_ring<T>(session, bit), value);
}

Cost cost_multiply_ring(uint64_t rows, uint64_t bytes) {
  if (rows == 0) return {};
  return {1, {0, 0, 0}, {rows * bytes, rows * bytes, rows * bytes}};
}

Cost cost_bit_to_ring(uint64_t rows, uint64_t bytes) {
  if (rows == 0) return {};
  return {2, {rows * bytes, rows * bytes, 0}, {0, 0, rows * bytes}};
}

Cost cost_bits_to_ring(uint64_t rows, uint64_t planes, uint64_t bytes, RingForm form) {
  if (rows == 0 || planes == 0) return {};
  if (is_bitwise(form, rows, planes, bytes)) return cost_bit_to_ring(rows * planes, bytes);
  const uint64_t k = 8 * bytes, opened = 8 * k * ((rows + 63) / 64);
  return cost_input(rows, k) + adder_circuit(planes, k).cost(rows) + Cost{1, {opened, opened, 0}, {0, 0, 0}};
}

Cost cost_ring_to_bits(uint64_t rows, uint64_t bytes) {
  if (rows == 0) return {};
  return cost_input(rows, 8 * bytes) + adder_circuit(8 * bytes, 8 * bytes).cost(rows);
}

Cost cost_ring_negative(uint64_t rows, uint64_t bytes, CompareDepth depth) {
  if (rows == 0) return {};
  return cost_input(rows, 8 * bytes) + negative_circuit(8 * bytes, depth).cost(rows);
}

Cost cost_inject(uint64_t rows, uint64_t bytes) {
  return cost_bit_to_ring(rows, bytes) + cost_multiply_ring(rows, bytes);
}

#define SLUIS_CONVERT(T)                                                                                    \
  template SharedRing<T> bit_to_ring<T>(Session&, const SharedBits&);                                       \
  template SharedRing<T> planes_to_ring<T>(Session&, const SharedBits&);                                    \
  template SharedRing<T> sums_of_products<T>(Session&, const SharedRing<T>&, const SharedRing<T>&, size_t); \
  template SharedRing<T> bits_to_ring<T>(Session&, const SharedBits&, RingForm);                            \
  template SharedBits ring_to_bits<T>(Session&, const SharedRing<T>&);                                      \
  template SharedBits ring_negative<T>(Session&, const SharedRing<T>&, CompareDepth);                       \
  template SharedRing<T> inject<T>(Session&, const SharedBits&, const SharedRing<T>&);                      \
  template SharedRing<T> multiply<T>(Session&, const SharedRing<T>&, const SharedRing<T>&)

SLUIS_CONVERT(uint32_t);
SLUIS_CONVERT(uint64_t);

}  // namespace sluis::mpc
