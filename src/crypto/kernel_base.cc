// Portable level: OpenSSL's AES-128-CTR, which picks constant-time code for the processor (AES-NI, vector
// permutation or bit slicing on x86-64, the crypto extension or bit slicing on ARM). Its 128-bit big-endian
// counter is our counter block, as the block index never carries into the operation.
#include <openssl/evp.h>

#include <bit>
#include <cstring>

#include "base/check.h"
#include "crypto/kernels.h"

namespace sluis::crypto {
namespace {

static_assert(std::endian::native == std::endian::little, "streams are read as little-endian words");

constexpr size_t kSlice = 4096;  // bytes; two passes over one slice stay in the first-level cache

struct CipherContext {
  CipherContext() : cipher(EVP_CIPHER_fetch(nullptr, "AES-128-CTR", nullptr)), context(EVP_CIPHER_CTX_new()) {
    CHECK(cipher != nullptr && context != nullptr);
  }
  ~CipherContext() {
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  }
  CipherContext(const CipherContext&) = delete;
  CipherContext& operator=(const CipherContext&) = delete;
  EVP_CIPHER* cipher;
  EVP_CIPHER_CTX* context;
};

CipherContext& thread_context() {
  static thread_local CipherContext context;
  return context;
}

void put_big_endian(uint8_t* out, uint64_t v) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<uint8_t>(v >> (56 - 8 * i));
}

// A running key stream. The context is reset at the end, so that no key stays behind in it.
class Stream {
 public:
  Stream(EVP_CIPHER_CTX* context, const KernelStream& stream) : context_(context) {
    uint8_t counter[16];
    put_big_endian(counter, stream.head);
    put_big_endian(counter + 8, stream.block);
    CHECK(EVP_EncryptInit_ex2(context_, thread_context().cipher, stream.round_keys, counter, nullptr) == 1);
  }
  ~Stream() { EVP_CIPHER_CTX_reset(context_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  void xor_into(uint8_t* out, size_t bytes) {
    int written = 0;
    CHECK(EVP_EncryptUpdate(context_, out, &written, out, static_cast<int>(bytes)) == 1);
    CHECK(static_cast<size_t>(written) == bytes);
  }

 private:
  EVP_CIPHER_CTX* context_;
};

void xor_into(const KernelStream& part, uint8_t* out, size_t bytes) {
  if (bytes == 0) return;
  constexpr size_t kMost = size_t{1} << 30;  // EVP counts in int
  Stream stream(thread_context().context, part);
  for (size_t at = 0; at < bytes; at += kMost)
    stream.xor_into(out + at, bytes - at < kMost ? bytes - at : kMost);
}

void fill(const KernelStream& part, uint8_t* out, size_t bytes) {
  for (size_t at = 0; at < bytes; at += size_t{64} * kSlice) {
    const size_t n = bytes - at < 64 * kSlice ? bytes - at : 64 * kSlice;
    std::memset(out + at, 0, n);
    xor_into({part.round_keys, part.head, part.block + at / 16}, out + at, n);
  }
}

void pair_xor(const KernelPair& pair, uint8_t* out, size_t bytes) {
  for (size_t at = 0; at < bytes; at += 8 * kSlice) {
    const size_t n = bytes - at < 8 * kSlice ? bytes - at : 8 * kSlice;
    xor_into({pair.keys_own, pair.head, pair.block + at / 16}, out + at, n);
    xor_into({pair.keys_next, pair.head, pair.block + at / 16}, out + at, n);
  }
}

void pair_fill(const KernelPair& pair, uint8_t* out, size_t bytes) {
  if (bytes != 0) std::memset(out, 0, bytes);
  pair_xor(pair, out, bytes);
}

void and_gates(const KernelPair& pair, const KernelAnd& g) {
  constexpr size_t kWords = 8 * kSlice / 8;
  for (size_t at = 0; at < g.words; at += kWords) {
    const size_t n = g.words - at < kWords ? g.words - at : kWords;
    for (size_t i = at; i < at + n; ++i)
      g.z[i] = (g.x_own[i] & (g.y_own[i] ^ g.y_next[i])) ^ (g.x_next[i] & g.y_own[i]);
    const KernelPair part = {pair.keys_own, pair.keys_next, pair.head, pair.block + at / 2};
    pair_xor(part, reinterpret_cast<uint8_t*>(g.z + at), 8 * n);
  }
}

}  // namespace

extern const Kernels kKernelsBase;
const Kernels kKernelsBase = {"base", fill, xor_into, pair_fill, pair_xor, and_gates};

}  // namespace sluis::crypto
