// Linear gates on one party's shares. A public value is added to x_0, which P0 holds as own and P2 as next.
#include "base/check.h"
#include "sharing/bits_ops.h"

namespace sluis::sharing {
namespace {

void xor_words(std::span<uint64_t> x, std::span<const uint64_t> y) {
  for (size_t i = 0; i < x.size(); ++i) x[i] ^= y[i];
}

// The member that holds x_0 at this party, or null.
Bits* share_zero(int party, SharedBits& x) { return party == 0 ? &x.own : party == 2 ? &x.next : nullptr; }

}  // namespace

SharedBits xor_(const SharedBits& x, const SharedBits& y) {
  SharedBits z = x;
  xor_into(z, y);
  return z;
}

void xor_into(SharedBits& x, const SharedBits& y) {
  CHECK(x.own.same_shape(y.own));
  xor_words(x.own.words(), y.own.words());
  xor_words(x.next.words(), y.next.words());
}

SharedBits not_(int party, const SharedBits& x) {
  SharedBits z = x;
  if (Bits* zero = share_zero(party, z))
    for (uint64_t& word : zero->words()) word = ~word;
  return z;
}

SharedBits xor_public(int party, const SharedBits& x, const Bits& clear) {
  CHECK(x.own.same_shape(clear));
  SharedBits z = x;
  if (Bits* zero = share_zero(party, z)) xor_words(zero->words(), clear.words());
  return z;
}

SharedBits share_public(int party, const Bits& clear) {
  SharedBits z(clear.rows(), clear.planes());
  if (Bits* zero = share_zero(party, z)) *zero = clear;
  return z;
}

SharedBits share_constant(int party, size_t rows, size_t planes, uint64_t value) {
  CHECK(planes <= 64);
  SharedBits z(rows, planes);
  Bits* zero = share_zero(party, z);
  if (zero == nullptr) return z;
  for (size_t b = 0; b < zero->blocks(); ++b)
    for (size_t p = 0; p < planes; ++p)
      for (uint64_t& word : zero->run(b, p)) word = 0 - (value >> p & 1);
  return z;
}

SharedBits and_public(const SharedBits& x, uint64_t mask) {
  SharedBits z = x;
  for (Bits* part : {&z.own, &z.next})
    for (size_t b = 0; b < part->blocks(); ++b)
      for (size_t p = 0; p < part->planes(); ++p)
        if (p >= 64 || (mask >> p & 1) == 0)
          for (uint64_t& word : part->run(b, p)) word = 0;
  return z;
}

}  // namespace sluis::sharing
