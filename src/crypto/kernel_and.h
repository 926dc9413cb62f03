// Kernels over replicated shares of packed bits: 64 AND gates per word, with both mask streams fused in.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/prg.h"

namespace sluis::crypto {

// One batch of AND gates at one party: x_own, x_next are its two shares of x, likewise y.
// REQUIRES: all spans of one length; z_out equals one of the inputs exactly or overlaps none; first_word
// even; the two keys set.
struct AndArgs {
  std::span<const uint64_t> x_own, x_next, y_own, y_next;
  std::span<uint64_t> z_out;       // receives this party's additive share of x AND y
  const PrgKey* k_own = nullptr;   // k_i, shared with prev
  const PrgKey* k_next = nullptr;  // k_{i+1}, shared with next
  uint64_t operation = 0;          // < 2^56
  uint64_t first_word = 0;  // position of z_out[0] in the operation's word stream; block = first_word / 2
};

// z = F(k_own) ^ F(k_next) ^ (x_own & y_own) ^ (x_own & y_next) ^ (x_next & y_own), domain kZero.
// The result equals the plain formula over prg_zero_share. Source: Araki et al., CCS 2016.
void and_kernel(const AndArgs& args);

// Random replicated shares without communication: own = F(k_own), next = F(k_next), domain kShare, from word
// `first_word` on.
struct RandomShareArgs {
  std::span<uint64_t> own, next;  // one length
  const PrgKey* k_own = nullptr;
  const PrgKey* k_next = nullptr;
  uint64_t operation = 0;   // < 2^56
  uint64_t first_word = 0;  // even
};
void random_share_words(const RandomShareArgs& args);

}  // namespace sluis::crypto
