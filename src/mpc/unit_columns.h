// The long part of counting ones: columns of bits of one weight, reduced three rows to two in units of many
// rows, in place. Internal to mpc/ (popcount.cc, which states the protocol).
#pragma once

#include <cstdint>
#include <vector>

#include "mpc/session.h"
#include "sharing/bits.h"

namespace sluis::mpc {

// Units per column; index = weight.
using ColumnSizes = std::vector<size_t>;
// Sizes before each round and after the last.
using PhaseSizes = std::vector<ColumnSizes>;

// Which rounds count the ones of so many rows: in blocks, then in units of 64 rows, then row by row. A phase
// without rounds is empty.
struct CountingPlan {
  PhaseSizes blocks, words;
  ColumnSizes rows;  // per column, when the last phase begins
};
CountingPlan counting_plan(size_t rows);
// Units that one of a column's three parts has in a round.
constexpr size_t unit_third(size_t units) { return units / 3; }

// One column: its units lie at the end of a buffer with room for the most it ever holds. Full adders take
// units from the front; carries of the column below are put before it.
struct UnitColumn {
  sharing::RawWords own, next;
  size_t begin = 0;                             // words
  const sharing::SharedBits* source = nullptr;  // the units before the first round, if not in the buffer
};

// The first two phases: returns what is left, one matrix per column of plan.rows.
// REQUIRES: plan = counting_plan(x.rows()), with at least one round in blocks or words; x has planes.
std::vector<sharing::SharedBits> reduce_units(Session& session, const sharing::SharedBits& x,
                                              const CountingPlan& plan);
// Words that its rounds send, a round each.
std::vector<uint64_t> unit_round_words(const CountingPlan& plan, uint64_t planes);

}  // namespace sluis::mpc
