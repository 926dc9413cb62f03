// The circuit that turns the dimensions of a table into the one-hot form of its cells.
#pragma once

#include <vector>

#include "mpc/circuit.h"
#include "oblivious/histogram.h"

namespace sluis::oblivious {

// Inputs: valid; then for each dimension its value planes and, if nullable, its null plane. Outputs: the
// cells. About as many ANDs a row as there are cells: every dimension is decoded from two halves, and the
// dimensions are multiplied out in the cheapest order, `valid` being folded into the smallest.
mpc::Circuit cell_decoder(const std::vector<CellShape>& dimensions);

}  // namespace sluis::oblivious
