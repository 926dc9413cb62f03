#include "mpc/session.h"

#include "base/check.h"
#include "crypto/kernel_and.h"
#include "crypto/permutation.h"

namespace sluis::mpc {

using crypto::PrgDomain;
using net::Neighbour;

namespace {

ByteSpan bytes_of(std::span<const uint64_t> words) {
  return {reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()};
}

std::span<uint8_t> bytes_of(std::span<uint64_t> words) {
  return {reinterpret_cast<uint8_t*>(words.data()), words.size_bytes()};
}

}  // namespace

Session::Session(net::Mesh& mesh, SessionKeys keys) : mesh_(mesh), keys_(std::move(keys)) {}

void Session::random_own(PrgDomain domain, uint64_t operation, std::span<uint64_t> out) {
  used(party(), domain, operation, 0, out.size());
  crypto::prg_fill(keys_.own, domain, operation, 0, out);
}

void Session::random_next(PrgDomain domain, uint64_t operation, std::span<uint64_t> out) {
  used(next_index(), domain, operation, 0, out.size());
  crypto::prg_fill(keys_.next, domain, operation, 0, out);
}

void Session::xor_random_own(PrgDomain domain, uint64_t operation, std::span<uint64_t> out,
                             uint64_t first_word) {
  CHECK(first_word % crypto::kPrgBlockWords == 0);
  used(party(), domain, operation, first_word, out.size());
  crypto::prg_xor(keys_.own, domain, operation, first_word / crypto::kPrgBlockWords, out);
}

void Session::xor_random_next(PrgDomain domain, uint64_t operation, std::span<uint64_t> out,
                              uint64_t first_word) {
  CHECK(first_word % crypto::kPrgBlockWords == 0);
  used(next_index(), domain, operation, first_word, out.size());
  crypto::prg_xor(keys_.next, domain, operation, first_word / crypto::kPrgBlockWords, out);
}

void Session::xor_zero_share(uint64_t operation, uint64_t first_word, std::span<uint64_t> out) {
  CHECK(first_word % crypto::kPrgBlockWords == 0);
  used(party(), PrgDomain::kZero, operation, first_word, out.size());
  used(next_index(), PrgDomain::kZero, operation, first_word, out.size());
  crypto::prg_xor_zero_share(keys_.own, keys_.next, operation, first_word / crypto::kPrgBlockWords, out);
}

void Session::and_gates(uint64_t operation, uint64_t first_word, const GateWords& gates) {
  used(party(), PrgDomain::kZero, operation, first_word, gates.z.size());
  used(next_index(), PrgDomain::kZero, operation, first_word, gates.z.size());
  crypto::AndArgs args;
  args.x_own = gates.x_own;
  args.x_next = gates.x_next;
  args.y_own = gates.y_own;
  args.y_next = gates.y_next;
  args.z_out = gates.z;
  args.k_own = &keys_.own;
  args.k_next = &keys_.next;
  args.operation = operation;
  args.first_word = first_word;
  crypto::and_kernel(args);
}

void Session::permutation_own(uint64_t operation, std::span<uint32_t> out) {
  used(party(), PrgDomain::kPermutation, operation, 0, out.size());
  crypto::random_permutation(keys_.own, operation, out);
}

void Session::permutation_next(uint64_t operation, std::span<uint32_t> out) {
  used(next_index(), PrgDomain::kPermutation, operation, 0, out.size());
  crypto::random_permutation(keys_.next, operation, out);
}

void Session::begin_round() {
  if (progress_) progress_(measured_.sent_by(party()));
  ++measured_.rounds;
}

void Session::send_next(std::span<const uint64_t> words) { send_next_bytes(bytes_of(words)); }
void Session::send_prev(std::span<const uint64_t> words) { send_prev_bytes(bytes_of(words)); }
void Session::recv_next(std::span<uint64_t> words) { recv_next_bytes(bytes_of(words)); }
void Session::recv_prev(std::span<uint64_t> words) { recv_prev_bytes(bytes_of(words)); }

bool Session::recv_next_if_arrived(std::span<uint64_t> words) {
  return mesh_.recv_if_arrived(Neighbour::kNext, round_tag(), bytes_of(words));
}

void Session::send_next_bytes(ByteSpan bytes) {
  mesh_.send(Neighbour::kNext, round_tag(), bytes);
  sent(0, bytes.size());
}

void Session::send_prev_bytes(ByteSpan bytes) {
  mesh_.send(Neighbour::kPrev, round_tag(), bytes);
  sent(1, bytes.size());
}

void Session::recv_next_bytes(std::span<uint8_t> bytes) { mesh_.recv(Neighbour::kNext, round_tag(), bytes); }
void Session::recv_prev_bytes(std::span<uint8_t> bytes) { mesh_.recv(Neighbour::kPrev, round_tag(), bytes); }

void Session::abort(net::AbortCode code, const char* detail) {
  mesh_.abort(code);
  throw net::ProtocolAbort(code, detail);
}

void Session::sent(int direction, uint64_t bytes) {
  const auto me = static_cast<size_t>(party());
  (direction == 0 ? measured_.to_next : measured_.to_prev)[me] += bytes;
  if (recording_) trace_.emplace_back(direction, bytes);
}

void Session::used(int key, PrgDomain domain, uint64_t operation, uint64_t first_word, uint64_t words) {
  if (!recording_ || words == 0) return;
  const uint64_t first = first_word / crypto::kPrgBlockWords;
  const uint64_t end = (first_word + words + crypto::kPrgBlockWords - 1) / crypto::kPrgBlockWords;
  prg_uses_.push_back({key, domain, operation, first, end - first});
}

}  // namespace sluis::mpc
