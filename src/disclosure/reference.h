// The rules in the clear: obvious and slow, the oracle of guard.h. Tests, the rehearsal of a study on
// invented rows and the attackers use it; no node ever holds what it takes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "disclosure/policy.h"

namespace sluis::disclosure {

// What the guard gets on shares.
struct ClearMeasure {
  std::vector<uint64_t> value, persons, households;        // [cell]
  std::vector<std::vector<std::vector<uint64_t>>> owners;  // [table][owner][cell]
  std::vector<uint8_t> null;                               // [cell]; empty: never NULL
};
struct ClearTable {
  std::vector<ClearMeasure> measures;
};

// Lower edges really used, [cell][band]; empty for rounded counts.
using BandEdges = std::vector<std::vector<uint64_t>>;

// The edges that the three nodes' seeds stand for (seed_0, seed_1, seed_2).
BandEdges clear_band_edges(const OutputPolicy& output, const std::array<sharing::Seed, 3>& seeds);

// 1 where a figure may be shown: [measure][cell]. REQUIRES: check_protectable found nothing; the table has
// the output's shape.
std::vector<std::vector<uint8_t>> pass_bits_clear(const ClearTable& table, const OutputPolicy& output);

// What is released: [measure][cell], 0 = withheld.
std::vector<std::vector<uint64_t>> protect_clear(const ClearTable& table, const OutputPolicy& output,
                                                 const BandEdges& edges = {});

}  // namespace sluis::disclosure
