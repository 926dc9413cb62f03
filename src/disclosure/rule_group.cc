// Rules about groups of which (nearly) everybody shares something sensitive.
#include <bit>

#include "disclosure/rest.h"
#include "disclosure/rules.h"

namespace sluis::disclosure {
namespace {

// One bit per group -> one bit per cell.
SharedBits spread(const SharedBits& per_group, const std::vector<RowGroup>& groups, size_t cells) {
  std::vector<uint32_t> group_of(cells);
  for (size_t g = 0; g < groups.size(); ++g)
    for (uint32_t cell : groups[g].cells) group_of[cell] = static_cast<uint32_t>(g);
  return sharing::gather_rows(per_group, group_of);
}

// Row i of matrix v is the v-th of the given cells of group i.
Matrices gathered(const SharedBits& x, const std::vector<RowGroup>& groups,
                  std::vector<uint32_t> RowGroup::* cells) {
  Matrices out;
  for (size_t v = 0; v < (groups[0].*cells).size(); ++v) {
    std::vector<uint32_t> index;
    for (const RowGroup& group : groups) index.push_back((group.*cells)[v]);
    out.push_back(sharing::gather_rows(x, index));
  }
  return out;
}

// Sensitive values: their part of each row group, for every measure.
void require_values(const RuleInput& in, const std::vector<RowGroup>& groups, Passes& passes) {
  std::vector<Matrices> lists;
  for (const auto& measure : in.table.measures) {
    lists.push_back(gathered(measure.persons, groups, &RowGroup::sensitive));
    lists.push_back(gathered(measure.persons, groups, &RowGroup::cells));
  }
  const size_t planes = in.count_planes + static_cast<size_t>(std::bit_width(groups[0].cells.size()));
  const Matrices totals = sums(in.session, std::move(lists), planes);
  Pairs pairs;
  for (size_t m = 0; m < in.measures(); ++m) pairs.emplace_back(totals[2 * m], totals[2 * m + 1]);
  const Matrices holds = at_most_share(in.session, pairs, in.output.policy.group_max, planes);
  for (size_t m = 0; m < in.measures(); ++m) passes.require(m, spread(holds[m], groups, in.table.cells));
}

}  // namespace

void require_groups(const RuleInput& in, Passes& passes) {
  for (const std::vector<RowGroup>& groups : row_groups(in.output)) require_values(in, groups, passes);
  // Sensitive counts: their part of the row's population; on failure the whole row is withheld.
  Pairs pairs;
  for (size_t m = 0; m < in.measures(); ++m)
    if (in.output.measures[m].sensitive)
      pairs.emplace_back(in.table.measures[m].persons, in.table.measures[*in.output.population()].persons);
  for (const SharedBits& holds :
       at_most_share(in.session, pairs, in.output.policy.group_max, in.count_planes))
    passes.require_all(holds);
}

}  // namespace sluis::disclosure
