#include <algorithm>
#include <array>
#include <string_view>

#include "base/secret.h"
#include "crypto/hkdf.h"
#include "crypto/key_exchange.h"
#include "crypto/random.h"
#include "mpc/session.h"

namespace sluis::mpc {
namespace {

using net::Neighbour;

constexpr uint32_t kKeyRound = 0;  // protocols count their rounds from 1
constexpr std::string_view kPurpose = "sluis mpc pair key v1";

// What each end of a pair sends: an ephemeral public key and a nonce.
struct Offer {
  static constexpr size_t kBytes = 64;
  std::array<uint8_t, kBytes> bytes{};
  std::span<const uint8_t, 32> public_key() const { return std::span<const uint8_t, 32>(bytes.data(), 32); }
  ByteSpan nonce() const { return ByteSpan(bytes).subspan(32); }
};

Offer make_offer(const crypto::KeyExchange& exchange) {
  Offer offer;
  std::copy(exchange.public_key().begin(), exchange.public_key().end(), offer.bytes.begin());
  crypto::random_bytes(std::span(offer.bytes).subspan(32));
  return offer;
}

void append(Bytes& out, ByteSpan bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// k_j of the pair P_{j-1} (first), P_j (second).
crypto::PrgKey derive(const SecretBytes& shared, int j, const Offer& first, const Offer& second,
                      ByteSpan job_hash) {
  Bytes salt;
  append(salt, first.nonce());
  append(salt, second.nonce());
  Bytes info;
  append(info, as_bytes(kPurpose));
  info.push_back(static_cast<uint8_t>(j));
  append(info, first.public_key());
  append(info, second.public_key());
  append(info, job_hash);
  SecretBytes key(16);
  crypto::hkdf_sha256(shared.span(), salt, info, key.span());
  return crypto::PrgKey(key.first<16>());
}

}  // namespace

SessionKeys agree_keys(net::Mesh& mesh, ByteSpan job_hash) {
  const crypto::KeyExchange with_prev, with_next;
  const Offer to_prev = make_offer(with_prev), to_next = make_offer(with_next);
  mesh.send(Neighbour::kPrev, kKeyRound, ByteSpan(to_prev.bytes));
  mesh.send(Neighbour::kNext, kKeyRound, ByteSpan(to_next.bytes));
  Offer from_prev, from_next;
  mesh.recv(Neighbour::kPrev, kKeyRound, from_prev.bytes);
  mesh.recv(Neighbour::kNext, kKeyRound, from_next.bytes);
  const auto shared_prev = with_prev.agree(from_prev.public_key());
  const auto shared_next = with_next.agree(from_next.public_key());
  if (!shared_prev || !shared_next) {
    mesh.abort(net::AbortCode::kBadInput);
    throw net::ProtocolAbort(net::AbortCode::kBadInput, "key of low order");
  }
  const int i = mesh.party(), j = (i + 1) % 3;
  return {derive(*shared_prev, i, from_prev, to_prev, job_hash),
          derive(*shared_next, j, to_next, from_next, job_hash)};
}

}  // namespace sluis::mpc
