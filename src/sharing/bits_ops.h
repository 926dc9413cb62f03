// Local operations on bit matrices and on one party's shares: no communication.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "sharing/bits.h"

namespace sluis::sharing {

// Sets the bits past the last row to zero. Whatever leaves this process goes through here or through a row
// count: the tail may hold other rows (a slice) or values of another protocol step.
void clear_tail(Bits& x);

// ---- shapes (Bits and, member by member, SharedBits)
Bits slice_planes(const Bits& x, size_t first, size_t count);
Bits concat_planes(std::span<const Bits* const> parts);  // REQUIRES: equal rows
Bits broadcast_plane(const Bits& x,
                     size_t planes);  // REQUIRES: x.planes() == 1; every plane of the result equals it
Bits slice_rows(const Bits& x, size_t first, size_t count);
Bits concat_rows(std::span<const Bits* const> parts);  // REQUIRES: equal planes
// Row i of the result is row i - 1 of x; row 0 is zero. And the opposite: row i is row i + 1, the last is
// zero.
Bits shift_down(const Bits& x);
Bits shift_up(const Bits& x);
// Rows 0, 2, 4, ... (ceil(n/2) of them) and rows 1, 3, 5, ...; interleave is the inverse.
Bits even_rows(const Bits& x);
Bits odd_rows(const Bits& x);
Bits interleave(const Bits& even, const Bits& odd);
// Row i of the result is row index[i] of x.
Bits gather_rows(const Bits& x, std::span<const uint32_t> index);
// Row i of the result is the XOR of rows 0..i of x, plane by plane.
Bits prefix_xor(const Bits& x);
// In place: every row becomes the XOR of itself and the row before it (row 0 stays); the inverse of
// prefix_xor_into.
void xor_row_before_into(Bits& x);
void prefix_xor_into(Bits& x);
// Planes first, first + 1, ... of x become those of y. REQUIRES: equal rows.
void put_planes(Bits& x, size_t first, const Bits& y);
// x extended to more planes by copying its top plane (sign) or by zeros.
Bits extend(const Bits& x, size_t planes, bool copy_top);

SharedBits slice_planes(const SharedBits& x, size_t first, size_t count);
SharedBits concat_planes(std::initializer_list<const SharedBits*> parts);
SharedBits concat_planes(std::span<const SharedBits* const> parts);
SharedBits broadcast_plane(const SharedBits& x, size_t planes);
SharedBits slice_rows(const SharedBits& x, size_t first, size_t count);
SharedBits concat_rows(std::initializer_list<const SharedBits*> parts);
SharedBits concat_rows(std::span<const SharedBits* const> parts);
SharedBits shift_down(const SharedBits& x);
SharedBits shift_up(const SharedBits& x);
SharedBits even_rows(const SharedBits& x);
SharedBits odd_rows(const SharedBits& x);
SharedBits interleave(const SharedBits& even, const SharedBits& odd);
SharedBits gather_rows(const SharedBits& x, std::span<const uint32_t> index);
SharedBits prefix_xor(const SharedBits& x);
void xor_row_before_into(SharedBits& x);
void prefix_xor_into(SharedBits& x);
void put_planes(SharedBits& x, size_t first, const SharedBits& y);
SharedBits extend(const SharedBits& x, size_t planes, bool copy_top);

// ---- linear gates. A public value is added to x_0, which P0 holds as own and P2 as next.
SharedBits xor_(const SharedBits& x, const SharedBits& y);  // REQUIRES: same shape
void xor_into(SharedBits& x, const SharedBits& y);
SharedBits not_(int party, const SharedBits& x);
SharedBits xor_public(int party, const SharedBits& x, const Bits& clear);
// Shares of a public matrix / of one public row value (planes <= 64) repeated over all rows: x_0 = value, x_1
// = x_2 = 0.
SharedBits share_public(int party, const Bits& clear);
SharedBits share_constant(int party, size_t rows, size_t planes, uint64_t value);
// Each plane of x kept where bit p of `mask` is 1, zero elsewhere (AND with a public row value).
SharedBits and_public(const SharedBits& x, uint64_t mask);

// ---- rows <-> planes
// Row-major form: words_per_row = ceil(planes / 64) words a row, bit p of the row in bit p % 64 of word p
// / 64.
struct Rows {
  size_t rows = 0;
  size_t planes = 0;
  RawWords words;
  size_t words_per_row() const { return (planes + 63) / 64; }
};
Rows to_rows(const Bits& x);
Bits to_planes(const Rows& x);

}  // namespace sluis::sharing
