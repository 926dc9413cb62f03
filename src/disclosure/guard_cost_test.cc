#include "disclosure/guard_cost.h"

#include <gtest/gtest.h>

#include "disclosure/guard_world_test.h"

namespace sluis::disclosure {
namespace {

using namespace world;

void expect_exact(const OutputPolicy& output, size_t owners, const char* what, bool nullable = false) {
  GuardShape shape;
  shape.value_planes.assign(output.measures.size(), kCountPlanes);
  shape.nullable.assign(output.measures.size(), nullable);
  shape.count_planes = kCountPlanes;
  shape.owners.assign(output.tables.size(), owners);
  ClearTable table = random_table(output, owners, 3);
  if (nullable)
    for (ClearMeasure& measure : table.measures) measure.null.assign(output.cells(), 0);
  const mpc::Cost measured = protect_three(table, output).measured;
  const mpc::Cost declared = cost_protect(shape, output);
  EXPECT_EQ(declared.rounds, measured.rounds) << what;
  EXPECT_EQ(declared.total(), measured.total()) << what;
  EXPECT_EQ(declared, measured) << what;
}

TEST(GuardCost, DeclaredIsMeasured) {
  expect_exact(output_policy(1, 0), 1, "one owner");
  expect_exact(output_policy(3, 1), 3, "plain");
  expect_exact(output_policy(100, 1), 7, "many cells");
  expect_exact(output_policy(100, 1), 7, "figures that can be NULL", true);
  OutputPolicy output = output_policy(5, 1);
  output.sensitive = {{1, {0}}, {0, {1, 3, 4}}};
  output.measures[1].sensitive = true;
  expect_exact(output, 4, "sensitive");
  output = output_policy(5, 3);
  expect_exact(output, 3, "unknown relations");
  output.relations = {{1, 2, Relation::kWithin}, {2, 3, Relation::kDisjoint}, {1, 3, Relation::kDisjoint}};
  output.policy.owner_max = {4, 5};
  output.policy.t_person = 33, output.policy.round_base = 7;
  expect_exact(output, 3, "declared relations, other numbers");
  output = output_policy(5, 1);
  for (ContributingTable& table : output.tables) table.spans_owners = false;
  expect_exact(output, 3, "no owner rules");
  output = output_policy(5, 1);
  output.measures.erase(output.measures.begin());
  expect_exact(output, 3, "no population");
  output = output_policy(4, 0);
  output.dimensions.pop_back();
  output.bands = {10, 25, 50, 100};
  output.own_row = OwnRow{"gemeente", {"a", "b", "c", "d"}};
  expect_exact(output, 3, "own row");
}

}  // namespace
}  // namespace sluis::disclosure
