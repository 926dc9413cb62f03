#include "disclosure/figures.h"

#include <algorithm>
#include <bit>

#include "disclosure/band_edge.h"
#include "mpc/add.h"

namespace sluis::disclosure {
namespace {

using oblivious::CellMeasure;
using oblivious::CellTable;

size_t value_planes(const CellTable& table) {
  size_t planes = 1;
  for (const CellMeasure& measure : table.measures) planes = std::max(planes, measure.value.planes());
  return planes;
}

// Edge of every band and cell, band by band below each other: printed edge + secret slack.
SharedBits band_edges(Session& session, const OutputPolicy& output, size_t planes) {
  const size_t cells = output.cells(), rows = cells * output.bands.size();
  SharedBits u;
  u.own = sharing::expand(output.band_seeds.own, rows, kEdgeBits);
  u.next = sharing::expand(output.band_seeds.next, rows, kEdgeBits);
  const uint64_t base = output.policy.round_base;
  const size_t wide = kEdgeBits + static_cast<size_t>(std::bit_width(base));
  const SharedBits product = mpc::multiply_constant(session, u, base, wide);
  const SharedBits slack = sharing::slice_planes(product, kEdgeBits, wide - kEdgeBits);
  Stack printed(planes);
  for (uint32_t edge : output.bands)
    printed.push(sharing::share_constant(session.party(), cells, planes, edge));
  return mpc::add(session, sharing::extend(slack, planes, false), printed.whole());
}

}  // namespace

Matrices rounded(Session& session, const CellTable& table, const OutputPolicy& output) {
  const uint64_t base = output.policy.round_base;
  const size_t planes = std::max(value_planes(table), static_cast<size_t>(std::bit_width(base))) + 1;
  Stack values(planes);
  for (const CellMeasure& measure : table.measures) values.push(measure.value);
  const SharedBits shifted = mpc::add_constant(session, values.whole(), (base - 1) / 2);
  const SharedBits quotient = mpc::divide_constant(session, shifted, base);
  const SharedBits nearest = mpc::multiply_constant(session, quotient, base, planes);
  Matrices figures = values.cut(nearest);
  for (size_t m = 0; m < figures.size(); ++m) {
    const size_t own = std::min(planes, table.measures[m].value.planes() + 1);
    figures[m] = sharing::slice_planes(figures[m], 0, own);
  }
  return figures;
}

Matrices banded(Session& session, const CellTable& table, const OutputPolicy& output) {
  const uint64_t highest = uint64_t{output.bands.back()} + band_slack(output.policy);
  const size_t planes = std::max(value_planes(table), static_cast<size_t>(std::bit_width(highest)));
  const SharedBits all_edges = band_edges(session, output, planes);
  Pairs pairs;
  for (const CellMeasure& measure : table.measures)
    for (size_t b = 0; b < output.bands.size(); ++b)
      pairs.emplace_back(sharing::slice_rows(all_edges, b * table.cells, table.cells), measure.value);
  const Matrices reached = at_most(session, pairs, planes);
  const size_t code_planes = static_cast<size_t>(std::bit_width(output.bands.size()));
  Matrices codes;
  for (size_t m = 0; m < table.measures.size(); ++m) {
    // Edges ascend, so reached bits are 1...10...0 and the band is where they change: code b + 1 contributes
    // its bits where edge b is the last one reached. XOR only.
    SharedBits code(table.cells, code_planes);
    for (size_t b = 0; b < output.bands.size(); ++b) {
      SharedBits last = reached[m * output.bands.size() + b];
      if (b + 1 < output.bands.size()) sharing::xor_into(last, reached[m * output.bands.size() + b + 1]);
      sharing::xor_into(code, sharing::and_public(sharing::broadcast_plane(last, code_planes), b + 1));
    }
    codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace sluis::disclosure
