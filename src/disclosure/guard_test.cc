#include "disclosure/guard.h"

#include <gtest/gtest.h>

#include "disclosure/guard_world_test.h"
#include "disclosure/rest.h"

namespace sluis::disclosure {
namespace {

using namespace world;

// Figures shown and withheld, so that a test can prove that it saw both.
size_t shown(const std::vector<std::vector<uint64_t>>& figures) {
  size_t count = 0;
  for (const auto& column : figures)
    count += column.size() - static_cast<size_t>(std::count(column.begin(), column.end(), 0u));
  return count;
}

void expect_equal(const ClearTable& table, const OutputPolicy& output, uint64_t seed) {
  const BandEdges edges = clear_band_edges(output, band_seeds(static_cast<uint8_t>(seed)));
  const auto expected = protect_clear(table, output, edges);
  const Protected got = protect_three(table, output, seed);
  ASSERT_EQ(got.figures, expected) << "seed " << seed;
  const size_t all = output.cells() * output.measures.size();
  EXPECT_GT(shown(expected), all / 100) << "seed " << seed << ": hardly anything shown, the test says little";
  EXPECT_LT(shown(expected), all) << "seed " << seed << ": nothing withheld";
}

TEST(Guard, EqualsReferenceOnBoundaryTables) {
  const OutputPolicy output = output_policy(500, 1);
  for (uint64_t seed = 1; seed <= 10; ++seed) expect_equal(random_table(output, 3, seed), output, seed);
}

// The random tables are worth something only if each rule is, somewhere, the only reason to withhold.
TEST(Guard, EveryRuleDecidesSomewhereInTheRandomTables) {
  OutputPolicy output = output_policy(500, 2);
  output.policy.t_owner = 3;  // with 2, one owner alone already fails as the largest
  output.sensitive = {{1, {0}}};
  output.measures[1].sensitive = true;
  const ClearTable table = random_table(output, 3, 1);
  const auto all = protect_clear(table, output);
  const auto without = [&](const std::function<void(OutputPolicy&, ClearTable&)>& change) {
    OutputPolicy laxer = output;
    ClearTable changed = table;
    change(laxer, changed);
    return shown(protect_clear(changed, laxer)) - shown(all);
  };
  EXPECT_GT(without([](auto& o, auto&) { o.policy.t_person = 9; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.policy.t_household = 4; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.policy.t_owner = 2; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.policy.owner_max = {91, 100}; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.policy.group_max = {91, 100}; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.sensitive.clear(); }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.measures[1].sensitive = false; }), 0u);
  EXPECT_GT(without([](auto& o, auto&) { o.relations = {{1, 2, Relation::kCrossing}}; }), 0u);
  for (size_t t = 0; t < 3; ++t)
    EXPECT_GT(without([t](auto& o, auto&) { o.tables[t].spans_owners = false; }), 0u) << t;
  EXPECT_GT(without([](auto& o, auto& changed) {  // the rest rules: no row population to subtract from
              o.measures.erase(o.measures.begin());
              o.measures[0].sensitive = false;
              changed.measures.erase(changed.measures.begin());
            }),
            0u);
}

TEST(Guard, EqualsReferenceWithStricterOwnersAndOneToFiveOwners) {
  OutputPolicy output = output_policy(300, 1);
  output.policy.t_owner = 3;
  output.policy.owner_max = {4, 5};
  output.policy.t_household = 6;
  for (size_t owners : {4u, 5u, 7u}) expect_equal(random_table(output, owners, 40 + owners), output, owners);
}

TEST(Guard, EqualsReferenceWithSensitiveValuesAndCounts) {
  OutputPolicy output = output_policy(400, 1);
  output.sensitive = {{1, {0}}};
  output.measures[1].sensitive = true;
  expect_equal(random_table(output, 3, 11), output, 11);
  output.sensitive = {{1, {0, 1}}};
  output.policy.group_max = {3, 4};
  expect_equal(random_table(output, 3, 12), output, 12);
}

TEST(Guard, EqualsReferenceWithManySubCounts) {
  OutputPolicy output = output_policy(150, 3);
  expect_equal(random_table(output, 3, 21), output, 21);
  output.relations = {{1, 2, Relation::kWithin}, {2, 3, Relation::kDisjoint}, {1, 3, Relation::kDisjoint}};
  expect_equal(random_table(output, 3, 22), output, 22);
  output.relations = {{1, 2, Relation::kCrossing}, {3, 2, Relation::kWithin}};
  expect_equal(random_table(output, 3, 23), output, 23);
}

// A SUM over no rows is NULL: nothing to show, whatever stands in the other planes.
TEST(Guard, EqualsReferenceWhereFiguresAreNull) {
  const OutputPolicy output = output_policy(100, 1);
  ClearTable table = random_table(output, 3, 33);
  const size_t before = shown(protect_clear(table, output));
  for (size_t c = 0; c < output.cells(); ++c) table.measures[1].null.push_back(c % 2);
  EXPECT_LT(shown(protect_clear(table, output)), before);
  expect_equal(table, output, 33);
}

TEST(Guard, EqualsReferenceWithoutPopulation) {
  OutputPolicy output = output_policy(300, 1);
  output.measures.erase(output.measures.begin());
  ClearTable table = random_table(output, 3, 31);
  expect_equal(table, output, 31);
}

TEST(Guard, EqualsReferenceOnTablesThatDoNotFitTogether) {
  const OutputPolicy output = output_policy(500, 2);
  expect_equal(random_table(output, 3, 51, true), output, 51);
}

OutputPolicy own_row_policy(size_t cells) {
  OutputPolicy output = output_policy(1, 0);
  output.name = "spiegel";
  output.dimensions = {{"gemeente", {}}};
  output.own_row = OwnRow{"gemeente", {}};
  for (size_t c = 0; c < cells; ++c) {
    output.dimensions[0].labels.push_back("GM" + std::to_string(9001 + c));
    output.own_row->readers.push_back("oin" + std::to_string(c));
  }
  output.bands = {10, 25, 50, 100};
  return output;
}

TEST(Guard, EqualsReferenceForOwnRowBands) {
  const OutputPolicy output = own_row_policy(600);
  for (uint64_t seed = 61; seed <= 62; ++seed) expect_equal(random_table(output, 3, seed), output, seed);
}

TEST(Guard, BandEdgesAreTheSameAtEveryAttemptAndSpreadOverTheSlack) {
  const OutputPolicy output = own_row_policy(500);
  const BandEdges edges = clear_band_edges(output, band_seeds(1));
  EXPECT_EQ(edges, clear_band_edges(output, band_seeds(1)));
  EXPECT_NE(edges, clear_band_edges(output, band_seeds(2)));
  std::array<size_t, 5> seen{};
  for (const auto& row : edges)
    for (size_t b = 0; b < row.size(); ++b) {
      ASSERT_GE(row[b], output.bands[b]);
      ASSERT_LE(row[b], output.bands[b] + band_slack(output.policy));
      ++seen[row[b] - output.bands[b]];
    }
  for (size_t count : seen) EXPECT_NEAR(static_cast<double>(count), 400.0, 100.0);
}

// Test 11 of the specification, for everything the guard sends: no message depends on the data.
TEST(Guard, SendsTheSameMessagesForAllDataOfOneShape) {
  OutputPolicy output = output_policy(20, 2);
  output.sensitive = {{1, {0}}};
  output.measures[1].sensitive = true;
  ClearTable zero = random_table(output, 3, 1), other = random_table(output, 3, 2, true);
  for (ClearMeasure& measure : zero.measures) measure = empty_measure(output.cells(), 3, 3);
  ClearTable seven = zero;
  for (ClearMeasure& measure : seven.measures)
    measure.value[3] = measure.persons[3] = measure.households[3] = 7;
  const Protected a = protect_three(zero, output), b = protect_three(seven, output),
                  c = protect_three(other, output);
  EXPECT_EQ(a.traces, b.traces);
  EXPECT_EQ(a.traces, c.traces);
  EXPECT_EQ(a.figures, b.figures);  // zero against seven: the same release
  EXPECT_NE(a.figures, c.figures);
}

// A withheld cell's shares are as random as any: nobody can tell it from a shown one before combining.
TEST(Guard, OpensNothing) {
  const OutputPolicy output = output_policy(10, 1);
  const ClearTable table = random_table(output, 3, 5);
  const auto shared = share_table(table, output, 5);
  const auto flushes = testing::run_three([&](mpc::Session& session) {
    auto result = Guard::protect(session,
                                 testing::ClearanceAccess::uncleared(
                                     oblivious::CellTable(shared[static_cast<size_t>(session.party())])),
                                 with_seeds(output, session.party(), band_seeds(5)));
    CHECK(result.ok());
    return session.verify_queue().flushes();  // every opening flushes
  });
  EXPECT_EQ(flushes, (std::array<uint64_t, 3>{0, 0, 0}));
}

TEST(Guard, RefusesATableThatIsNotTheOneDescribed) {
  const OutputPolicy output = output_policy(2, 1);
  const ClearTable table = random_table(output, 3, 5);
  const auto with = [&](const std::function<void(oblivious::CellTable&)>& change) {
    const auto shared = share_table(table, output, 5);
    const auto codes = testing::run_three([&](mpc::Session& session) {
      oblivious::CellTable mine = shared[static_cast<size_t>(session.party())];
      change(mine);
      auto result = Guard::protect(session, testing::ClearanceAccess::uncleared(std::move(mine)),
                                   with_seeds(output, session.party(), band_seeds(5)));
      return result.ok() ? std::string("ok") : result.error().id;
    });
    return codes[0];
  };
  EXPECT_EQ(with([](auto&) {}), "ok");
  EXPECT_EQ(with([](auto& t) { t.name = "anders"; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.cells = 3; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures.pop_back(); }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[1].name = "x"; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[0].persons = {}; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[0].households = {}; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[0].owners.pop_back(); }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[1].owners[2].count.pop_back(); }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[0].owners[0].table = "schuldhulp"; }), "S1411.shape");
  EXPECT_EQ(with([](auto& t) { t.measures[0].type = relation::Type::integer(-1, 5); }), "S1411.shape");
}

