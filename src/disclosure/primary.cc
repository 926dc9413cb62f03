#include "disclosure/primary.h"

#include <algorithm>
#include <bit>

#include "disclosure/rules.h"
#include "mpc/multiply.h"

namespace sluis::disclosure {

using oblivious::CellMeasure;
using oblivious::CellTable;

bool owner_rules_apply(const OutputPolicy& output, const ContributingTable& table) {
  return table.spans_owners && !(output.own_row && table.owner_kind == output.own_row->reader_kind);
}

RuleInput::RuleInput(Session& session_in, const CellTable& table_in, const OutputPolicy& output_in)
    : session(session_in), table(table_in), output(output_in) {
  for (size_t t = 0; t < output.tables.size(); ++t)
    if (owner_rules_apply(output, output.tables[t])) owner_tables.push_back(t);
  const Policy& policy = output.policy;
  count_planes = static_cast<size_t>(std::bit_width(std::max(policy.t_person, policy.t_household)));
  for (const CellMeasure& measure : table.measures) {
    count_planes = std::max({count_planes, measure.persons.planes(), measure.households.planes()});
    for (const oblivious::OwnerCounts& owners : measure.owners)
      for (const SharedBits& count : owners.count) count_planes = std::max(count_planes, count.planes());
  }
  sum_planes = count_planes + static_cast<size_t>(std::bit_width(kMaxSubCounts + 1));
}

SharedBits Passes::conjunction(Session& session) const {
  size_t most = 1;
  for (const Matrices& planes : planes_) most = std::max(most, planes.size());
  Stack all(most);
  for (const Matrices& planes : planes_) {
    std::vector<const SharedBits*> parts;
    for (const SharedBits& plane : planes) parts.push_back(&plane);
    const SharedBits ones = sharing::share_constant(session.party(), planes[0].rows(), 1, 1);
    while (parts.size() < most) parts.push_back(&ones);
    all.push(sharing::concat_planes(parts));
  }
  const Matrices passes = all.cut(mpc::and_planes(session, all.whole()));
  std::vector<const SharedBits*> parts;
  for (const SharedBits& plane : passes) parts.push_back(&plane);
  return sharing::concat_planes(parts);
}

SharedBits pass_bits(Session& session, const CellTable& table, const OutputPolicy& output) {
  const RuleInput in(session, table, output);
  Passes passes(in.measures());
  require_thresholds(in, passes);
  require_owners(in, passes);
  require_rests(in, passes);
  require_groups(in, passes);
  const SharedBits pass = passes.conjunction(session);
  const auto population = output.population();
  if (!population) return pass;
  return mpc::and_(session, pass, sharing::slice_planes(pass, *population, 1));
}

}  // namespace sluis::disclosure
