// CHECK: stops the process on a bug. Never for what a user or a peer can cause.
#pragma once

namespace sluis {

// Prints file, line and the failed expression (no values: they could be secret), then aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* expression);

}  // namespace sluis

#define CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::sluis::check_failed(__FILE__, __LINE__, #condition))

// Costly invariants, only in verify builds.
#ifdef SLUIS_VERIFY
#define VERIFY(condition) CHECK(condition)
#else
#define VERIFY(condition) void(0)
#endif
