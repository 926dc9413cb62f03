#include "sharing/split.h"

#include "base/check.h"
#include "crypto/prg.h"
#include "crypto/random.h"
#include "sharing/bits_ops.h"

namespace sluis::sharing {
namespace {

void xor_expanded(Bits& x, const Seed& seed) {
  crypto::prg_xor(crypto::PrgKey(seed), crypto::PrgDomain::kInput, 0, 0, x.words());
}

// Equal on all rows; what lies past the last row does not count.
bool equal_rows(Bits x, Bits y) {
  if (!x.same_shape(y)) return false;
  clear_tail(x);
  clear_tail(y);
  const auto a = x.words(), b = y.words();
  uint64_t difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
  return difference == 0;
}

}  // namespace

Bits expand(const Seed& seed, size_t rows, size_t planes) {
  Bits x(rows, planes);
  crypto::prg_fill(crypto::PrgKey(seed), crypto::PrgDomain::kInput, 0, 0, x.words());
  return x;
}

Split split(const Bits& clear) {
  Split s{crypto::random_array<16>(), crypto::random_array<16>(), clear};
  clear_tail(s.x_2);
  xor_expanded(s.x_2, s.seed_0);
  xor_expanded(s.x_2, s.seed_1);
  return s;
}

SharedBits party_share(const Split& split, int party) {
  CHECK(party >= 0 && party < 3);
  const auto share = [&](int j) {
    if (j == 2) return split.x_2;
    return expand(j == 0 ? split.seed_0 : split.seed_1, split.x_2.rows(), split.x_2.planes());
  };
  SharedBits x;
  x.own = share(party);
  x.next = share((party + 1) % 3);
  return x;
}

Result<Bits> combine(const std::array<SharedBits, 3>& shares) {
  for (size_t i = 0; i < 3; ++i)
    if (!equal_rows(shares[i].next, shares[(i + 1) % 3].own)) {
      Error error;
      error.id = "S1302";
      return error;
    }
  Bits x = shares[0].own;
  const auto out = x.words();
  for (const Bits* part : {&shares[0].next, &shares[1].next}) {
    const auto words = part->words();
    for (size_t i = 0; i < out.size(); ++i) out[i] ^= words[i];
  }
  clear_tail(x);
  return x;
}

}  // namespace sluis::sharing
