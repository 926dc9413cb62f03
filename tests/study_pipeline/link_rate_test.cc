// Link rates on shares, from files to the two counts of every owner, against sets of numbers from the same
// deliveries.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "client/share.h"
#include "pipeline.h"
#include "study/link_rate.h"

namespace sluis::pipeline {
namespace {

using Numbers = std::set<int64_t>;

// Usable keys of one column, per owner code of a table.
std::map<std::string, Numbers> keys_of(const governance::Study& study,
                                       const std::vector<demo::Delivery>& deliveries,
                                       const std::string& table, const std::string& column) {
  std::map<std::string, Numbers> out;
  for (const demo::Delivery& delivery : deliveries) {
    if (delivery.table != table) continue;
    const auto prepared = client::prepare_table(
        {&study, delivery.table, "2026-10-01", delivery.file, delivery.mapping, ""}, delivery.oin);
    CHECK(prepared.ok());
    const relation::Table& rows = prepared->rows;
    const relation::Column& key = rows.columns[static_cast<size_t>(rows.schema.find(column))];
    Numbers& numbers = out[study.find_invited(delivery.oin)->code];
    for (size_t r = 0; r < rows.rows; ++r)
      if (key.null[r] == 0) numbers.insert(key.values[r]);
  }
  return out;
}

void expect_counts(const governance::Study& study, const std::vector<demo::Delivery>& deliveries,
                   const study::LinkRate& rate, const engine::PlanRun& run) {
  SCOPED_TRACE(rate.table);
  Numbers theirs;
  for (const auto& [owner, numbers] : keys_of(study, deliveries, rate.other, rate.keys[0].second))
    theirs.insert(numbers.begin(), numbers.end());
  const auto own = keys_of(study, deliveries, rate.table, rate.keys[0].first);
  int64_t linked_in_all = 0, unlinked_in_all = 0;
  for (size_t o = 0; o < rate.owners.size(); ++o) {
    const Numbers& numbers = own.at(rate.owners[o]);
    const auto linked = std::count_if(numbers.begin(), numbers.end(),
                                      [&](int64_t number) { return theirs.contains(number); });
    EXPECT_EQ(figures(run.outputs[0], 0).at(o), static_cast<int64_t>(numbers.size()));
    EXPECT_EQ(figures(run.outputs[1], 0).at(o), linked);
    linked_in_all += linked;
    unlinked_in_all += static_cast<int64_t>(numbers.size()) - linked;
  }
  EXPECT_GT(linked_in_all, 20);  // the comparison means something
  if (rate.table == "jeugdhulp") {
    EXPECT_GT(unlinked_in_all, 0);
  }
}

// The costs of the steps are those that EXPLAIN and the progress bar add up.
void expect_costs(const sql::Plan& plan, const engine::PartyTables& tables, const engine::PlanRun& run) {
  const std::vector<engine::StepCost> steps = engine::cost_plan(plan, engine::row_counts(tables[0]));
  ASSERT_EQ(steps.size(), run.steps.size());
  for (size_t s = 0; s < steps.size(); ++s) {
    SCOPED_TRACE(steps[s].label);
    EXPECT_TRUE(steps[s].sorts || run.steps[s] == steps[s].expected);
    EXPECT_LE(run.steps[s].total(), steps[s].bound.total());
  }
}

TEST(LinkRates, OnSharesAreThoseOfTheDeliveries) {
  const governance::Study study = example_study();
  for (const uint64_t seed : {5, 6}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    demo::RegionOptions options;
    options.seed = seed;
    options.families = 500;
    options.debt_rate = 0.2;
    options.base_rate = 0.1;
    const TemporaryDirectory directory, again;
    const demo::Region region = demo::make_region(options);
    auto deliveries = demo::write_deliveries(region, again.path());
    ASSERT_TRUE(deliveries.ok());
    // One municipality does not take part: its children are in care with providers that do.
    const std::string absent = region.municipalities[1].oin;
    std::erase_if(*deliveries, [&](const demo::Delivery& one) { return one.oin == absent; });
    const Result<Shared> shared = share_region(study, region, directory.path(), {absent});
    ASSERT_TRUE(shared.ok()) << shared.error().summary();
    const std::vector<study::LinkRate> rates = study::link_rates(study, shared->plan);
    ASSERT_EQ(rates.size(), 2u);
    for (const study::LinkRate& rate : rates) {
      sql::Plan alone{shared->plan.tables, {rate.persons, rate.linked}};
      const engine::PlanRun run = engine::run_plan(alone, shared->tables, seed);
      expect_counts(study, *deliveries, rate, run);
      expect_costs(alone, shared->tables, run);
    }
  }
}

}  // namespace
}  // namespace sluis::pipeline
