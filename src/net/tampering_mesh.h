// A mesh that damages one message on its way: to prove that every damage ends the run and nothing hangs.
#pragma once

#include <cstdint>
#include <memory>

#include "net/mesh.h"

namespace sluis::net {

enum class Tampering : uint8_t {
  kNone,
  kFlip,       // the lowest bit of the middle byte; an empty message gets one byte
  kTruncate,   // the last byte is missing; an empty message gets one byte
  kExtend,     // one zero byte more
  kDrop,       // never sent
  kDuplicate,  // sent twice
  kOperation,  // another operation number
  kDelay,      // delay_ms late
  kAbort,      // the party aborts instead of sending
};

// Which message, counted from 0 over everything this party sends.
struct TamperPlan {
  Tampering how = Tampering::kNone;
  uint64_t message = 0;
  uint32_t delay_ms = 0;
};

// REQUIRES: inner not null.
std::unique_ptr<Mesh> make_tampering_mesh(std::unique_ptr<Mesh> inner, const TamperPlan& plan);

}  // namespace sluis::net
