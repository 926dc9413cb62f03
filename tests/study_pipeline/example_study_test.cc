// The example study over an invented region, from files to exact figures on shares, against plain loops over
// the model: every figure, and what the disclosure rules see beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "pipeline.h"
#include "relation/date.h"

namespace sluis::pipeline {
namespace {

using demo::Region;

Region small_region(uint64_t seed, int families) {
  demo::RegionOptions options;
  options.seed = seed;
  options.families = families;
  options.debt_rate = 0.2;
  options.base_rate = 0.05;
  return demo::make_region(options);
}

void expect_plain(const engine::PlanRun& run, const demo::PlainAnswer& plain) {
  ASSERT_EQ(run.outputs.size(), 4U);
  std::vector<int64_t> children, started;
  for (const auto& band : plain.together)
    for (const demo::PlainCell& cell : band)
      children.push_back(cell.children), started.push_back(cell.started);
  // Age bands are printed as declared: 0-5, 6-11, 12-17.
  EXPECT_EQ(figures(run.outputs[0], 0), children);
  EXPECT_EQ(figures(run.outputs[0], 1), started);
  EXPECT_EQ(figures(run.outputs[1], 0), std::vector<int64_t>(plain.order.begin(), plain.order.end()));
  EXPECT_EQ(figures(run.outputs[2], 0), std::vector<int64_t>(plain.linkage.begin(), plain.linkage.end()));
  EXPECT_EQ(figures(run.outputs[3], 0), plain.mirror);
}

void expect_costs(const Shared& shared, const engine::PlanRun& run) {
  const std::vector<engine::StepCost> steps =
      engine::cost_plan(shared.plan, engine::row_counts(shared.tables[0]));
  ASSERT_EQ(steps.size(), run.steps.size());
  mpc::Cost expected, sent;
  for (size_t s = 0; s < steps.size(); ++s) {
    SCOPED_TRACE(steps[s].label);
    EXPECT_LE(run.steps[s].rounds, steps[s].bound.rounds);
    EXPECT_LE(run.steps[s].total(), steps[s].bound.total());
    EXPECT_TRUE(steps[s].sorts || run.steps[s] == steps[s].expected);
    expected += steps[s].expected;
    sent += run.steps[s];
  }
  EXPECT_NEAR(static_cast<double>(sent.total()), static_cast<double>(expected.total()),
              0.03 * static_cast<double>(expected.total()));
}

TEST(ExampleStudy, FiguresOnSharesAreThoseOfThePlainLoops) {
  const governance::Study study = example_study();
  size_t seen[2] = {0, 0};  // cells that are not empty: the comparison means something
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TemporaryDirectory directory;
    const Region region = small_region(seed, 700);
    const Result<Shared> shared = share_region(study, region, directory.path());
    ASSERT_TRUE(shared.ok()) << shared.error().summary();
    const engine::PlanRun run = engine::run_plan(shared->plan, shared->tables, seed);
    const demo::PlainAnswer plain = demo::plain_answer(region);
    for (const int64_t one : plain.linkage) seen[0] += one > 0 ? 1 : 0;
    for (const int64_t one : plain.order) seen[1] += one > 0 ? 1 : 0;
    expect_plain(run, plain);
    expect_costs(*shared, run);
  }
  EXPECT_GE(seen[0], 10U);
  EXPECT_GE(seen[1], 6U);
}

// One municipality and one provider say no: the figures are those of a region in which their files are empty.
TEST(ExampleStudy, WithoutTwoOwners) {
  const TemporaryDirectory directory;
  Region region = small_region(4, 700);
  const int without_town = 1, without_carer = 2;
  const Result<Shared> shared =
      share_region(example_study(), region, directory.path(),
                   {region.municipalities[without_town].oin, region.providers[without_carer].oin});
  ASSERT_TRUE(shared.ok()) << shared.error().summary();
  for (demo::Child& child : region.children)
    if (child.person.municipality == without_town) child.person.birth = *relation::day_number(1950, 1, 1);
  std::erase_if(region.counselling, [&](const auto& one) { return one.municipality == without_town; });
  std::erase_if(region.care, [&](const auto& one) { return one.provider == without_carer; });
  demo::PlainAnswer plain = demo::plain_answer(region);
  // Only participants have a row of their own.
  plain.mirror.erase(plain.mirror.begin() + without_town);
  expect_plain(engine::run_plan(shared->plan, shared->tables), plain);
}

// ---- what the rules see: households, and the owner of every table

// A counselling track as the municipality shares it: it passes the study's `rows` condition and has a key.
bool is_shared(const demo::Counselling& track) {
  if (track.key != demo::Counselling::Key::kValid) return false;
  if (track.date_unknown) return true;
  const int year = relation::year_of(track.start);
  return year == 2021 || year == 2022;
}

struct Facts {
  bool exposed = false;  // some parent has a track
  bool unknown_parents = false;
  uint32_t family = 0;  // lowest parent key, 0 if none
  int debt_owner = -1;  // least municipality among the parents' tracks
  int care_owner = -1;  // least provider among the child's shared care
};

std::vector<Facts> facts_of(const Region& region) {
  std::map<int, int> debt;  // parent -> least municipality
  for (const demo::Counselling& track : region.counselling)
    if (is_shared(track))
      for (const int client : track.clients) {
        const auto [at, fresh] = debt.emplace(client, track.municipality);
        if (!fresh) at->second = std::min(at->second, track.municipality);
      }
  std::vector<Facts> out(region.children.size());
  for (size_t i = 0; i < out.size(); ++i) {
    Facts& facts = out[i];
    facts.unknown_parents = region.children[i].parents.empty();
    for (const int parent : region.children[i].parents) {
      const uint32_t bsn = region.parents[static_cast<size_t>(parent)].bsn;
      facts.family = facts.family == 0 ? bsn : std::min(facts.family, bsn);
      const auto found = debt.find(parent);
      if (found == debt.end()) continue;
      facts.exposed = true;
      facts.debt_owner = facts.debt_owner < 0 ? found->second : std::min(facts.debt_owner, found->second);
    }
  }
  for (const demo::Care& care : region.care) {
    if (care.form != "11" || care.key_missing) continue;
    if (care.start > *relation::day_number(2024, 12, 31) ||
        (care.end && *care.end < *relation::day_number(2020, 1, 1)))
      continue;
    int& owner = out[static_cast<size_t>(care.child)].care_owner;
    owner = owner < 0 ? care.provider : std::min(owner, care.provider);
  }
  return out;
}

bool is_minor(const demo::Child& child) {
  return child.person.birth > *relation::day_number(2005, 1, 1) &&
         child.person.birth <= *relation::day_number(2023, 1, 1);
}

// Expected: [owner] -> children in the cell.
void expect_owners(const engine::OpenedMeasure& measure, size_t entry, size_t cell,
                   const std::map<int, uint64_t>& expected) {
  for (size_t owner = 0; owner < measure.owners.at(entry).size(); ++owner) {
    const auto found = expected.find(static_cast<int>(owner));
    EXPECT_EQ(measure.owners[entry][owner][cell], found == expected.end() ? 0 : found->second)
        << "entry " << entry << ", owner " << owner << ", cell " << cell;
  }
}

TEST(ExampleStudy, HouseholdsAndOwnersOfEveryCell) {
  const TemporaryDirectory directory;
  const Region region = small_region(5, 700);
  const Result<Shared> shared = share_region(example_study(), region, directory.path());
  ASSERT_TRUE(shared.ok()) << shared.error().summary();
  const engine::PlanRun run = engine::run_plan(shared->plan, shared->tables);
  const engine::OpenedMeasure& linkage = run.outputs[2].measures[0];
  const std::vector<Facts> facts = facts_of(region);
  std::set<uint32_t> families[3];  // ja or date unknown, nee, parents unknown
  uint64_t strays = 0;
  std::map<int, uint64_t> towns[3], debts[3], carers[3];
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!is_minor(region.children[i])) continue;
    const size_t group = facts[i].unknown_parents ? 2 : facts[i].exposed ? 0 : 1;
    if (facts[i].family != 0)
      families[group].insert(facts[i].family);
    else
      ++strays;
    ++towns[group][region.children[i].person.municipality];
    if (facts[i].debt_owner >= 0) ++debts[group][facts[i].debt_owner];
    if (facts[i].care_owner >= 0) ++carers[group][facts[i].care_owner];
  }
  ASSERT_EQ(linkage.persons.size(), 4U);
  for (size_t cell = 0; cell < 4; ++cell)
    EXPECT_EQ(linkage.persons[cell], static_cast<uint64_t>(*linkage.value[cell]));
  // Cells of the output: ja, nee, datum onbekend, ouder onbekend.
  EXPECT_EQ(linkage.households[1], families[1].size());
  EXPECT_EQ(linkage.households[3], strays / 16);
  const auto& owner_columns = shared->plan.outputs[2].owner_columns;
  ASSERT_EQ(owner_columns.size(), 3U);
  for (size_t entry = 0; entry < 3; ++entry) {
    const std::string& table = owner_columns[entry].first;
    SCOPED_TRACE(table);
    const auto& expected = table == "ouder_kind" ? towns : table == "schuldhulp" ? debts : carers;
    expect_owners(linkage, entry, 1, expected[1]);
    expect_owners(linkage, entry, 3, expected[2]);
    // `ja` and `datum onbekend` together are the children with a track.
    for (size_t owner = 0; owner < linkage.owners[entry].size(); ++owner) {
      const auto found = expected[0].find(static_cast<int>(owner));
      EXPECT_EQ(linkage.owners[entry][owner][0] + linkage.owners[entry][owner][2],
                found == expected[0].end() ? 0 : found->second);
    }
  }
}

