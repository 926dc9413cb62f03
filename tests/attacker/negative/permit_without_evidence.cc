// refused: is private within this context
// A permit cannot be made from nothing.
#include <optional>

#include "release/permit.h"

void make() {
#ifdef CONTROL
  std::optional<sluis::release::Permit> permit;
#else
  sluis::release::Permit permit;
#endif
}
