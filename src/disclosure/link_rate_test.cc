#include "disclosure/link_rate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "disclosure/guard_world_test.h"

namespace sluis::disclosure {
namespace {

using world::band_seeds;

LinkPolicy link_policy(size_t owners) {
  LinkPolicy policy;
  policy.name = "__link_1";
  policy.table = "schuldhulp";
  for (size_t i = 0; i < owners; ++i) {
    policy.owners.push_back("GM" + std::to_string(9001 + i));
    policy.readers.push_back("0000009900000000" + std::to_string(2001 + i));
  }
  return policy;
}

std::array<oblivious::CellTable, 3> share_counts(const std::vector<uint64_t>& counts, size_t planes,
                                                 uint64_t seed) {
  const auto shares = testing::share(testing::bits_of(counts, planes), seed);
  std::array<oblivious::CellTable, 3> tables;
  for (size_t i = 0; i < 3; ++i) {
    tables[i].name = "__link_1";
    tables[i].cells = counts.size();
    tables[i].measures.push_back(
        {"persons", relation::Type::integer(0, (int64_t{1} << planes) - 1), shares[i], {}, {}, {}, {}});
  }
  return tables;
}

struct Released {
  std::vector<uint64_t> bands;
  mpc::Cost measured;
  std::array<testing::Trace, 3> traces;
  ReleaseTable table;
};

Released release(const std::vector<uint64_t>& persons, const std::vector<uint64_t>& linked,
                 const LinkPolicy& policy, uint8_t seed, size_t planes = 13) {
  const auto n = share_counts(persons, planes, seed), m = share_counts(linked, planes, seed + 100u);
  const auto seeds = band_seeds(seed);
  auto run = testing::run_measured([&](mpc::Session& session) {
    const auto party = static_cast<size_t>(session.party());
    LinkPolicy own = policy;
    own.seeds = {seeds[party], seeds[(party + 1) % 3]};
    auto cleared =
        Guard::protect_link(session, testing::ClearanceAccess::uncleared(oblivious::CellTable(n[party])),
                            testing::ClearanceAccess::uncleared(oblivious::CellTable(m[party])), own);
    CHECK(cleared.ok());
    return testing::ClearanceAccess::look(*cleared);
  });
  return {testing::row_values(testing::reconstruct(
              {run.results[0].figures[0], run.results[1].figures[0], run.results[2].figures[0]})),
          run.measured, run.traces, run.results[0]};
}

TEST(LinkRate, EqualsReferenceAroundEveryEdge) {
  std::set<uint64_t> seen;
  for (uint8_t seed = 1; seed <= 6; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<uint64_t> persons, linked;
    for (const uint64_t n : {uint64_t{0}, uint64_t{1}, uint64_t{99}, uint64_t{100}, uint64_t{101},
                             uint64_t{250}, uint64_t{1000}, 100 + random() % 4000}) {
      for (const uint32_t edge : kLinkEdges)
        for (const uint64_t above : {0, 1, 5, 10, 19, 20, 21}) {
          persons.push_back(n);
          linked.push_back(std::min(n, n * edge / 100 + above));
        }
      for (const uint64_t part : {uint64_t{0}, n / 2, n}) persons.push_back(n), linked.push_back(part);
    }
    const LinkPolicy policy = link_policy(persons.size());
    const auto blur = clear_link_blur(policy, band_seeds(seed));
    const auto expected = link_bands_clear(persons, linked, policy, blur);
    EXPECT_EQ(release(persons, linked, policy, seed).bands, expected) << "seed " << int{seed};
    seen.insert(expected.begin(), expected.end());
  }
  EXPECT_EQ(seen.size(), std::size(kLinkEdges) + 2);  // every band, and withheld
}

TEST(LinkRate, CostIsExactAndMessagesDependOnShapesOnly) {
  for (const size_t owners : {1u, 3u, 10u, 70u}) {
    LinkPolicy policy = link_policy(owners);
    if (owners == 10) policy.policy.t_person = 25, policy.policy.group_max = {3, 4};
    const std::vector<uint64_t> none(owners, 0), many(owners, 4000), some(owners, 2222);
    const Released a = release(many, some, policy, 1), b = release(none, none, policy, 2);
    EXPECT_EQ(a.measured, cost_protect_link(policy, 13, 13)) << owners;
    EXPECT_EQ(a.traces, b.traces) << owners;
  }
}

// The point of the secret number: whatever an owner delivers, one person more or less changes how often each
// band is printed, over the `blur` numbers that may have been drawn, by one draw at most.
TEST(LinkRate, OnePersonChangesTheOddsByAtMostOneDraw) {
  const LinkPolicy policy = link_policy(1);
  const uint64_t blur = link_blur(policy.policy);
  EXPECT_EQ(blur, 20u);
  int moved = 0;
  for (const uint64_t n : {100u, 110u, 125u, 200u, 1000u})
    for (uint64_t m = 0; m < n; ++m) {
      std::map<uint64_t, int> odds;
      for (uint64_t u = 0; u < blur; ++u) {
        ++odds[link_bands_clear({n}, {m}, policy, {u})[0]];
        --odds[link_bands_clear({n}, {m + 1}, policy, {u})[0]];
      }
      int differ = 0;
      for (const auto& [band, times] : odds) differ += std::abs(times);
      EXPECT_LE(differ, 2) << n << " " << m;  // one draw leaves a band, and enters another
      moved += differ;
    }
  EXPECT_GT(moved, 0);
}

// Ten known persons, hundreds of invented ones, one target: the attack of the design.
TEST(LinkRate, ChosenDeliveryTellsLittle) {
  const LinkPolicy policy = link_policy(1);
  // Too few persons: nothing at all, whoever is among them.
  for (const uint64_t m : {0u, 9u, 10u, 99u})
    EXPECT_EQ(link_bands_clear({99}, {m}, policy, {0}), std::vector<uint64_t>{0});
  // Nobody, one, nine linked of a hundred look alike, for every draw.
  for (uint64_t u = 0; u < 20; ++u)
    for (const uint64_t m : {0u, 1u, 9u})
      EXPECT_EQ(link_bands_clear({100}, {m}, policy, {u}), std::vector<uint64_t>{1});
  // Every band, read beside the owner's own number, leaves at least t_person persons undecided.
  for (const uint64_t n : {100u, 137u, 1000u}) {
    std::map<uint64_t, size_t> fit;
    for (uint64_t m = 0; m <= n; ++m) ++fit[link_bands_clear({n}, {m}, policy, {0})[0]];
    for (const auto& [band, counts] : fit) EXPECT_GE(counts, policy.policy.t_person) << n << " " << band;
  }
}

TEST(LinkRate, DrawIsUniformSecretAndTheSameAtARetry) {
  const LinkPolicy policy = link_policy(4000);
  const auto blur = clear_link_blur(policy, band_seeds(5));
  EXPECT_EQ(blur, clear_link_blur(policy, band_seeds(5)));
  EXPECT_NE(blur, clear_link_blur(policy, band_seeds(6)));
  std::vector<size_t> times(20, 0);
  for (const uint64_t u : blur) ++times.at(u);
  double chi = 0;
  for (const size_t t : times) chi += (static_cast<double>(t) - 200) * (static_cast<double>(t) - 200) / 200;
  EXPECT_LT(chi, 50);  // 19 degrees of freedom
  // Any two of the three seeds leave it open.
  auto other = band_seeds(5);
  other[1].fill(77);
  EXPECT_NE(blur, clear_link_blur(policy, other));
}

TEST(LinkRate, StricterPolicyIsCoarser) {
  LinkPolicy policy = link_policy(2);
  policy.policy.group_max = {4, 5};
  policy.policy.t_person = 15;
  EXPECT_EQ(link_edges(policy.policy), (std::vector<uint32_t>{10, 25, 50, 75}));
  EXPECT_EQ(link_blur(policy.policy), 30u);
  EXPECT_EQ(link_least(policy.policy), 150u);
  policy.policy.denominator_min = 400;
  EXPECT_EQ(link_least(policy.policy), 400u);
  EXPECT_TRUE(sharing::check_layout(link_layout(policy)).ok());
  const auto blur = clear_link_blur(policy, band_seeds(3));
  EXPECT_EQ(release({399, 400}, {399, 400}, policy, 3).bands,
            link_bands_clear({399, 400}, {399, 400}, policy, blur));
}

TEST(LinkRate, RefusesWhatDoesNotFit) {
  LinkPolicy policy = link_policy(2);
  policy.readers[1] = policy.readers[0];
  EXPECT_EQ(check_link(policy).error().id, "S1411.shape");
  policy = link_policy(2);
  policy.policy.t_person = 9;
  EXPECT_EQ(check_link(policy).error().id, "S1410.policy");
  const auto n = share_counts({100}, 13, 1);
  testing::run_three([&](mpc::Session& session) {
    const oblivious::CellTable& table = n[static_cast<size_t>(session.party())];
    const auto refused =
        Guard::protect_link(session, testing::ClearanceAccess::uncleared(oblivious::CellTable(table)),
                            testing::ClearanceAccess::uncleared(oblivious::CellTable(table)), link_policy(2));
    EXPECT_EQ(refused.error().id, "S1411.shape");
    return 0;
  });
}

}  // namespace
}  // namespace sluis::disclosure