// What the ledger keeps: each node's own shares of the exact persons and households, unmasked.
TEST(Guard, LedgerSharesHoldTheExactCounts) {
  const OutputPolicy output = output_policy(3, 1);
  const ClearTable table = random_table(output, 3, 9);
  const Protected run = protect_three(table, output);
  std::array<std::vector<sharing::SharedBits>, 3> parts;
  for (size_t i = 0; i < 3; ++i) {
    ByteReader in(run.tables[i].ledger);
    EXPECT_EQ(as_text(in.bytes(8)), "SLUISEXA");
    EXPECT_EQ(in.u16(), 1);
    EXPECT_EQ(in.u8(), i);
    EXPECT_EQ(in.text(100), "samen");
    EXPECT_EQ(in.u32(), output.cells());
    ASSERT_EQ(in.u32(), 2u);
    for (size_t m = 0; m < 2; ++m) {
      EXPECT_EQ(in.text(100), output.measures[m].name);
      for (int which = 0; which < 2; ++which) {
        sharing::SharedBits x(output.cells(), in.u32());
        for (uint64_t& word : x.own.words()) word = in.u64();
        for (uint64_t& word : x.next.words()) word = in.u64();
        parts[i].push_back(x);
      }
    }
    EXPECT_TRUE(in.done());
  }
  const auto opened = [&](size_t at) {
    return testing::row_values(testing::reconstruct({parts[0][at], parts[1][at], parts[2][at]}));
  };
  EXPECT_EQ(opened(0), table.measures[0].persons);
  EXPECT_EQ(opened(1), table.measures[0].households);
  EXPECT_EQ(opened(2), table.measures[1].persons);
  EXPECT_EQ(opened(3), table.measures[1].households);
}

}  // namespace
}  // namespace sluis::disclosure
