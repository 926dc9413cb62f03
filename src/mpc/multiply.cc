// The product of replicated shares; everything non-linear in mpc/ comes down to this file and evaluate.cc.
//
// F: [x], [y] -> [x y], bit by bit.
//   z_i = x_i y_i ^ x_i y_{i+1} ^ x_{i+1} y_i ^ alpha_i,   alpha_i = F(k_i, c) ^ F(k_{i+1}, c)
//   P_i sends z_i to P_{i-1}; P_i now holds own = z_i, next = z_{i+1}.
// The nine cross terms x_a y_b each fall to exactly one party, and the alphas XOR to zero.
// Security: semi-honest, one corrupt party. P_{i-1} lacks k_{i+1}, so z_i is uniform to it whatever x and y
// are: the simulator sends random words. Opens nothing.
// Cost: cost_and. Randomness: kZero, one operation number per call. Leaks: the shapes.
// Source: Araki et al., CCS 2016, section 3.2 (index convention: protocols.md section 2). The sum over t of
// an inner product is local: it costs the communication of one product. docs/protocols/multiply.md.
#include "mpc/multiply.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/circuit.h"
#include "mpc/resharing.h"
#include "sharing/bit_kernels.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {

using sharing::kBlockWords;

namespace {

// Words handled at a time when the factors must first be laid out: stays in the second-level cache.
constexpr size_t kChunkWords = 8192;

void check_pair(const AndPair& pair) {
  CHECK(pair.x->rows() == pair.y->rows());
  CHECK(pair.y->planes() == pair.x->planes() || pair.y->planes() == 1);
}

bool broadcasts(const AndPair& pair) { return pair.y->planes() != pair.x->planes(); }

// One plane repeated under every plane of x, for blocks first.. of a matrix shaped like x.
void lay_out(const Bits& y, const Bits& x, size_t first_block, std::span<uint64_t> out) {
  auto to = out.begin();
  for (size_t b = first_block; to != out.end(); ++b)
    for (size_t p = 0; p < x.planes(); ++p) to = std::ranges::copy(y.run(b, 0), to).out;
}

// Runs `work(first word, x, y)` over chunks of whole blocks, y laid out like x; GateWords::z is left empty.
template <typename Work>
void for_each_chunk(const AndPair& pair, Work work) {
  const Bits& shape = pair.x->own;
  const size_t total = shape.words().size();
  const size_t per_block = shape.planes() * kBlockWords;
  const size_t chunk = per_block * std::max<size_t>(1, kChunkWords / std::max<size_t>(1, per_block));
  sharing::AlignedWords own, next;
  for (size_t at = 0; at < total; at += chunk) {
    const size_t n = std::min(chunk, total - at);
    GateWords words{pair.x->own.words().subspan(at, n), pair.x->next.words().subspan(at, n), {}, {}, {}};
    if (broadcasts(pair)) {
      own.resize(n);
      next.resize(n);
      lay_out(pair.y->own, shape, at / per_block, own);
      lay_out(pair.y->next, shape, at / per_block, next);
      words.y_own = own;
      words.y_next = next;
    } else {
      words.y_own = pair.y->own.words().subspan(at, n);
      words.y_next = pair.y->next.words().subspan(at, n);
    }
    work(at, words);
  }
}

// The words of one plane of a matrix of one row-block structure, last word cut to the rows.
uint64_t last_mask(const Bits& x) {
  return x.rows() % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << x.rows() % 64) - 1;
}

// This party's unmasked additive share of the XOR over all rows of plane p of x AND plane q of y.
bool product_parity(const SharedBits& x, size_t p, const SharedBits& y, size_t q) {
  uint64_t sum = 0;
  for (size_t b = 0; b < x.own.blocks(); ++b) {
    const auto xo = x.own.run(b, p), xn = x.next.run(b, p), yo = y.own.run(b, q), yn = y.next.run(b, q);
    const size_t last = b + 1 == x.own.blocks() ? xo.size() - 1 : xo.size();
    const auto product = [&](size_t i) { return (xo[i] & (yo[i] ^ yn[i])) ^ (xn[i] & yo[i]); };
    for (size_t i = 0; i < last; ++i) sum ^= product(i);
    if (last < xo.size()) sum ^= product(last) & last_mask(x.own);
  }
  return (std::popcount(sum) & 1) != 0;
}

// z.own holds unmasked additive shares: mask, send, receive.
void mask_and_reshare(Session& session, SharedBits& z, uint64_t gates) {
  SharedBits* const output = &z;
  Resharing resharing(session, {&output, 1});
  session.xor_zero_share(session.next_operation(), 0, z.own.words());
  resharing.finish();
  session.verify_queue().append(gates);
}

}  // namespace

