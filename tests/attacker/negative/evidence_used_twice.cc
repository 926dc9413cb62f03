// refused: use of deleted function
// Evidence is used up by the permit.
#include <utility>

#include "release/permit.h"

using namespace sluis::release;
bool make(Approved& approved, Debited debited, Logged logged) {
#ifdef CONTROL
  return Permit::issue(std::move(approved), std::move(debited), std::move(logged)).ok();
#else
  return Permit::issue(approved, std::move(debited), std::move(logged)).ok();
#endif
}
