// What this program computes with.
#pragma once

#include <compare>

namespace sluis::governance {

// Version of language and protocol; `[run] engine.min_version` is compared with it.
struct EngineVersion {
  int major = 1, minor = 0;
  auto operator<=>(const EngineVersion&) const = default;
};
inline constexpr EngineVersion kEngineVersion{1, 0};

}  // namespace sluis::governance
