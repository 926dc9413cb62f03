#include "disclosure/policy.h"

#include <gtest/gtest.h>

#include "disclosure/guard_world_test.h"
#include "disclosure/rest.h"

namespace sluis::disclosure {
namespace {

using world::output_policy;

std::string refused(const std::function<void(Policy&)>& change) {
  Policy policy;
  change(policy);
  const Status status = check_policy(policy);
  return status.ok() ? "ok" : status.error().args.at(0);
}

TEST(Policy, ProfileItselfAndStricterAreAccepted) {
  EXPECT_EQ(refused([](Policy&) {}), "ok");
  EXPECT_EQ(refused([](Policy& p) { p.t_person = 100, p.round_base = 99; }), "ok");
  EXPECT_EQ(refused([](Policy& p) { p.owner_max = {4, 5}, p.group_max = {1, 2}, p.t_owner = 3; }), "ok");
}

TEST(Policy, LaxerThanTheProfileIsRefusedByName) {
  EXPECT_EQ(refused([](Policy& p) { p.t_person = 9; }), "t_person");
  EXPECT_EQ(refused([](Policy& p) { p.t_household = 4; }), "t_household");
  EXPECT_EQ(refused([](Policy& p) { p.t_owner = 1; }), "t_owner");
  EXPECT_EQ(refused([](Policy& p) { p.denominator_min = 29; }), "denominator_min");
  EXPECT_EQ(refused([](Policy& p) { p.owner_max = {901, 1000}; }), "owner_max");
  EXPECT_EQ(refused([](Policy& p) { p.owner_max = {0, 1}; }), "owner_max");
  EXPECT_EQ(refused([](Policy& p) { p.group_max = {1, 1}; }), "group_max");
  EXPECT_EQ(refused([](Policy& p) { p.group_max = {5, 4}; }), "group_max");
  EXPECT_EQ(refused([](Policy& p) { p.round_base = 3; }), "round_base");
  EXPECT_EQ(refused([](Policy& p) { p.round_base = 6; }), "round_base");
  EXPECT_EQ(refused([](Policy& p) { p.round_base = 11; }), "round_base");  // 10 would round to 11, 5 to 0
}

TEST(Policy, FractionsAreExact) {
  EXPECT_EQ(Fraction::from_millionths(900'000), (Fraction{9, 10}));
  EXPECT_EQ(Fraction::from_millionths(800'000), (Fraction{4, 5}));
  EXPECT_EQ(Fraction::from_millionths(333'333), (Fraction{333'333, 1'000'000}));
  EXPECT_EQ(Fraction::from_millionths(1'000'000), (Fraction{1, 1}));
  EXPECT_TRUE(less({4, 5}, {9, 10}));
  EXPECT_FALSE(less({9, 10}, {900'000, 1'000'000}));
}

TEST(Policy, StrictestTakesEveryKeyFromTheStricterSide) {
  Policy a, b;
  a.t_person = 20, a.owner_max = {4, 5}, a.round_base = 9;
  b.t_household = 8, b.t_owner = 4, b.group_max = {1, 2}, b.denominator_min = 50;
  const Policy c = strictest(a, b);
  EXPECT_EQ(c, strictest(b, a));
  EXPECT_EQ(c.t_person, 20u);
  EXPECT_EQ(c.t_household, 8u);
  EXPECT_EQ(c.t_owner, 4u);
  EXPECT_EQ(c.owner_max, (Fraction{4, 5}));
  EXPECT_EQ(c.group_max, (Fraction{1, 2}));
  EXPECT_EQ(c.denominator_min, 50u);
  EXPECT_EQ(c.round_base, 9u);
}

std::vector<std::string> faults(const std::function<void(OutputPolicy&)>& change) {
  OutputPolicy output = output_policy(3, 1);
  change(output);
  std::vector<std::string> ids;
  for (const Error& error : check_protectable(output)) ids.push_back(error.id);
  return ids;
}
using Ids = std::vector<std::string>;

TEST(CheckProtectable, NamesEveryFault) {
  EXPECT_EQ(faults([](auto&) {}), Ids{});
  EXPECT_EQ(faults([](auto& o) { o.measures[1].figure = Figure::kOther; }), Ids{"S1411.measure"});
  EXPECT_EQ(faults([](auto& o) { o.measures.clear(); }), Ids{"S1411.empty"});
  EXPECT_EQ(faults([](auto& o) { o.measures[1].figure = Figure::kCountRows; }), Ids{"S1411.two_populations"});
  EXPECT_EQ(faults([](auto& o) { o.measures.resize(6, {"x", Figure::kCountSome, false}); }),
            Ids{"S1411.many_counts"});
  EXPECT_EQ(faults([](auto& o) { o.measures[0].sensitive = true; }), Ids{"S1411.sensitive_count"});
  EXPECT_EQ(faults([](auto& o) {
              o.measures.erase(o.measures.begin());
              o.measures[0].sensitive = true;
            }),
            Ids{"S1411.sensitive_count"});
  EXPECT_EQ(faults([](auto& o) { o.dimensions[0].labels.clear(); }), Ids{"S1411.no_rows"});
  EXPECT_EQ(faults([](auto& o) { o.dimensions[0].labels.resize(60'000, "x"); }), Ids{"S1411.cells"});
  EXPECT_EQ(faults([](auto& o) { o.sensitive = {{2, {0}}}; }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([](auto& o) { o.sensitive = {{1, {2}}}; }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([](auto& o) { o.sensitive = {{1, {}}}; }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([](auto& o) {
              o.sensitive = {{1, {0}}};
              o.dimensions[1].labels = {"ja"};
            }),
            Ids{"S1411.sensitive_alone"});
  EXPECT_EQ(faults([](auto& o) { o.tables[0].population = false; }), Ids{"S1411.population_table"});
  EXPECT_EQ(faults([](auto& o) { o.tables[1].population = true; }), Ids{"S1411.population_table"});
  EXPECT_EQ(faults([](auto& o) { o.tables[1].name = "ouder_kind"; }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([](auto& o) { o.bands = {9, 25}; }), Ids{"S1411.band_low"});
  EXPECT_EQ(faults([](auto& o) { o.bands = {10, 19}; }), Ids{"S1411.band_narrow"});
  EXPECT_EQ(faults([](auto& o) { o.bands = {25, 10}; }), Ids{"S1411.band_narrow"});
  EXPECT_EQ(faults([](auto& o) { o.bands = {10, 20}; }), Ids{});
  const auto own_row = [](OutputPolicy& o, std::vector<std::string> readers) {
    o.dimensions.pop_back();
    o.bands = {10};
    o.own_row = OwnRow{"gemeente", std::move(readers)};
  };
  EXPECT_EQ(faults([&](auto& o) { own_row(o, {"a", "b", "c"}); }), Ids{});
  EXPECT_EQ(faults([&](auto& o) { own_row(o, {"a", "b", "b"}); }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([&](auto& o) { own_row(o, {"a", "b"}); }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([&](auto& o) { own_row(o, {"a", "b", ""}); }), Ids{"S1411.shape"});
  EXPECT_EQ(faults([&](auto& o) {
              own_row(o, {"a", "b", "c"});
              o.bands.clear();
            }),
            Ids{"S1411.own_row_bands"});
  EXPECT_EQ(faults([&](auto& o) {
              own_row(o, {"a", "b", "c"});
              o.dimensions.push_back({"soort", {"x"}});
            }),
            Ids{"S1411.shape"});
  EXPECT_EQ(faults([](auto& o) {
              o.policy.t_person = 9;
              o.measures[1].figure = Figure::kOther;
              o.bands = {5};
            }),
            (Ids{"S1410.policy", "S1411.measure", "S1411.band_low"}));
}

// "whole-part,part" with ? where it is only possible and > the withheld measure.
std::vector<std::string> rests(const OutputPolicy& output) {
  std::vector<std::string> out;
  for (const Rest& rest : derivable_rests(output)) {
    std::string text = std::to_string(rest.whole);
    for (size_t part : rest.parts) text += '-' + std::to_string(part);
    out.push_back(text + (rest.certain ? "" : "?") + '>' + std::to_string(rest.hidden));
  }
  return out;
}

TEST(Rests, OneSubCountHasOneRest) { EXPECT_EQ(rests(output_policy(1, 1)), Ids{"0-1>1"}); }

TEST(Rests, UnknownRelationsAreTakenAsPossible) {
  EXPECT_EQ(rests(output_policy(1, 2)), (Ids{"0-1>1", "0-2>2", "0-1-2?>2", "1-2?>2", "2-1?>2"}));
}

TEST(Rests, DeclaredRelationsAreFollowed) {
  OutputPolicy output = output_policy(1, 2);
  output.relations = {{1, 2, Relation::kDisjoint}};
  EXPECT_EQ(rests(output), (Ids{"0-1>1", "0-2>2", "0-1-2>2"}));
  output.relations = {{2, 1, Relation::kWithin}};
  EXPECT_EQ(rests(output), (Ids{"0-1>1", "0-2>2", "1-2>2"}));
  output.relations = {{1, 2, Relation::kCrossing}};
  EXPECT_EQ(rests(output), (Ids{"0-1>1", "0-2>2"}));
}

TEST(Rests, ThreeDisjointPartsLeaveSevenRests) {
  OutputPolicy output = output_policy(1, 3);
  output.relations = {{1, 2, Relation::kDisjoint}, {2, 3, Relation::kDisjoint}, {3, 1, Relation::kDisjoint}};
  EXPECT_EQ(rests(output), (Ids{"0-1>1", "0-2>2", "0-1-2>2", "0-3>3", "0-1-3>3", "0-2-3>3", "0-1-2-3>3"}));
}

TEST(Groups, FollowTheSensitiveDimension) {
  OutputPolicy output = output_policy(3, 0);  // 3 x 2 cells
  output.sensitive = {{1, {0}}, {0, {2, 0}}};
  const auto groups = row_groups(output);
  ASSERT_EQ(groups.size(), 2u);
  ASSERT_EQ(groups[0].size(), 3u);
  EXPECT_EQ(groups[0][1].cells, (std::vector<uint32_t>{2, 3}));
  EXPECT_EQ(groups[0][1].sensitive, (std::vector<uint32_t>{2}));
  ASSERT_EQ(groups[1].size(), 2u);
  EXPECT_EQ(groups[1][1].cells, (std::vector<uint32_t>{1, 3, 5}));
  EXPECT_EQ(groups[1][1].sensitive, (std::vector<uint32_t>{5, 1}));
}

TEST(Groups, AllValuesSensitiveAreJudgedOneByOne) {
  OutputPolicy output = output_policy(1, 0);
  output.sensitive = {{1, {0, 1}}};
  const auto groups = row_groups(output);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0][0].sensitive, (std::vector<uint32_t>{0}));
  EXPECT_EQ(groups[1][0].sensitive, (std::vector<uint32_t>{1}));
}

}  // namespace
}  // namespace sluis::disclosure
