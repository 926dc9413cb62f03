#include "oblivious/difference.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/secret.h"
#include "mpc/circuit.h"
#include "mpc/first_difference.h"
#include "mpc/messages.h"
#include "sharing/bit_kernels.h"

namespace sluis::oblivious {
namespace {

using mpc::kMessageWords;
using sharing::kBlockWords;
using sharing::SharedBits;

mpc::Circuit nested_circuit(size_t planes, const mpc::CompareRecipe& recipe) {
  mpc::Circuit circuit;
  const mpc::Wires d = circuit.inputs(planes), y = circuit.inputs(planes);
  mpc::Wires equal, from_top;
  for (size_t p = planes; p-- > 0;) {
    equal.push_back(mpc::Circuit::not_(d[p]));
    from_top.push_back(y[p]);
  }
  circuit.output(mpc::compare_nested(circuit, equal, from_top, recipe));
  return circuit;
}

// c <- c ^ d_p (c ^ y_p), from the lowest plane p on; c is a plane without blocks.
class Ripple {
 public:
  Ripple(mpc::Session& session, const SharedBits& operands)
      : session_(session),
        operands_(operands),
        planes_(operands.planes() / 2),
        c_(operands.rows(), 1),
        message_(std::min(kMessageWords, c_.own.words().size())) {}
  ~Ripple() { secure_wipe(y_or_c_.data(), sizeof y_or_c_); }

  SharedBits run() {
    for (size_t p = 0; p < planes_; ++p) run_plane(p);
    return std::move(c_);
  }

 private:
  void run_plane(size_t plane) {
    session_.begin_round();
    const uint64_t operation = session_.next_operation();
    size_t first = 0, filled = 0;  // of the message being built
    for (size_t b = 0; b < operands_.own.blocks(); ++b) {
      filled += add_block(operation, plane, b, filled);
      if (filled == kMessageWords) {
        send(first, filled);
        first += filled;
        filled = 0;
      }
    }
    if (filled > 0) send(first, filled);
    receive();
    session_.verify_queue().append(operands_.rows());
  }

  // The gates of one block, into the message; returns their words.
  size_t add_block(uint64_t operation, size_t plane, size_t block, size_t filled) {
    const size_t words = operands_.own.block_words(block), at = block * kBlockWords;
    const uint64_t* y_own = operands_.own.run(block, planes_ + plane).data();
    const uint64_t* y_next = operands_.next.run(block, planes_ + plane).data();
    const uint64_t* c_own = c_.own.words().data() + at;
    const uint64_t* c_next = c_.next.words().data() + at;
    uint64_t* own = y_or_c_.data();
    uint64_t* next = own + kBlockWords;
    add(own, y_own, c_own, words);
    add(next, y_next, c_next, words);
    session_.and_gates(operation, at,
                       {operands_.own.run(block, plane),
                        operands_.next.run(block, plane),
                        {own, words},
                        {next, words},
                        {message_.data() + filled, words}});
    return words;
  }

  static void add(uint64_t* out, const uint64_t* x, const uint64_t* y, size_t words) {
    const std::array<const uint64_t*, 2> parts = {x, y};
    sharing::bit_kernels().xor_words(parts.data(), parts.size(), 0, {out, words});
  }

  void send(size_t first, size_t words) {
    session_.send_prev({message_.data(), words});
    uint64_t* c = c_.own.words().data() + first;
    add(c, c, message_.data(), words);
  }

  void receive() {
    const auto c = c_.next.words();
    for (size_t at = 0; at < c.size(); at += kMessageWords) {
      const size_t words = std::min(kMessageWords, c.size() - at);
      session_.recv_next({message_.data(), words});
      add(c.data() + at, c.data() + at, message_.data(), words);
    }
  }

  mpc::Session& session_;
  const SharedBits& operands_;
  const size_t planes_;
  SharedBits c_;
  sharing::RawWords message_;
  std::array<uint64_t, 2 * kBlockWords> y_or_c_{};
};

}  // namespace

SharedBits less_by_difference(mpc::Session& session, const SharedBits& operands,
                              const mpc::CompareRecipe& recipe) {
  CHECK(operands.planes() % 2 == 0);
  const size_t planes = operands.planes() / 2;
  if (planes == 0 || operands.rows() == 0) return SharedBits(operands.rows(), 1);
  if (recipe.empty()) return Ripple(session, operands).run();
  return mpc::evaluate(session, nested_circuit(planes, recipe), {&operands});
}

}  // namespace sluis::oblivious
