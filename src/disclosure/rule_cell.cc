// Rules about a cell by itself.
#include <algorithm>
#include <array>
#include <bit>

#include "disclosure/rules.h"
#include "mpc/compare.h"
#include "mpc/multiply.h"

namespace sluis::disclosure {

using oblivious::CellMeasure;

void require_thresholds(const RuleInput& in, Passes& passes) {
  size_t planes = in.count_planes;
  for (const CellMeasure& measure : in.table.measures) planes = std::max(planes, measure.value.planes());
  Stack figures(planes);
  for (const CellMeasure& measure : in.table.measures) {
    figures.push(measure.persons);
    figures.push(measure.value);
    figures.push(measure.households);
  }
  const std::array<uint64_t, 2> constants{in.output.policy.t_person, in.output.policy.t_household};
  const SharedBits under = mpc::less_constants(in.session, figures.whole(), constants);
  const Matrices enough = figures.cut(sharing::not_(in.session.party(), under));
  for (size_t m = 0; m < in.measures(); ++m) {
    passes.require(m, sharing::slice_planes(enough[3 * m], 0, 1));
    passes.require(m, sharing::slice_planes(enough[3 * m + 1], 0, 1));
    passes.require(m, sharing::slice_planes(enough[3 * m + 2], 1, 1));
    const SharedBits& null = in.table.measures[m].null;
    if (null.planes() == 1) passes.require(m, sharing::not_(in.session.party(), null));
  }
}

namespace {

// Owners of one table that have somebody in the cell, at least t_owner.
void require_owner_number(const RuleInput& in, size_t table, Passes& passes) {
  Stack counts(in.count_planes);
  for (size_t m = 0; m < in.measures(); ++m)
    for (const SharedBits& count : in.owners(m, table)) counts.push(count);
  const Matrices present = counts.cut(mpc::or_planes(in.session, counts.whole()));
  const size_t planes = static_cast<size_t>(std::bit_width(in.owners(0, table).size()));
  std::vector<Matrices> lists(in.measures());
  size_t at = 0;
  for (size_t m = 0; m < in.measures(); ++m)
    for (size_t o = 0; o < in.owners(m, table).size(); ++o) lists[m].push_back(present[at++]);
  Stack numbers(planes);
  for (const SharedBits& number : sums(in.session, std::move(lists), planes)) numbers.push(number);
  const std::array<uint64_t, 1> constants{in.output.policy.t_owner};
  const SharedBits under = mpc::less_constants(in.session, numbers.whole(), constants);
  const Matrices enough = numbers.cut(sharing::not_(in.session.party(), under));
  for (size_t m = 0; m < in.measures(); ++m) passes.require(m, enough[m]);
}

}  // namespace

void require_owners(const RuleInput& in, Passes& passes) {
  std::vector<Matrices> lists;
  for (size_t m = 0; m < in.measures(); ++m)
    for (size_t t : in.owner_tables) lists.push_back(in.owners(m, t));
  if (lists.empty()) return;
  for (size_t t : in.owner_tables)
    if (in.output.tables[t].population) require_owner_number(in, t, passes);
  const Matrices largest = maxima(in.session, std::move(lists), in.count_planes);
  const Matrices needed = plus(in.session, largest, in.output.policy.t_person, in.sum_planes);
  Pairs remaining, shares;
  for (size_t i = 0; i < largest.size(); ++i) {
    const SharedBits& persons = in.table.measures[i / in.owner_tables.size()].persons;
    remaining.emplace_back(needed[i], persons);
    shares.emplace_back(largest[i], persons);
  }
  const Matrices enough_others = at_most(in.session, remaining, in.sum_planes);
  const Matrices not_dominant =
      at_most_share(in.session, shares, in.output.policy.owner_max, in.count_planes);
  for (size_t i = 0; i < largest.size(); ++i) {
    passes.require(i / in.owner_tables.size(), enough_others[i]);
    passes.require(i / in.owner_tables.size(), not_dominant[i]);
  }
}

}  // namespace sluis::disclosure
