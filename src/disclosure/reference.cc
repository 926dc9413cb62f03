#include "disclosure/reference.h"

#include <algorithm>

#include "disclosure/band_edge.h"
#include "disclosure/rest.h"

namespace sluis::disclosure {
namespace {

using Pass = std::vector<std::vector<uint8_t>>;  // [measure][cell]

// part / whole <= share, exactly.
bool at_most(uint64_t part, uint64_t whole, const Fraction& share) {
  return part * share.den <= whole * share.num;
}

bool owner_rules_apply(const OutputPolicy& output, const ContributingTable& table) {
  return table.spans_owners && !(output.own_row && table.owner_kind == output.own_row->reader_kind);
}

// A cell by itself: persons, households, owners.
bool cell_passes(const ClearMeasure& measure, size_t cell, const OutputPolicy& output) {
  const Policy& policy = output.policy;
  const uint64_t persons = measure.persons[cell];
  if (!measure.null.empty() && measure.null[cell] != 0) return false;
  if (persons < policy.t_person || measure.value[cell] < policy.t_person) return false;
  if (measure.households[cell] < policy.t_household) return false;
  for (size_t t = 0; t < output.tables.size(); ++t) {
    if (!owner_rules_apply(output, output.tables[t])) continue;
    uint64_t owners = 0, largest = 0;
    for (const std::vector<uint64_t>& counts : measure.owners[t]) {
      owners += counts[cell] > 0 ? 1 : 0;
      largest = std::max(largest, counts[cell]);
    }
    if (output.tables[t].population && owners < policy.t_owner) return false;
    if (persons < largest + policy.t_person) return false;
    if (!at_most(largest, persons, policy.owner_max)) return false;
  }
  return true;
}

// The rest after subtracting the parts from the whole.
bool rest_passes(const ClearTable& table, const Rest& rest, size_t cell, const OutputPolicy& output) {
  const Policy& policy = output.policy;
  const ClearMeasure& whole = table.measures[rest.whole];
  uint64_t parts = 0, part_households = 0;
  for (size_t m : rest.parts) {
    parts += table.measures[m].persons[cell];
    part_households += table.measures[m].households[cell];
  }
  // More in the parts than in the whole: they are not parts, so the difference counts nobody.
  if (!rest.certain && parts > whole.persons[cell]) return true;
  if (whole.persons[cell] < parts + policy.t_person) return false;
  // At least so many households have somebody in the rest.
  if (whole.households[cell] < part_households + policy.t_household) return false;
  if (!rest.certain) return true;
  const uint64_t left = whole.persons[cell] - parts;
  for (size_t t = 0; t < output.tables.size(); ++t) {
    if (!owner_rules_apply(output, output.tables[t])) continue;
    for (size_t o = 0; o < whole.owners[t].size(); ++o) {
      uint64_t own_parts = 0;
      for (size_t m : rest.parts) own_parts += table.measures[m].owners[t][o][cell];
      const uint64_t own = whole.owners[t][o][cell];
      if (own < own_parts || left < own - own_parts + policy.t_person) return false;
    }
  }
  return true;
}

uint64_t sum(const std::vector<uint64_t>& values, const std::vector<uint32_t>& cells) {
  uint64_t total = 0;
  for (uint32_t cell : cells) total += values[cell];
  return total;
}

void apply_groups(const ClearTable& table, const OutputPolicy& output, Pass& pass) {
  for (const std::vector<RowGroup>& groups : row_groups(output))
    for (const RowGroup& group : groups)
      for (size_t m = 0; m < output.measures.size(); ++m)
        if (!at_most(sum(table.measures[m].persons, group.sensitive),
                     sum(table.measures[m].persons, group.cells), output.policy.group_max))
          for (uint32_t cell : group.cells) pass[m][cell] = 0;
  const auto population = output.population();
  for (size_t m = 0; m < output.measures.size(); ++m) {
    if (!output.measures[m].sensitive) continue;
    for (size_t cell = 0; cell < output.cells(); ++cell)
      if (!at_most(table.measures[m].persons[cell], table.measures[*population].persons[cell],
                   output.policy.group_max))
        for (auto& column : pass) column[cell] = 0;
  }
}

}  // namespace

BandEdges clear_band_edges(const OutputPolicy& output, const std::array<sharing::Seed, 3>& seeds) {
  const size_t rows = output.cells() * output.bands.size();
  const sharing::Bits a = sharing::expand(seeds[0], rows, kEdgeBits);
  const sharing::Bits b = sharing::expand(seeds[1], rows, kEdgeBits);
  const sharing::Bits c = sharing::expand(seeds[2], rows, kEdgeBits);
  BandEdges edges(output.cells());
  for (size_t band = 0; band < output.bands.size(); ++band)
    for (size_t cell = 0; cell < output.cells(); ++cell) {
      const size_t row = band * output.cells() + cell;
      const uint64_t u = a.row_value(row) ^ b.row_value(row) ^ c.row_value(row);
      edges[cell].push_back(output.bands[band] + ((u * output.policy.round_base) >> kEdgeBits));
    }
  return edges;
}

Pass pass_bits_clear(const ClearTable& table, const OutputPolicy& output) {
  const size_t cells = output.cells();
  Pass pass(output.measures.size(), std::vector<uint8_t>(cells, 1));
  for (size_t m = 0; m < pass.size(); ++m)
    for (size_t cell = 0; cell < cells; ++cell)
      pass[m][cell] = cell_passes(table.measures[m], cell, output) ? 1 : 0;
  for (const Rest& rest : derivable_rests(output))
    for (size_t cell = 0; cell < cells; ++cell)
      if (!rest_passes(table, rest, cell, output)) pass[rest.hidden][cell] = 0;
  apply_groups(table, output, pass);
  if (const auto population = output.population())
    for (auto& column : pass)
      for (size_t cell = 0; cell < cells; ++cell) column[cell] &= pass[*population][cell];
  return pass;
}

std::vector<std::vector<uint64_t>> protect_clear(const ClearTable& table, const OutputPolicy& output,
                                                 const BandEdges& edges) {
  const Pass pass = pass_bits_clear(table, output);
  const uint64_t base = output.policy.round_base;
  std::vector<std::vector<uint64_t>> released(pass.size());
  for (size_t m = 0; m < pass.size(); ++m)
    for (size_t cell = 0; cell < output.cells(); ++cell) {
      const uint64_t value = table.measures[m].value[cell];
      uint64_t figure = (value + (base - 1) / 2) / base * base;
      if (!output.bands.empty()) {
        figure = 0;
        while (figure < edges[cell].size() && value >= edges[cell][figure]) ++figure;
      }
      released[m].push_back(pass[m][cell] ? figure : 0);
    }
  return released;
}

}  // namespace sluis::disclosure
