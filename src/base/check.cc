#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sluis {

void check_failed(const char* file, int line, const char* expression) {
  std::fprintf(stderr, "sluis: bug at %s:%d: %s\n", file, line, expression);
  std::abort();
}

}  // namespace sluis
