// A reader who knows the rules, everything released, and perhaps one owner's own rows, and tries to learn the
// size of sets of children that are too small to be known.
#pragma once

#include <map>
#include <string>

#include "region.h"
#include "simplex.h"

namespace sluis::attacker {

using Figures = std::vector<std::vector<uint64_t>>;  // [measure][cell], as released

// Attacks that succeeded, by kind: the set has fewer than t_person children or t_household households, yet
// the reader narrows its size to fewer than t_person whole numbers. Kinds: "cell", "rest", "owner <table>" (a
// cell without one owner's children), "owner rest <table>", "group" (a share above group_max that the reader
// is sure of), with two sub-counts also "difference" and "remainder".
using Successes = std::map<std::string, size_t>;

// What the reader may rely on; `rules` gives t_person, round_base and so on that were really applied.
Successes attack(const Region& region, Shape shape, const Figures& released,
                 const disclosure::OutputPolicy& rules);

}  // namespace sluis::attacker
