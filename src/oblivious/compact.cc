#include "oblivious/compact.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "mpc/convert.h"
#include "mpc/open.h"
#include "mpc/shuffle.h"
#include "sharing/bits_ops.h"

namespace sluis::oblivious {
namespace {

using sharing::AlignedRing;
using sharing::SharedRing32;

uint64_t place_planes(uint64_t rows) { return std::bit_width(rows - 1); }

AlignedRing<uint32_t> prefix_sums(const AlignedRing<uint32_t>& x) {
  AlignedRing<uint32_t> sums(x.size());
  uint32_t sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sums[i] = sum += x[i];
  return sums;
}

// Adds a public number to x_0: P0's own, P2's next.
void add_public(int party, SharedRing32& x, size_t i, uint32_t value) {
  if (party == 0) x.own[i] += value;
  if (party == 2) x.next[i] += value;
}

// Destination of every row, counted from 0: a valid row goes to S - 1, another to T + i - S, where S is the
// inclusive prefix sum of the flags and T their total: e (2 S - 1 - T - i) + T + i - S.
SharedRing32 destinations(mpc::Session& session, const SharedBits& valid) {
  const int party = session.party();
  const size_t rows = valid.rows();
  const SharedRing32 flag = mpc::bit_to_ring<uint32_t>(session, valid);
  SharedRing32 factor(rows), rest(rows);
  const auto fill = [rows](const AlignedRing<uint32_t>& e, AlignedRing<uint32_t>& f,
                           AlignedRing<uint32_t>& r) {
    const AlignedRing<uint32_t> sum = prefix_sums(e);
    for (size_t i = 0; i < rows; ++i) {
      f[i] = 2 * sum[i] - sum[rows - 1];
      r[i] = sum[rows - 1] - sum[i];
    }
  };
  fill(flag.own, factor.own, rest.own);
  fill(flag.next, factor.next, rest.next);
  for (size_t i = 0; i < rows; ++i) {
    add_public(party, factor, i, -static_cast<uint32_t>(i) - 1);
    add_public(party, rest, i, static_cast<uint32_t>(i));
  }
  SharedRing32 destination = mpc::multiply(session, flag, factor);
  for (size_t i = 0; i < rows; ++i) {
    destination.own[i] += rest.own[i];
    destination.next[i] += rest.next[i];
  }
  return destination;
}

SharedBits packed_rows(const SharedTable& table) {
  std::vector<const SharedBits*> parts = {&table.valid};
  for (const SharedColumn& column : table.columns) {
    parts.push_back(&column.value);
    if (column.null) parts.push_back(&*column.null);
  }
  return sharing::concat_planes(parts);
}

// The table of packed rows, with the columns of `like`.
SharedTable unpacked_rows(const SharedBits& rows, const SharedTable& like) {
  size_t first = 0;
  const auto take = [&](size_t planes) {
    first += planes;
    return sharing::slice_planes(rows, first - planes, planes);
  };
  SharedTable table{take(1), {}};
  for (const SharedColumn& column : like.columns) {
    table.columns.push_back({column.type, take(column.value.planes()), std::nullopt});
    if (column.null) table.columns.back().null = take(1);
  }
  return table;
}

// Which shuffled row stands at each place. The opened destinations are a uniform permutation of 0..n-1.
std::vector<uint32_t> open_places(mpc::Session& session, const SharedBits& destination) {
  const Bits opened = mpc::open_masked(session, destination);
  constexpr uint32_t kFree = 0xffffffff;
  std::vector<uint32_t> row_at(opened.rows(), kFree);
  const sharing::Rows places = sharing::to_rows(opened);
  for (uint32_t r = 0; r < row_at.size(); ++r) {
    const uint64_t place = places.words[r];
    if (place >= row_at.size() || row_at[place] != kFree) {
      session.abort(net::AbortCode::kInconsistent, "destinations of a compaction");
    }
    row_at[place] = r;
  }
  return row_at;
}

}  // namespace

// F: table -> valid rows first, in their order; cut to `bound`; whether a valid row was cut.
//   e <- B2A(valid); S <- prefix sum; dest <- e (2 S - 1 - T - i) + T + i - S
//   rows ‖ A2B(dest) <- shuffle; open dest; place locally
//   overflow <- valid bit at place `bound`
// Security: what is opened is the composition of a fixed permutation with a fresh uniform one that each party
//   lacks a factor of: all of 0..n-1, uniform. The number of valid rows does not show.
// Cost: cost_compact, exact. Randomness: conversions, the shuffle. Leaks: row count and bound (public).
// Source: protocols.md 4.11 (Chida et al. 2019, "sorting by one bit"); dest travels as bits with its row.
Compacted compact(mpc::Session& session, const SharedTable& table, size_t bound) {
  const size_t rows = table.rows();
  const SharedBits none = sharing::share_constant(session.party(), 1, 1, 0);
  if (rows < 2) {
    if (bound >= rows) return {table, none};
    return {unpacked_rows(sharing::slice_rows(packed_rows(table), 0, bound), table), table.valid};
  }
  const SharedBits destination = sharing::slice_planes(
      mpc::ring_to_bits<uint32_t>(session, destinations(session, table.valid)), 0, place_planes(rows));
  const SharedBits packed = packed_rows(table);
  const SharedBits shuffled =
      mpc::apply(session, mpc::make_shuffle(session, rows), sharing::concat_planes({&packed, &destination}));
  const auto row_at =
      open_places(session, sharing::slice_planes(shuffled, packed.planes(), destination.planes()));
  const std::span<const uint32_t> kept(row_at.data(), std::min(bound, rows));
  const SharedBits placed = sharing::gather_rows(sharing::slice_planes(shuffled, 0, packed.planes()), kept);
  SharedBits overflow = none;
  if (bound < rows) {
    overflow = sharing::gather_rows(sharing::slice_planes(shuffled, 0, 1), {row_at.data() + bound, 1});
  }
  return {unpacked_rows(placed, table), std::move(overflow)};
}

mpc::Cost cost_compact(uint64_t rows, uint64_t row_planes) {
  if (rows < 2) return {};
  const uint64_t ring = 4 * rows;
  return mpc::cost_bit_to_ring(rows, 4) + mpc::Cost{1, {0, 0, 0}, {ring, ring, ring}} +
         mpc::cost_ring_to_bits(rows, 4) + mpc::cost_shuffle(rows, row_planes + place_planes(rows)) +
         mpc::cost_open(rows, place_planes(rows));
}

}  // namespace sluis::oblivious
