// The rules, one function each: straight lines on shares that add conditions to figures.
#pragma once

#include <vector>

#include "disclosure/policy.h"
#include "disclosure/stack.h"
#include "oblivious/cell_table.h"

namespace sluis::disclosure {

// What every rule reads.
struct RuleInput {
  RuleInput(Session& session, const oblivious::CellTable& table, const OutputPolicy& output);
  size_t measures() const { return table.measures.size(); }
  const Matrices& owners(size_t measure, size_t table_at) const {
    return table.measures[measure].owners[table_at].count;
  }

  Session& session;
  const oblivious::CellTable& table;
  const OutputPolicy& output;
  std::vector<size_t> owner_tables;  // positions of the tables to which the owner rules apply
  size_t count_planes = 0;  // enough for every count of persons, households, owners, and the thresholds
  size_t sum_planes = 0;    // enough for the sum of kMaxSubCounts of them and a threshold
};

// Conditions gathered per measure: planes of `cells` rows that must all be 1.
class Passes {
 public:
  explicit Passes(size_t measures) : planes_(measures) {}
  void require(size_t measure, SharedBits plane) { planes_[measure].push_back(std::move(plane)); }
  void require_all(const SharedBits& plane) {
    for (Matrices& planes : planes_) planes.push_back(plane);
  }
  // AND of the conditions: one plane per measure.
  SharedBits conjunction(Session& session) const;

 private:
  std::vector<Matrices> planes_;
};

// Whether the owner rules apply to a table in this output (ADR 0010).
bool owner_rules_apply(const OutputPolicy& output, const ContributingTable& table);

// persons, value >= t_person; households >= t_household; no NULL.
void require_thresholds(const RuleInput& in, Passes& passes);
// Owners of the population table >= t_owner; of every table: persons - largest owner >= t_person, largest
// owner <= owner_max * persons.
void require_owners(const RuleInput& in, Passes& passes);
// Every rest that can be derived from a row: as a cell, also after each owner has subtracted its own part.
void require_rests(const RuleInput& in, Passes& passes);
// group_max for sensitive values and counts.
void require_groups(const RuleInput& in, Passes& passes);

}  // namespace sluis::disclosure
