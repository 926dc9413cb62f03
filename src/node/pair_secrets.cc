#include "node/pair_secrets.h"

#include <filesystem>

#include "crypto/hkdf.h"
#include "crypto/key_exchange.h"
#include "crypto/sealed_file.h"

namespace sluis::node {
namespace {

constexpr uint32_t kOperation = 0x5000'0000;  // apart from a session's numbers, which start at 1
constexpr size_t kSecretBytes = 32;

std::string file_of(const NodeState& state, net::Neighbour to) {
  const int peer = net::neighbour_party(state.config.party, to);
  return state.config.data + "/pair-" + state.registry.nodes[static_cast<size_t>(peer)].name + ".sealed";
}

Result<SecretBytes> load(const NodeState& state, const std::string& file) {
  if (!std::filesystem::exists(file)) return SecretBytes();
  return state.store->unseal_small(file, kSecretBytes);
}

// What a party shows of its secret: a value from which the secret cannot be found, and which differs if the
// secrets do.
crypto::Digest sign_of(const SecretBytes& secret) {
  if (secret.empty()) return {};
  crypto::Digest sign{};
  crypto::hkdf_sha256(secret.span(), {}, as_bytes("sluis pair secret check"), sign);
  return sign;
}

}  // namespace

Result<PairSecrets> pair_secrets(const NodeState& state, net::Mesh& mesh) {
  std::array<SecretBytes, 2> secrets;
  std::array<crypto::KeyExchange, 2> exchanges;
  for (const net::Neighbour to : net::kBothNeighbours) {
    const size_t at = static_cast<size_t>(to);
    SLUIS_ASSIGN(secrets[at], load(state, file_of(state, to)));
    Bytes message(exchanges[at].public_key().begin(), exchanges[at].public_key().end());
    const crypto::Digest sign = sign_of(secrets[at]);
    message.insert(message.end(), sign.begin(), sign.end());
    mesh.send(to, kOperation, std::move(message));
  }
  for (const net::Neighbour from : net::kBothNeighbours) {
    const size_t at = static_cast<size_t>(from);
    std::array<uint8_t, 64> message{};
    mesh.recv(from, kOperation, message);
    const crypto::Digest sign = sign_of(secrets[at]);
    const bool same = !secrets[at].empty() && equal_constant_time(ByteSpan(message).subspan(32), sign);
    if (same) continue;
    const auto shared = exchanges[at].agree(std::span<const uint8_t, 32>(message.data(), 32));
    if (!shared) throw net::ProtocolAbort(net::AbortCode::kBadInput);
    // Both ends order the two public keys alike.
    Bytes salt(exchanges[at].public_key().begin(), exchanges[at].public_key().end());
    Bytes other(message.begin(), message.begin() + 32);
    if (other < salt) std::swap(salt, other);
    salt.insert(salt.end(), other.begin(), other.end());
    secrets[at] = crypto::hkdf_sha256(shared->span(), salt, "sluis pair secret", kSecretBytes);
    SLUIS_TRY(state.store->seal_small(file_of(state, from), secrets[at].span()));
  }
  return PairSecrets{std::move(secrets[static_cast<size_t>(net::Neighbour::kPrev)]),
                     std::move(secrets[static_cast<size_t>(net::Neighbour::kNext)])};
}

}  // namespace sluis::node
