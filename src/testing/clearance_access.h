// Tests only: makes and opens the clearance types, which production code outside engine, disclosure and
// release cannot.
#pragma once

#include <utility>

#include "sharing/clearance.h"

namespace sluis::testing {

struct ClearanceAccess {
  template <typename T>
  static sharing::Uncleared<T> uncleared(T value) {
    return sharing::Uncleared<T>(std::move(value));
  }
  template <typename T>
  static sharing::Cleared<T> cleared(T value) {
    return sharing::Cleared<T>(std::move(value));
  }
  template <typename T>
  static const T& look(const sharing::Uncleared<T>& value) {
    return value.value_;
  }
  template <typename T>
  static const T& look(const sharing::Cleared<T>& value) {
    return value.value_;
  }
};

}  // namespace sluis::testing
