#include "governance/approval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "governance/world_for_test.h"
#include "text/text.h"

namespace sluis::governance {
namespace {

using test::has_id;
using test::World;

void then(World& world, Answer answer) {
  Decision later = world.draft(0, DecisionRole::kDecision, answer);
  later.time += 3600;
  world.add(0, later);
}
void with_registry(World& world, const std::string& from, const std::string& to) {
  RegistryParse parse =
      parse_registry(test::replaced(test::registry_text(world.study), from, to), "registry.toml");
  ASSERT_TRUE(parse.registry) << test::summaries(parse.errors);
  world.registry = *parse.registry;
}
TEST(Approval, AllOwnersMakeAnApprovedStudy) {
  World world;
  world.approve_all();
  const Approval approval = world.evaluate();
  EXPECT_TRUE(approval.permitted) << test::summaries(approval.errors);
  EXPECT_EQ(approval.state, StudyState::kApproved);
  EXPECT_EQ(approval.participants.size(), 10u);
  EXPECT_EQ(approval.policy.t_owner, (EffectiveValue{3, "study"}));
  EXPECT_EQ(approval.policy.t_person, (EffectiveValue{10, "profile"}));
  const OwnerApproval& first = approval.owners[0];
  EXPECT_EQ(first.decision, world.facts.decisions[1].hash);
  EXPECT_EQ(first.advice, world.facts.decisions[0].hash);
  EXPECT_EQ(first.tables.size(), 2u);
}

TEST(Approval, NobodyDecidedIsRefusedForEachOwner) {
  const World world;
  const Approval approval = world.evaluate();
  EXPECT_FALSE(approval.permitted);
  EXPECT_EQ(approval.state, StudyState::kInReview);
  EXPECT_EQ(approval.errors.size(), 13u);  // ten owners, the sum, two kinds
  EXPECT_EQ(approval.errors[0].id, "S1201.to_advise");
  EXPECT_TRUE(has_id(approval.errors, "S1205.owners"));
}

// Whoever is left out: the minima decide.
TEST(Approval, MinimaDecideWhetherAPartRuns) {
  for (int municipalities = 0; municipalities <= 7; ++municipalities)
    for (int providers = 0; providers <= 3; ++providers) {
      World world;
      for (int i = 0; i < municipalities; ++i) world.approve(static_cast<size_t>(i));
      for (int i = 0; i < providers; ++i) world.approve(static_cast<size_t>(7 + i));
      const bool expected = municipalities >= 3 && providers >= 2 && municipalities + providers >= 5;
      const Approval approval = world.evaluate();
      EXPECT_EQ(approval.permitted, expected) << municipalities << ' ' << providers;
      const bool all = municipalities + providers == 10;
      EXPECT_EQ(approval.state, all        ? StudyState::kApproved
                                : expected ? StudyState::kPartlyApproved
                                           : StudyState::kInReview);
    }
}

TEST(Approval, WithoutPartialEveryOwnerMustAgree) {
  World world(test::replaced(test::filled_bytes(), "partial      = true", "partial = false"));
  world.approve_all(4);
  EXPECT_FALSE(world.evaluate().permitted);
  EXPECT_EQ(world.evaluate().state, StudyState::kInReview);
  world.approve(4);
  EXPECT_TRUE(world.evaluate().permitted);
  world.add(4, world.draft(4, DecisionRole::kDecision, Answer::kReject));
  world.facts.decisions.back() = [&] {
    Decision no = world.draft(4, DecisionRole::kDecision, Answer::kReject);
    no.time += 60;
    return world.sign(4, no);
  }();
  EXPECT_EQ(world.evaluate().state, StudyState::kRejected);
}

TEST(Approval, ARejectedStudyIsOneWhoseMinimaAreOutOfReach) {
  World world;
  for (size_t i : {7u, 8u}) {
    world.advise(i);
    world.add(i, world.draft(i, DecisionRole::kDecision, Answer::kReject));
  }
  EXPECT_EQ(world.evaluate().state, StudyState::kRejected);  // one provider is left, two are needed
}

// ---- other bytes

TEST(Approval, OneChangedByteIsOtherBytes) {
  World old;
  old.approve_all();
  World changed(test::replaced(test::filled_bytes(), "\"1.0.0\"", "\"1.0.1\""));
  changed.facts.decisions = old.facts.decisions;
  changed.facts.tables = old.facts.tables;
  changed.facts.known_studies.push_back({old.study.name, old.study.id, old.study.version, old.bytes});
  const Approval approval = changed.evaluate();
  EXPECT_FALSE(approval.permitted);
  EXPECT_TRUE(approval.participants.empty());
  ASSERT_EQ(approval.owners[0].why.size(), 1u);
  const Error& error = approval.owners[0].why[0];
  EXPECT_EQ(error.id, "S1207.line");
  const std::string command = short_handle(old.study.name) + ' ' + short_handle(changed.study.name);
  EXPECT_EQ(text::render(text::Language::kDutch, error),
            "S1207 niet gestart: gemeente Demostad keurde versie 1.0.0 goed, u vraagt 1.0.1 (1 regel "
            "anders)\n      "
            "Wie: de beslisser van Demostad. Bekijk: sluis study diff " +
                command + "     Uitleg: sluis explain-code S1207");
}

// Any byte, anywhere: the file does not parse, or nobody has approved it.
TEST(Approval, NoChangedByteIsPermitted) {
  World old;
  old.approve_all();
  ASSERT_TRUE(old.evaluate().permitted);
  int parsed = 0;
  for (size_t i = 0; i < old.bytes.size(); i += 13) {
    std::string bytes = old.bytes;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    const StudyParse parse = parse_study(bytes, "f");
    if (!parse.study) continue;
    ++parsed;
    ApprovalFacts facts = old.facts;
    facts.study = &*parse.study;
    facts.study_bytes = bytes;
    const Approval approval = evaluate(facts);
    EXPECT_FALSE(approval.permitted) << i;
    EXPECT_TRUE(approval.participants.empty()) << i;
    // Where the byte is one of an owner's OIN, that owner has signed nothing at all.
    EXPECT_GE(std::count_if(approval.owners.begin(), approval.owners.end(),
                            [](const OwnerApproval& owner) { return owner.why[0].id == "S1207.unknown"; }),
              9);
  }
  EXPECT_GT(parsed, 100);
}

// A decision on a wholly different study says nothing about this one.
TEST(Approval, AnotherStudyIsNotOtherBytes) {
  World old;
  old.approve_all();
  World other(test::replaced(test::filled_bytes(), "\"schuld-pleegzorg-2026\"", "\"iets-anders\""));
  other.facts.decisions = old.facts.decisions;
  other.facts.known_studies.push_back({old.study.name, old.study.id, old.study.version, old.bytes});
  EXPECT_EQ(other.evaluate().owners[0].why[0].id, "S1201.to_advise");
}

// Any byte of a decision or its signature.
TEST(Approval, NoChangedDecisionByteCounts) {
  World world;
  world.approve(0);
  const SignedDecision good = world.facts.decisions.back();
  const std::string signature = signature_text(kDecisionKind, good.signature);
  ASSERT_EQ(world.evaluate().owners[0].state, OwnerState::kApproved);
  int parsed = 0;
  const auto try_files = [&](const std::string& bytes, const std::string& mark) {
    const auto file = parse_signed_decision(bytes, mark, good.received);
    if (!file.ok()) return;
    ++parsed;
    ApprovalFacts facts = world.facts;
    facts.decisions = {world.facts.decisions[0], *file};
    EXPECT_NE(evaluate(facts).owners[0].state, OwnerState::kApproved) << bytes << mark;
  };
  for (size_t i = 0; i < good.bytes.size(); ++i)
    for (const char flip : {1, 2}) {
      std::string bytes = good.bytes;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      try_files(bytes, signature);
    }
  for (size_t i = 0; i < signature.size(); ++i) {
    std::string mark = signature;
    mark[i] = static_cast<char>(mark[i] ^ 1);
    try_files(good.bytes, mark);
  }
  EXPECT_GT(parsed, 500);
}

// ---- the study as a whole

struct Whole {
  const char* name;
  std::function<void(World&)> arrange;
  const char* error;  // "": permitted
};
class StudyScenario : public testing::TestWithParam<Whole> {};
TEST_P(StudyScenario, IsJudged) {
  World world;
  world.approve_all();
  GetParam().arrange(world);
  const Approval approval = world.evaluate();
  const std::string error = GetParam().error;
  EXPECT_EQ(approval.permitted, error.empty()) << test::summaries(approval.errors);
  EXPECT_TRUE(error.empty() || has_id(approval.errors, error)) << test::summaries(approval.errors);
  EXPECT_EQ(approval.permitted, approval.errors.empty());
  for (const Error& one : approval.errors)
    EXPECT_FALSE(text::describe(text::Language::kEnglish, one).what.empty()) << one.id;
}
INSTANTIATE_TEST_SUITE_P(
    All, StudyScenario,
    testing::Values(
        Whole{"plain", [](World&) {}, ""},
        Whole{"table_missing", [](World& w) { w.facts.tables.erase(w.facts.tables.begin()); }, "S1202.table"},
        Whole{"table_other_version", [](World& w) { w.facts.tables[0].version = "2026-09-01"; },
              "S1202.table"},
        Whole{"table_of_another", [](World& w) { w.facts.tables[0].owner = "00000099000000002002"; },
              "S1202.table"},
        Whole{"table_withdrawn", [](World& w) { w.facts.tables[0].withdrawn = true; }, "S1203.withdrawn"},
        Whole{"last_day", [](World& w) { w.facts.now = test::at("2027-02-28T23:59:59Z"); }, ""},
        Whole{"run_before", [](World& w) { w.facts.now = test::at("2027-03-01T00:00:00Z"); },
              "S1208.run_before"},
        Whole{"withdrawn", [](World& w) { w.facts.withdrawn = true; }, "S1208.study_withdrawn"},
        Whole{"second_attempt",
              [](World& w) {
                w.facts.attempts = 1;
                w.facts.history = RunHistory::kFailed;
              },
              ""},
        Whole{"third_attempt",
              [](World& w) {
                w.facts.attempts = 2;
                w.facts.history = RunHistory::kFailed;
              },
              "S1215.attempts"},
        Whole{"released",
              [](World& w) {
                w.facts.attempts = 1;
                w.facts.history = RunHistory::kReleased;
              },
              "S1215.released"},
        Whole{"cancelled",
              [](World& w) {
                w.facts.attempts = 1;
                w.facts.history = RunHistory::kCancelled;
              },
              "S1215.cancelled"},
        Whole{"operator_asks",
              [](World& w) {
                with_registry(w, "operator = \"00000099000000009001\"",
                              "operator = \"00000099000000001000\"");
              },
              "S1216.operator"},
        Whole{"recipient_unknown", [](World& w) { w.study.people.recipients = {"00000099000000004444"}; },
              "S1217.recipient"},
        Whole{"owner_code", [](World& w) { w.registry.organisations[1].code = "GM9009"; }, "S1217.owner"},
        Whole{"placeholder", [](World& w) { w.study.legal.necessity += " TE TOETSEN"; },
              "S1032.placeholder"}),
    [](const auto& info) { return info.param.name; });

TEST(Approval, StatesFollowTime) {
  World world;
  world.advise(0);
  world.facts.now = test::at("2026-12-01T00:00:00Z");
  EXPECT_EQ(world.evaluate().state, StudyState::kExpired);  // nobody can decide any more
  World approved;
  approved.approve_all();
  approved.facts.now = test::at("2026-12-15T00:00:00Z");
  EXPECT_EQ(approved.evaluate().state, StudyState::kApproved);
  approved.facts.now = test::at("2027-03-01T00:00:00Z");
  EXPECT_EQ(approved.evaluate().state, StudyState::kExpired);
  approved.facts.now = test::at("2026-12-15T00:00:00Z");
  approved.facts.history = RunHistory::kReleased;
  EXPECT_EQ(approved.evaluate().state, StudyState::kReleased);
}

// The order in which files come in does not matter.
TEST(Approval, IgnoresTheOrderOfArrival) {
  World world;
  world.approve_all();
  then(world, Answer::kRevoke);
  const Approval forward = world.evaluate();
  std::reverse(world.facts.decisions.begin(), world.facts.decisions.end());
  const Approval backward = world.evaluate();
  EXPECT_EQ(forward.participants, backward.participants);
  EXPECT_EQ(forward.state, backward.state);
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(forward.owners[i].state, backward.owners[i].state);
}

TEST(Approval, StrictestPolicyOfParticipantsWins) {
  World world;
  const auto policy = [&](const char* oin, const std::string& floors) {
    PolicyParse parse = parse_policy(
        "format = \"sluis-policy/1\"\nowner = \"oin:" + std::string(oin) + "\"\n[floors]\n" + floors, "p");
    ASSERT_TRUE(parse.policy) << test::summaries(parse.errors);
    world.facts.policies.push_back(*parse.policy);
  };
  policy("00000099000000002001", "t_household = 8\nowner_max = 0.70\n");
  policy("00000099000000002002", "t_household = 9\nowner_max = 0.75\nshares_days = 10\n");
  policy("00000099000000002003", "t_household = 50\n");
  world.approve_all(2);  // the third does not take part: its floor does not count
  const Approval approval = world.evaluate();
  EXPECT_TRUE(approval.permitted) << test::summaries(approval.errors);
  EXPECT_EQ(approval.policy.t_household, (EffectiveValue{9, "00000099000000002002"}));
  EXPECT_EQ(approval.policy.owner_max_millionths, (EffectiveValue{700'000, "00000099000000002001"}));
  EXPECT_EQ(approval.policy.shares_days, (EffectiveValue{10, "00000099000000002002"}));
}

}  // namespace
}  // namespace sluis::governance
