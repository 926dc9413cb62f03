// Three connected parties in one process: for unit tests and seeded worlds.
#pragma once

#include <array>
#include <memory>

#include "net/mesh.h"

namespace sluis::net {

// Meshes of P0, P1, P2, each for one thread. They may be destroyed in any order; a party that receives from a
// destroyed mesh gets what was sent before, then ProtocolAbort kClosed. Destruction by an exception aborts.
// There are no heartbeats: a party may compute as long as the base timeout, here five minutes unless told
// otherwise.
std::array<std::unique_ptr<Mesh>, 3> make_memory_meshes(const MeshOptions& options = {
                                                            .base_timeout_ms = 300'000});

}  // namespace sluis::net
