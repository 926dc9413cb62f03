// refused: is private within this context
// Evidence comes from doing the thing, not from saying so.
#include <optional>

#include "release/permit.h"

void make() {
#ifdef CONTROL
  std::optional<sluis::release::Approved> approved;
#else
  sluis::release::Approved approved;
#endif
}
