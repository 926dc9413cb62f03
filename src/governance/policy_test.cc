#include "governance/policy.h"

#include <gtest/gtest.h>

#include "governance/profile.h"
#include "governance/world_for_test.h"

namespace sluis::governance {
namespace {

const std::string kHead = "format = \"sluis-policy/1\"\nowner = \"oin:00000099000000002001\"\n";

OwnerPolicy policy(const std::string& rest) {
  PolicyParse parse = parse_policy(kHead + rest, "p");
  EXPECT_EQ(test::summaries(parse.errors), "");
  return parse.policy.value_or(OwnerPolicy{});
}

// The profile's bytes are part of decisions and receipts: a change is a new name, not a new text.
TEST(Profile, NeverChangesUnderOneName) {
  const Profile* profile = find_profile("nl-jeugd-1");
  ASSERT_NE(profile, nullptr);
  EXPECT_EQ(crypto::to_hex(profile->hash),
            "ac6ac50a044aba2e269ba29b24205ababe6365ff6cb2f4abaa8e371fca944ff1");
  EXPECT_EQ(profile->t_person, 10);
  EXPECT_EQ(profile->owner_max_millionths, 900'000);
  EXPECT_EQ(find_profile("nl-jeugd-2"), nullptr);
}

TEST(Policy, ReadsAll) {
  const OwnerPolicy all = policy(
      "advice_required = true\nnever_columns = [\"bij:verwijzer\"]\n[floors]\nt_person = 20\nt_household = "
      "6\nt_owner = 4\n"
      "denominator_min = 40\nround_base = 7\nowner_max = 0.5\ngroup_max = 0.85\nshares_days = 7\n[purposes]\n"
      "recipients = [\"oin:00000099000000001000\"]\ntemplates = [\"overlap/1\"]\n");
  EXPECT_EQ(all.owner, "00000099000000002001");
  EXPECT_EQ(all.t_person, 20);
  EXPECT_EQ(all.owner_max_millionths, 500'000);
  EXPECT_EQ(all.never, (std::vector<NeverColumn>{{"bij", "verwijzer"}}));
  EXPECT_EQ(all.recipients, std::vector<std::string>{"00000099000000001000"});
}

TEST(Policy, IsReadStrictly) {
  const auto id = [](const std::string& rest) {
    const PolicyParse parse = parse_policy(kHead + rest, "p");
    EXPECT_EQ(parse.policy.has_value(), parse.errors.empty());
    return parse.errors.empty() ? std::string() : parse.errors[0].id;
  };
  EXPECT_EQ(id(""), "");
  EXPECT_EQ(id("advice_required = false\n"), "S1030.value");
  EXPECT_EQ(id("[floors]\nt_persoon = 20\n"), "S1003.key");
  EXPECT_EQ(id("[floors]\nt_person = 0\n"), "S1005.range");
  EXPECT_EQ(id("[floors]\nround_base = 8\n"), "S1005.form");
  EXPECT_EQ(id("[floors]\nowner_max = 0.0\n"), "S1005.range");
  EXPECT_EQ(id("never_columns = [\"bij\"]\n"), "S1005.form");
  EXPECT_EQ(parse_policy("format = \"sluis-policy/2\"\n", "p").errors[0].id, "S1009.format");
}

TEST(EffectivePolicy, EachValueIsTheStrictestAndKnowsWhose) {
  const Study study = test::parsed(test::example_bytes());
  const EffectivePolicy alone = effective_policy(study, {});
  EXPECT_EQ(alone.t_owner, (EffectiveValue{3, "study"}));
  EXPECT_EQ(alone.group_max_millionths, (EffectiveValue{900'000, "profile"}));
  EXPECT_EQ(alone.shares_days, (EffectiveValue{30, "study"}));
  const struct {
    const char* floor;
    EffectiveValue EffectivePolicy::* value;
    int64_t wanted;
  } cases[] = {{"t_person = 20", &EffectivePolicy::t_person, 20},
               {"t_household = 6", &EffectivePolicy::t_household, 6},
               {"t_owner = 4", &EffectivePolicy::t_owner, 4},
               {"denominator_min = 31", &EffectivePolicy::denominator_min, 31},
               {"round_base = 7", &EffectivePolicy::round_base, 7},
               {"owner_max = 0.79", &EffectivePolicy::owner_max_millionths, 790'000},
               {"group_max = 0.89", &EffectivePolicy::group_max_millionths, 890'000},
               {"shares_days = 29", &EffectivePolicy::shares_days, 29}};
  for (const auto& one : cases) {
    const OwnerPolicy strict = policy(std::string("[floors]\n") + one.floor + "\n");
    const EffectivePolicy with = effective_policy(study, {&strict});
    EXPECT_EQ(with.*one.value, (EffectiveValue{one.wanted, "00000099000000002001"})) << one.floor;
    EXPECT_NE(with.hash(), alone.hash()) << one.floor;
  }
  const OwnerPolicy lax = policy(
      "[floors]\nt_person = 1\nt_household = 1\nt_owner = 1\ndenominator_min = 1\nround_base = 1\n"
      "owner_max = 1.0\ngroup_max = 1.0\nshares_days = 300\n");
  EXPECT_EQ(effective_policy(study, {&lax}), alone);
}

// A cell that passes must not round to zero.
TEST(EffectivePolicy, CoarseRoundingRaisesTheThreshold) {
  const OwnerPolicy coarse = policy("[floors]\nround_base = 25\n");
  const EffectivePolicy with = effective_policy(test::parsed(test::example_bytes()), {&coarse});
  EXPECT_EQ(with.t_person, (EffectiveValue{25, "00000099000000002001"}));
}

TEST(EffectivePolicy, HashIsOfValuesAlone) {
  const Study study = test::parsed(test::example_bytes());
  EffectivePolicy a = effective_policy(study, {}), b = a;
  b.t_person.from = "00000099000000002001";
  EXPECT_EQ(a.hash(), b.hash());
  b.t_person.value = 11;
  EXPECT_NE(a.hash(), b.hash());
}

}  // namespace
}  // namespace sluis::governance
