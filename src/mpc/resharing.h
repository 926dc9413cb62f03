// The one message of a multiplication: each party sends its additive share z_i to prev, so that afterwards
// everyone holds z_i and z_{i+1}. Internal to mpc/.
#pragma once

#include <span>
#include <vector>

#include "mpc/messages.h"
#include "mpc/session.h"
#include "sharing/bits.h"

namespace sluis::mpc {

// One round over the words of several matrices, in order, as one stream. The caller fills `own` front to
// back and says how far it is. The cut into messages depends on the shapes alone.
class Resharing {
 public:
  // Begins a round unless there are no words at all (then nothing is sent: no round). Outputs outlive this.
  Resharing(Session& session, std::span<sharing::SharedBits* const> outputs);
  // The same over runs of words, own and next of one length; empty ones do not count.
  struct Run {
    std::span<uint64_t> own, next;
  };
  Resharing(Session& session, std::span<const Run> outputs);
  uint64_t words() const { return words_; }
  // The first `words` words of all own parts are final: sends every message that is now complete, and takes
  // what has arrived meanwhile for next parts that lie before them.
  void computed(uint64_t words);
  // All own parts are final: sends the rest, then receives all next parts.
  void finish();

 private:
  struct Piece {
    uint64_t first;  // position in the stream
    std::span<uint64_t> own, next;
  };
  void send_message(uint64_t first, uint64_t count);
  // False if it does not wait and the message is not there yet.
  bool receive_message(bool wait);
  void scatter(uint64_t first, std::span<const uint64_t> words);
  // Index of the piece that holds word `at`.
  size_t piece_of(uint64_t at) const;

  Session& session_;
  std::vector<Piece> pieces_;
  uint64_t words_ = 0;
  uint64_t sent_ = 0, received_ = 0;
  std::vector<uint64_t> outgoing_, incoming_;  // messages that lie across two pieces
};

}  // namespace sluis::mpc
