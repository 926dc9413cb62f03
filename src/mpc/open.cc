#include "mpc/open.h"

#include "base/check.h"
#include "mpc/messages.h"
#include "mpc/resharing.h"
#include "sharing/bits_ops.h"

namespace sluis::mpc {

namespace {

using sharing::SharedRing;

// x = own ^ next ^ what prev holds as own. The tail is cleared before it is sent: it may hold other values.
Bits open_bits(Session& session, const SharedBits& x) {
  session.verify_queue().flush();
  Bits own = x.own, other = Bits::unset(x.rows(), x.planes());
  sharing::clear_tail(own);
  const auto words = other.words();
  if (words.empty()) return other;
  session.begin_round();
  send_words(session, (session.party() + 1) % 3, own.words());
  recv_words(session, (session.party() + 2) % 3, words);
  const auto next = x.next.words();
  for (size_t i = 0; i < words.size(); ++i) words[i] ^= own.words()[i] ^ next[i];
  sharing::clear_tail(other);
  return other;
}

template <typename T>
sharing::AlignedRing<T> open_ring(Session& session, const SharedRing<T>& x) {
  session.verify_queue().flush();
  sharing::AlignedRing<T> clear(x.size());
  if (clear.empty()) return clear;
  session.begin_round();
  send_elements<T>(session, (session.party() + 1) % 3, x.own);
  recv_elements<T>(session, (session.party() + 2) % 3, clear);
  for (size_t i = 0; i < clear.size(); ++i) clear[i] += x.own[i] + x.next[i];
  return clear;
}

}  // namespace

Bits open_masked(Session& session, const SharedBits& x) { return open_bits(session, x); }

sharing::AlignedRing<uint32_t> open_masked(Session& session, const sharing::SharedRing32& x) {
  return open_ring(session, x);
}

sharing::AlignedRing<uint64_t> open_masked(Session& session, const sharing::SharedRing64& x) {
  return open_ring(session, x);
}

Bits open_declared(Session& session, const SharedBits& x, const char* leakage) {
  CHECK(leakage != nullptr && *leakage != '\0');
  return open_bits(session, x);
}

SharedBits reshare(Session& session, const SharedBits& x) {
  SharedBits z;
  z.own = x.own;
  z.next = Bits::unset(x.rows(), x.planes());
  sharing::clear_tail(z.own);
  SharedBits* const output = &z;
  Resharing resharing(session, {&output, 1});
  if (resharing.words() == 0) return z;
  session.xor_zero_share(session.next_operation(), 0, z.own.words());
  resharing.finish();
  session.verify_queue().append(z.rows() * z.planes());
  return z;
}

}  // namespace sluis::mpc
