// From exact figures to what may be shown of them: rounded, or as a band, on shares.
#pragma once

#include "disclosure/policy.h"
#include "disclosure/stack.h"
#include "oblivious/cell_table.h"

namespace sluis::disclosure {

// round_base * floor((value + (round_base - 1) / 2) / round_base) of every measure: the nearest multiple; an
// odd base has no ties. One plane wider than the value.
Matrices rounded(Session& session, const oblivious::CellTable& table, const OutputPolicy& output);
// Number of the band that the value lies in, from 1; 0 under the lowest. The edges are shared, too: no node
// knows where exactly a band begins. bit_width(bands) planes.
Matrices banded(Session& session, const oblivious::CellTable& table, const OutputPolicy& output);

}  // namespace sluis::disclosure