// ---- a municipality cannot deliver rows in another's name

TEST(ExampleStudy, MunicipalityIsBoundToTheOwner) {
  const TemporaryDirectory directory;
  const Region region = small_region(6, 500);
  Result<std::vector<demo::Delivery>> deliveries = demo::write_deliveries(region, directory.path());
  ASSERT_TRUE(deliveries.ok());
  // GM9002 writes GM9001 in every second row of its own children.
  for (const demo::Delivery& delivery : *deliveries) {
    if (delivery.oin != region.municipalities[1].oin || delivery.table != "ouder_kind") continue;
    std::string text = *read_file(delivery.file, 64 << 20);
    size_t nth = 0;
    for (size_t at = text.find("GM9002"); at != std::string::npos; at = text.find("GM9002", at + 6))
      if (++nth % 2 == 0) text.replace(at, 6, "GM9001");
    ASSERT_GT(nth, 20U);
    ASSERT_TRUE(write_file(delivery.file, text).ok());
  }
  const Result<Shared> shared = share_deliveries(example_study(), *deliveries, directory.path());
  ASSERT_TRUE(shared.ok()) << shared.error().summary();
  for (const wire::TableUpload& upload : shared->facts.tables)
    for (const relation::ColumnSchema& column : upload.columns) EXPECT_NE(column.name, "gemeente");
  // In the nodes' table every row has its owner's code, and the hidden owner column says the same.
  const relation::TableSchema& schema = shared->plan.tables.at("ouder_kind");
  oblivious::SharedTables shares;
  for (size_t p = 0; p < 3; ++p) shares[p] = shared->tables[p].at("ouder_kind");
  const oblivious::ClearTable table = oblivious::reconstruct_table(shares);
  const auto town = static_cast<size_t>(schema.find("gemeente")), owner = schema.columns.size() - 1;
  std::map<int64_t, size_t> rows;
  for (const oblivious::Row& row : table.valid_rows()) {
    EXPECT_EQ(row[town], row[owner]);
    ++rows[*row[town]];
  }
  size_t first = 0;  // relations of GM9001's own children of the right age
  for (const demo::Child& child : region.children)
    if (child.person.municipality == 0 && is_minor(child)) first += std::max<size_t>(1, child.parents.size());
  EXPECT_EQ(rows[0], first);
}

}  // namespace
}  // namespace sluis::pipeline
