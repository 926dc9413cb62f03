// Rules about what can be derived from a row by subtraction.
#include "disclosure/rest.h"
#include "disclosure/rules.h"
#include "mpc/multiply.h"

namespace sluis::disclosure {

using oblivious::CellMeasure;

namespace {

// The same property of the parts of every rest, added up.
Matrices part_sums(const RuleInput& in, const std::vector<Rest>& rests,
                   const std::function<SharedBits(size_t measure)>& property) {
  std::vector<Matrices> lists;
  for (const Rest& rest : rests) {
    lists.emplace_back();
    for (size_t m : rest.parts) lists.back().push_back(property(m));
  }
  return sums(in.session, std::move(lists), in.sum_planes);
}

// Owners of one table within rests that are certain: persons in the rest - largest owner in the rest >=
// t_person. Where an owner has more in the parts than in the whole (which no consistent table has), the
// difference wraps to a huge number and the rest fails.
void require_owner_rests(const RuleInput& in, const std::vector<Rest>& rests, size_t table, Passes& passes) {
  const size_t owners = in.owners(0, table).size();
  const auto whole_minus_parts = [&](const std::function<SharedBits(size_t)>& property) {
    const Matrices parts = part_sums(in, rests, property);
    Pairs pairs;
    for (size_t r = 0; r < rests.size(); ++r) pairs.emplace_back(property(rests[r].whole), parts[r]);
    return differences(in.session, pairs, in.sum_planes);
  };
  const Matrices left = whole_minus_parts([&](size_t m) { return in.table.measures[m].persons; });
  // All owners at once: their counts below each other, cut again afterwards.
  const Matrices stacked = whole_minus_parts([&](size_t m) {
    Stack all(in.count_planes);
    for (const SharedBits& count : in.owners(m, table)) all.push(count);
    return all.whole();
  });
  std::vector<Matrices> lists;
  for (const SharedBits& own : stacked) {
    lists.emplace_back();
    for (size_t o = 0; o < owners; ++o)
      lists.back().push_back(sharing::slice_rows(own, o * in.table.cells, in.table.cells));
  }
  const Matrices largest = maxima(in.session, std::move(lists), in.sum_planes);
  const Matrices needed = plus(in.session, largest, in.output.policy.t_person, in.sum_planes + 1);
  Pairs pairs;
  for (size_t r = 0; r < rests.size(); ++r) pairs.emplace_back(needed[r], left[r]);
  const Matrices enough = at_most(in.session, pairs, in.sum_planes + 1);
  for (size_t r = 0; r < rests.size(); ++r) passes.require(rests[r].hidden, enough[r]);
}

// Rests that nobody has excluded: they count somebody only if the parts fit in the whole.
void require_possible(const RuleInput& in, const Rest& rest, const SharedBits& fits,
                      const SharedBits& persons, const SharedBits& households, Passes& passes) {
  const int party = in.session.party();
  const SharedBits enough = mpc::and_(in.session, persons, households);
  const SharedBits fails = mpc::and_(in.session, fits, sharing::not_(party, enough));
  passes.require(rest.hidden, sharing::not_(party, fails));
}

}  // namespace

void require_rests(const RuleInput& in, Passes& passes) {
  const std::vector<Rest> rests = derivable_rests(in.output);
  if (rests.empty()) return;
  const Policy& policy = in.output.policy;
  const Matrices persons = part_sums(in, rests, [&](size_t m) { return in.table.measures[m].persons; });
  const Matrices households = part_sums(in, rests, [&](size_t m) { return in.table.measures[m].households; });
  const Matrices need_persons = plus(in.session, persons, policy.t_person, in.sum_planes);
  const Matrices need_households = plus(in.session, households, policy.t_household, in.sum_planes);
  Pairs pairs;
  for (size_t r = 0; r < rests.size(); ++r) {
    const CellMeasure& whole = in.table.measures[rests[r].whole];
    pairs.emplace_back(persons[r], whole.persons);
    pairs.emplace_back(need_persons[r], whole.persons);
    pairs.emplace_back(need_households[r], whole.households);
  }
  const Matrices holds = at_most(in.session, pairs, in.sum_planes);
  std::vector<Rest> certain;
  for (size_t r = 0; r < rests.size(); ++r) {
    if (rests[r].certain) {
      passes.require(rests[r].hidden, holds[3 * r + 1]);
      passes.require(rests[r].hidden, holds[3 * r + 2]);
      certain.push_back(rests[r]);
    } else {
      require_possible(in, rests[r], holds[3 * r], holds[3 * r + 1], holds[3 * r + 2], passes);
    }
  }
  if (certain.empty()) return;
  for (size_t t : in.owner_tables) require_owner_rests(in, certain, t, passes);
}

}  // namespace sluis::disclosure