std::vector<SharedBits> and_batch(Session& session, std::span<const AndPair> pairs) {
  std::vector<SharedBits> z;
  uint64_t gates = 0;
  for (const AndPair& pair : pairs) {
    check_pair(pair);
    z.push_back(SharedBits::unset(pair.x->rows(), pair.x->planes()));
    gates += pair.x->rows() * pair.x->planes();
  }
  std::vector<SharedBits*> outputs;
  for (SharedBits& matrix : z) outputs.push_back(&matrix);
  Resharing resharing(session, outputs);
  if (resharing.words() == 0) return z;
  const uint64_t operation = session.next_operation();
  uint64_t stream = 0, computed = 0;  // the mask stream starts every matrix at a whole block
  for (size_t i = 0; i < pairs.size(); ++i) {
    const auto out = z[i].own.words();
    for_each_chunk(pairs[i], [&](size_t at, GateWords words) {
      words.z = out.subspan(at, words.x_own.size());
      session.and_gates(operation, stream + at, words);
      resharing.computed(computed + at + words.z.size());
    });
    computed += out.size();
    stream += out.size() + out.size() % 2;
  }
  resharing.finish();
  session.verify_queue().append(gates);
  return z;
}

SharedBits and_(Session& session, const SharedBits& x, const SharedBits& y) {
  const AndPair pair{&x, &y};
  return std::move(and_batch(session, {&pair, 1})[0]);
}

SharedBits inner_product(Session& session, std::span<const AndPair> terms) {
  CHECK(!terms.empty());
  SharedBits z(terms[0].x->rows(), terms[0].x->planes());
  if (z.own.words().empty()) return z;
  for (const AndPair& term : terms) {
    check_pair(term);
    CHECK(term.x->own.same_shape(z.own));
    for_each_chunk(term, [&](size_t at, const GateWords& w) {
      sharing::bit_kernels().add_product({w.x_own.data(), w.x_next.data()}, {w.y_own.data(), w.y_next.data()},
                                         {z.own.words().data() + at, w.x_own.size()});
    });
  }
  mask_and_reshare(session, z, terms.size() * z.rows() * z.planes());
  return z;
}

SharedBits inner_product_rows(Session& session, const SharedBits& x, const SharedBits& y) {
  check_pair({&x, &y});
  const size_t planes = x.planes();
  SharedBits result(1, planes);
  if (x.rows() == 0 || planes == 0) return result;
  SharedBits z(planes, 1);  // the bits of the one row, packed
  for (size_t p = 0; p < planes; ++p) z.own.set(p, 0, product_parity(x, p, y, y.planes() == 1 ? 0 : p));
  mask_and_reshare(session, z, planes * x.rows());
  for (size_t p = 0; p < planes; ++p) {
    result.own.set(0, p, z.own.get(p, 0));
    result.next.set(0, p, z.next.get(p, 0));
  }
  return result;
}

SharedBits inner_products_rows(Session& session, const SharedBits& x, const SharedBits& y) {
  CHECK(x.rows() == y.rows());
  SharedBits z(x.planes(), y.planes());
  if (x.rows() == 0 || z.own.words().empty()) return z;
  for (size_t i = 0; i < x.planes(); ++i)
    for (size_t j = 0; j < y.planes(); ++j) z.own.set(i, j, product_parity(x, i, y, j));
  mask_and_reshare(session, z, x.planes() * y.planes() * x.rows());
  return z;
}

// x OR y = x ^ y ^ x y. Security, Leaks: as and_. Cost: cost_and.
SharedBits or_(Session& session, const SharedBits& x, const SharedBits& y) {
  SharedBits z = and_(session, x, y);
  sharing::xor_into(z, x);
  sharing::xor_into(z, y.planes() == x.planes() ? y : sharing::broadcast_plane(y, x.planes()));
  return z;
}

// c ? x : y = y ^ c (x ^ y). Security, Leaks: as and_. Cost: cost_and.
SharedBits mux(Session& session, const SharedBits& c, const SharedBits& x, const SharedBits& y) {
  CHECK(c.planes() == 1);
  SharedBits z = and_(session, sharing::xor_(x, y), c);
  sharing::xor_into(z, y);
  return z;
}

namespace {

// AND of the planes, or NOT of the AND of their complements.
Circuit planes_circuit(size_t planes, bool is_or) {
  Circuit circuit;
  std::vector<Wire> wires = circuit.inputs(planes);
  for (Wire& wire : wires) wire.one = is_or;
  const Wire all = circuit.and_all(std::move(wires));
  circuit.output(is_or ? Circuit::not_(all) : all);
  return circuit;
}

}  // namespace

SharedBits and_planes(Session& session, const SharedBits& x) {
  return evaluate(session, planes_circuit(x.planes(), false), {&x});
}

SharedBits or_planes(Session& session, const SharedBits& x) {
  return evaluate(session, planes_circuit(x.planes(), true), {&x});
}

Cost cost_and_planes(uint64_t rows, uint64_t planes) { return planes_circuit(planes, false).cost(rows); }

}  // namespace sluis::mpc
