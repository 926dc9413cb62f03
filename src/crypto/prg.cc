#include "crypto/prg.h"

#include <cstring>

#include "base/check.h"
#include "base/secret.h"
#include "crypto/kernel_and.h"
#include "crypto/kernels.h"

namespace sluis::crypto {
namespace {

// Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, without branches or tables.
uint8_t gf_multiply(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i) product ^= (unsigned{a} << i) & (0u - ((b >> i) & 1u));
  for (unsigned i = 14; i >= 8; --i) product ^= (0x11Bu << (i - 8)) & (0u - ((product >> i) & 1u));
  return static_cast<uint8_t>(product);
}

// The AES S-box (FIPS-197 5.1.1): inverse as the 254th power, then the affine map. Constant time; a key is
// expanded a few times per job, so speed is no concern.
uint8_t sub_byte(uint8_t v) {
  uint8_t power = v;  // v^(2^k - 1) for k = 1..7, then squared: v^254
  for (int i = 0; i < 6; ++i) power = gf_multiply(gf_multiply(power, power), v);
  const unsigned inverse = gf_multiply(power, power);
  const unsigned doubled = inverse | inverse << 8;
  return static_cast<uint8_t>(inverse ^ doubled >> 7 ^ doubled >> 6 ^ doubled >> 5 ^ doubled >> 4 ^ 0x63u);
}

uint64_t stream_head(PrgDomain domain, uint64_t operation) {
  CHECK(operation < uint64_t{1} << 56);
  return uint64_t{static_cast<uint8_t>(domain)} << 56 | operation;
}

uint8_t* bytes_of(std::span<uint64_t> words) { return reinterpret_cast<uint8_t*>(words.data()); }

}  // namespace

// FIPS-197 5.2, on bytes.
PrgKey::PrgKey(std::span<const uint8_t, 16> key) {
  uint8_t* w = round_keys.data();
  std::memcpy(w, key.data(), 16);
  uint8_t constant = 1;
  for (size_t i = 16; i < round_keys.size(); i += 4) {
    uint8_t t[4] = {w[i - 4], w[i - 3], w[i - 2], w[i - 1]};
    if (i % 16 == 0) {
      const uint8_t first = t[0];
      t[0] = sub_byte(t[1]) ^ constant;
      t[1] = sub_byte(t[2]);
      t[2] = sub_byte(t[3]);
      t[3] = sub_byte(first);
      constant = gf_multiply(constant, 2);
    }
    for (size_t j = 0; j < 4; ++j) w[i + j] = w[i + j - 16] ^ t[j];
  }
}

PrgKey::~PrgKey() { secure_wipe(round_keys.data(), round_keys.size()); }

const char* kernel_level() { return active_kernels().name; }

void prg_fill(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
              std::span<uint8_t> out) {
  active_kernels().fill({key.round_keys.data(), stream_head(domain, operation), first_block}, out.data(),
                        out.size());
}

void prg_fill(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
              std::span<uint64_t> out) {
  prg_fill(key, domain, operation, first_block, std::span(bytes_of(out), out.size_bytes()));
}

void prg_xor(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
             std::span<uint8_t> out) {
  active_kernels().xor_into({key.round_keys.data(), stream_head(domain, operation), first_block}, out.data(),
                            out.size());
}

void prg_xor(const PrgKey& key, PrgDomain domain, uint64_t operation, uint64_t first_block,
             std::span<uint64_t> out) {
  prg_xor(key, domain, operation, first_block, std::span(bytes_of(out), out.size_bytes()));
}

static KernelPair zero_pair(const PrgKey& k_own, const PrgKey& k_next, uint64_t operation, uint64_t block) {
  return {k_own.round_keys.data(), k_next.round_keys.data(), stream_head(PrgDomain::kZero, operation), block};
}

void prg_zero_share(const PrgKey& k_own, const PrgKey& k_next, uint64_t operation, uint64_t first_block,
                    std::span<uint64_t> out) {
  active_kernels().pair_fill(zero_pair(k_own, k_next, operation, first_block), bytes_of(out),
                             out.size_bytes());
}

void prg_xor_zero_share(const PrgKey& k_own, const PrgKey& k_next, uint64_t operation, uint64_t first_block,
                        std::span<uint64_t> out) {
  active_kernels().pair_xor(zero_pair(k_own, k_next, operation, first_block), bytes_of(out),
                            out.size_bytes());
}

void and_kernel(const AndArgs& a) {
  const size_t words = a.z_out.size();
  CHECK(a.x_own.size() == words && a.x_next.size() == words);
  CHECK(a.y_own.size() == words && a.y_next.size() == words);
  CHECK(a.k_own != nullptr && a.k_next != nullptr && a.first_word % kPrgBlockWords == 0);
  const KernelPair pair = zero_pair(*a.k_own, *a.k_next, a.operation, a.first_word / kPrgBlockWords);
  active_kernels().and_gates(
      pair, {a.x_own.data(), a.x_next.data(), a.y_own.data(), a.y_next.data(), a.z_out.data(), words});
}

void random_share_words(const RandomShareArgs& a) {
  CHECK(a.own.size() == a.next.size() && a.first_word % kPrgBlockWords == 0);
  CHECK(a.k_own != nullptr && a.k_next != nullptr);
  prg_fill(*a.k_own, PrgDomain::kShare, a.operation, a.first_word / kPrgBlockWords, a.own);
  prg_fill(*a.k_next, PrgDomain::kShare, a.operation, a.first_word / kPrgBlockWords, a.next);
}

}  // namespace sluis::crypto
