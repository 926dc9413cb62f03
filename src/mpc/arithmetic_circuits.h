// Integers on wires, least significant bit first. Internal to mpc/.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mpc/circuit.h"

namespace sluis::mpc {

// Bits of a public number.
Wires constant_wires(uint64_t value, size_t planes);

// (x + y + carry) mod 2^planes, ripple: one AND per bit below the top.
Wires add_wires(Circuit& circuit, const Wires& x, const Wires& y, Wire carry);

// Sum of numbers of any widths mod 2^planes: carry-save adders (one AND per bit, three numbers to two), then
// one ripple. Complements and public numbers may be among them.
Wires sum_wires(Circuit& circuit, std::vector<Wires> terms, size_t planes);

}  // namespace sluis::mpc
