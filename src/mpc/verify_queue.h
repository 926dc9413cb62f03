// Where multiplications leave what a later malicious-security check needs; every open flushes it first.
#pragma once

#include <cstdint>

namespace sluis::mpc {

// Semi-honest today: entries are only counted, flush() checks nothing. Protocol code must already behave as
// if it did: nothing is opened before flush() (protocols.md section 5), so that checks can be added here
// without touching protocols.
class VerifyQueue {
 public:
  // One batch of AND gates or ring products whose result has not been checked.
  void append(uint64_t gates) { pending_ += gates; }
  void flush() {
    ++flushes_;
    pending_ = 0;
  }
  uint64_t pending() const { return pending_; }
  uint64_t flushes() const { return flushes_; }

 private:
  uint64_t pending_ = 0;
  uint64_t flushes_ = 0;
};

}  // namespace sluis::mpc
