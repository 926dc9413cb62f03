// Integer arithmetic on bit planes, two's complement, widths public.
#pragma once

#include <cstdint>

#include "mpc/multiply.h"

namespace sluis::mpc {

// (x + y + carry_in) mod 2^planes. REQUIRES: same shape (sharing::extend widens first: local). carry_in
// public. Ripple: planes - 1 rounds, planes - 1 ANDs a row. Callers pick width so that no overflow can occur.
SharedBits add(Session& session, const SharedBits& x, const SharedBits& y, bool carry_in = false);
Cost cost_add(uint64_t rows, uint64_t planes);
// (x - y) mod 2^planes = x + ~y + 1.
SharedBits subtract(Session& session, const SharedBits& x, const SharedBits& y);
// x + constant mod 2^planes (same cost as add).
SharedBits add_constant(Session& session, const SharedBits& x, uint64_t constant);
// x * constant mod 2^planes by shift and add over the constant's non-adjacent form.
SharedBits multiply_constant(Session& session, const SharedBits& x, uint64_t constant, size_t planes);
// x * y mod 2^planes by shift and add (carry-save tree).
SharedBits multiply(Session& session, const SharedBits& x, const SharedBits& y, size_t planes);
// floor(x / d) for a public d > 0, unsigned x of at most 40 planes; exact.
SharedBits divide_constant(Session& session, const SharedBits& x, uint64_t divisor);
// Number of ones in each column of bits: plane by plane, the sum over all rows: one row of ceil(log2(rows +
// 1)) planes per input plane. Carry-save adders, about one AND per input bit. result[p] belongs to plane p.
std::vector<SharedBits> popcount_rows(Session& session, const SharedBits& x);
Cost cost_popcount_rows(uint64_t rows, uint64_t planes);

}  // namespace sluis::mpc
