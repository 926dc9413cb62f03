// Which results may leave. Uncleared<T> has no getter: only the disclosure guard can look inside, and what it
// makes is Cleared<T>, which only release/ can unpack.
#pragma once

#include <utility>

namespace sluis::engine {
class UnclearedMaker;
}
namespace sluis::disclosure {
class Guard;
}
namespace sluis::release {
class Door;
}
namespace sluis::testing {
struct ClearanceAccess;
}

namespace sluis::sharing {

// Shares of exact figures, not yet protected. Move-only, no accessor.
template <typename T>
class Uncleared {
 public:
  Uncleared(Uncleared&&) noexcept = default;
  Uncleared& operator=(Uncleared&&) noexcept = default;

 private:
  friend class sluis::engine::UnclearedMaker;
  friend class sluis::disclosure::Guard;
  friend struct sluis::testing::ClearanceAccess;
  explicit Uncleared(T value) : value_(std::move(value)) {}
  T value_;
};

// Shares of protected figures: thresholds, rounding and masking are done.
template <typename T>
class Cleared {
 public:
  Cleared(Cleared&&) noexcept = default;
  Cleared& operator=(Cleared&&) noexcept = default;

 private:
  friend class sluis::disclosure::Guard;
  friend class sluis::release::Door;
  friend struct sluis::testing::ClearanceAccess;
  explicit Cleared(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace sluis::sharing
