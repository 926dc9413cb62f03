// The frame of mesh messages: 12 bytes before each payload (docs/formats/messages.md). Internal to net/.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "net/mesh.h"

namespace sluis::net {

inline constexpr size_t kFrameBytes = 12;
inline constexpr uint32_t kHeartbeatOperation = 0xFFFF'FF01;  // no payload
inline constexpr uint32_t kAbortOperation = 0xFFFF'FF02;      // payload: one byte, an AbortCode

// Little-endian on the wire.
struct FrameHead {
  uint32_t length = 0;  // of the payload
  uint32_t operation = 0;
  uint32_t sequence = 0;  // counts every frame of a connection from 0, modulo 2^32
};

inline void encode_frame_head(const FrameHead& head, std::span<uint8_t, kFrameBytes> out) {
  const std::array<uint32_t, 3> words = {head.length, head.operation, head.sequence};
  for (size_t i = 0; i < kFrameBytes; ++i) out[i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
}

inline FrameHead decode_frame_head(std::span<const uint8_t, kFrameBytes> in) {
  std::array<uint32_t, 3> words{};
  for (size_t i = 0; i < kFrameBytes; ++i) words[i / 4] |= uint32_t{in[i]} << (8 * (i % 4));
  return {words[0], words[1], words[2]};
}

}  // namespace sluis::net
