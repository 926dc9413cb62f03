// refused: no matching function|too few arguments
// All three pieces of evidence are needed.
#include <utility>

#include "release/permit.h"

using namespace sluis::release;
bool make(Approved approved, Debited debited, Logged logged) {
#ifdef CONTROL
  return Permit::issue(std::move(approved), std::move(debited), std::move(logged)).ok();
#else
  return Permit::issue(std::move(approved), std::move(logged)).ok();
#endif
}
