// One owner: what makes its yes count or not.
#include "governance/approval.h"

#include <gtest/gtest.h>

#include <functional>

#include "governance/world_for_test.h"
#include "text/text.h"

namespace sluis::governance {
namespace {

using test::has_id;
using test::World;

struct Scenario {
  const char* name;
  std::function<void(World&)> arrange;  // adds the files of owner 0
  const char* error;                    // "" : approved
  OwnerState state;
};

void yes_with(World& world, const std::function<void(Decision&)>& change) {
  Decision yes = world.approval(0, world.advise(0));
  change(yes);
  world.add(0, yes);
  world.deliver(0);
}
void advice_with(World& world, const std::function<void(Decision&)>& change) {
  Decision advice = world.draft(0, DecisionRole::kAdvice, Answer::kAgree);
  change(advice);
  world.facts.decisions.push_back(world.sign(0, advice));
  world.add(0, world.approval(0, world.facts.decisions.back().hash));
  world.deliver(0);
}
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
const std::string kManager =
    "role = \"decider\"\nkey = \"ed25519:" + test::public_hex(test::key_of(0, 2)) + "\"\n";
const std::string kAdvisor =
    "role = \"advisor\"\nkey = \"ed25519:" + test::public_hex(test::key_of(0, 1)) + "\"\n";
void with_policy(World& world, const std::string& text) {
  PolicyParse parse =
      parse_policy("format = \"sluis-policy/1\"\nowner = \"oin:00000099000000002001\"\n" + text, "p");
  ASSERT_TRUE(parse.policy) << test::summaries(parse.errors);
  world.facts.policies.push_back(*parse.policy);
}
const auto kNothing = [](Decision&) {};

class OwnerScenario : public testing::TestWithParam<Scenario> {};
TEST_P(OwnerScenario, IsJudged) {
  const Scenario& scenario = GetParam();
  World world;
  for (size_t i = 1; i < 10; ++i) world.approve(i);
  scenario.arrange(world);
  const Approval approval = world.evaluate();
  const OwnerApproval& owner = approval.owners[0];
  EXPECT_EQ(owner.state, scenario.state) << state_name(owner.state) << '\n' << test::summaries(owner.why);
  const bool approved = std::string(scenario.error).empty();
  EXPECT_EQ(approved, owner.why.empty());
  EXPECT_TRUE(approved || has_id(owner.why, scenario.error)) << test::summaries(owner.why);
  EXPECT_EQ(approval.participants.size(), approved ? 10u : 9u);
  EXPECT_TRUE(approval.permitted) << test::summaries(approval.errors);  // the others suffice
  for (const Error& error : owner.why)
    EXPECT_FALSE(text::describe(text::Language::kDutch, error).what.empty()) << error.id;
}
INSTANTIATE_TEST_SUITE_P(
    All, OwnerScenario,
    testing::Values(
        Scenario{"plain", [](World& w) { yes_with(w, kNothing); }, "", OwnerState::kApproved},
        Scenario{"nothing", [](World&) {}, "S1201.to_advise", OwnerState::kToAdvise},
        Scenario{"only_advice", [](World& w) { w.advise(0); }, "S1201.to_decide", OwnerState::kToDecide},
        Scenario{"advice_returned", [](World& w) { w.advise(0, Answer::kReturn); }, "S1201.returned",
                 OwnerState::kReturned},
        Scenario{"no_advice", [](World& w) { w.add(0, w.approval(0, crypto::sha256("x"))); }, "S1204.advice",
                 OwnerState::kToAdvise},
        Scenario{"other_advice",
                 [](World& w) { yes_with(w, [](Decision& d) { d.advice = crypto::sha256("x"); }); },
                 "S1204.other", OwnerState::kToDecide},
        Scenario{"advice_of_another_owner",
                 [](World& w) {
                   const crypto::Digest other = w.facts.decisions[0].hash;
                   yes_with(w, [&](Decision& d) { d.advice = other; });
                 },
                 "S1204.other", OwnerState::kToDecide},
        Scenario{"later_advice_ignored",
                 [](World& w) {
                   const crypto::Digest first = w.advise(0);
                   Decision second = w.draft(0, DecisionRole::kAdvice, Answer::kDisagree);
                   second.time += 60;
                   w.facts.decisions.push_back(w.sign(0, second));
                   w.add(0, w.approval(0, first));
                 },
                 "S1204.other", OwnerState::kToDecide},
        Scenario{"advice_after_decision",
                 [](World& w) { advice_with(w, [](Decision& d) { d.time += 86400; }); }, "S1204.advice",
                 OwnerState::kToDecide},
        Scenario{"contrary_without_reasons",
                 [](World& w) { w.add(0, w.approval(0, w.advise(0, Answer::kDisagree))); }, "S1206.reasons",
                 OwnerState::kToDecide},
        Scenario{"contrary_with_reasons",
                 [](World& w) {
                   Decision yes = w.approval(0, w.advise(0, Answer::kDisagree));
                   yes.reasons = "de raad heeft hierom gevraagd";
                   w.add(0, yes);
                   w.deliver(0);
                 },
                 "", OwnerState::kApproved},
        Scenario{"against_a_returning_advice",
                 [](World& w) { w.add(0, w.approval(0, w.advise(0, Answer::kReturn))); }, "S1206.reasons",
                 OwnerState::kReturned},
        Scenario{"remarks_need_none",
                 [](World& w) {
                   w.add(0, w.approval(0, w.advise(0, Answer::kRemarks)));
                   w.deliver(0);
                 },
                 "", OwnerState::kApproved},
        Scenario{"same_person",
                 [](World& w) {
                   // One person registered for both roles may not use both on one study.
                   with_registry(
                       w, "pseudonym = \"manager0\"\norganisation = \"00000099000000002001\"\n" + kManager,
                       "pseudonym = \"fg0\"\norganisation = \"00000099000000002001\"\n" + kManager);
                   yes_with(w, [](Decision& d) { d.person = "fg0"; });
                 },
                 "S1206.same_person", OwnerState::kToDecide},
        Scenario{"advisor_decides",
                 [](World& w) {
                   Decision yes = w.approval(0, w.advise(0));
                   yes.person = "fg0";
                   w.facts.decisions.push_back(sign_decision(yes, test::key_of(0, 1)));
                 },
                 "S1210.key", OwnerState::kToDecide},
        Scenario{"other_pseudonym", [](World& w) { yes_with(w, [](Decision& d) { d.person = "manager1"; }); },
                 "S1210.key", OwnerState::kToDecide},
        Scenario{"decider_of_another_owner",
                 [](World& w) {
                   Decision yes = w.approval(0, w.advise(0));
                   yes.person = "manager1";
                   w.facts.decisions.push_back(sign_decision(yes, test::key_of(1, 2)));
                 },
                 "S1210.key", OwnerState::kToDecide},
        Scenario{"unknown_key",
                 [](World& w) {
                   const Decision yes = w.approval(0, w.advise(0));
                   w.facts.decisions.push_back(sign_decision(yes, test::key_of(99, 99)));
                 },
                 "S1210.key", OwnerState::kToDecide},
        Scenario{"signature_altered",
                 [](World& w) {
                   yes_with(w, kNothing);
                   w.facts.decisions.back().signature.value[10] ^= 1;
                 },
                 "S1211.signature", OwnerState::kToDecide},
        Scenario{"signature_of_another_file",
                 [](World& w) {
                   yes_with(w, kNothing);
                   w.facts.decisions.back().signature =
                       w.facts.decisions[w.facts.decisions.size() - 2].signature;
                   w.facts.decisions.back().signature.key = key_fingerprint(test::key_of(0, 2).public_key());
                 },
                 "S1211.signature", OwnerState::kToDecide},
        Scenario{"key_revoked",
                 [](World& w) {
                   with_registry(w, kManager, kManager + "revoked = 2026-11-24\n");
                   yes_with(w, kNothing);
                 },
                 "S1208.key_revoked", OwnerState::kToDecide},
        Scenario{"key_revoked_later",
                 [](World& w) {
                   with_registry(w, kManager, kManager + "revoked = 2026-11-26\n");
                   yes_with(w, kNothing);
                 },
                 "", OwnerState::kApproved},
        Scenario{"advisor_revoked",
                 [](World& w) {
                   with_registry(w, kAdvisor, kAdvisor + "revoked = 2026-11-24\n");
                   yes_with(w, kNothing);
                 },
                 "S1204.advice", OwnerState::kToAdvise},
        Scenario{"key_ended",
                 [](World& w) {
                   with_registry(w, kManager + "valid_from = 2026-01-01\nvalid_until = 2028-01-01",
                                 kManager + "valid_from = 2026-01-01\nvalid_until = 2026-11-20");
                   yes_with(w, kNothing);
                 },
                 "S1208.key_period", OwnerState::kToDecide},
        Scenario{"key_ended_after_signing",
                 [](World& w) {
                   with_registry(w, kManager + "valid_from = 2026-01-01\nvalid_until = 2028-01-01",
                                 kManager + "valid_from = 2026-01-01\nvalid_until = 2026-11-21");
                   yes_with(w, kNothing);
                 },
                 "", OwnerState::kApproved},
        Scenario{"backdated_with_ended_key",
                 [](World& w) {
                   with_registry(w, kManager + "valid_from = 2026-01-01\nvalid_until = 2028-01-01",
                                 kManager + "valid_from = 2026-01-01\nvalid_until = 2026-11-21");
                   yes_with(w, kNothing);
                   w.facts.decisions.back().received = test::at("2026-11-24T00:00:00Z");
                 },
                 "S1208.key_period", OwnerState::kToDecide},
        Scenario{
            "key_not_yet",
            [](World& w) { yes_with(w, [](Decision& d) { d.time = test::at("2025-12-31T23:59:59Z"); }); },
            "S1208.key_period", OwnerState::kToDecide},
        Scenario{
            "future",
            [](World& w) { yes_with(w, [](Decision& d) { d.time = test::at("2026-11-25T12:05:01Z"); }); },
            "S1211.future", OwnerState::kToDecide},
        Scenario{
            "clock_skew",
            [](World& w) { yes_with(w, [](Decision& d) { d.time = test::at("2026-11-25T12:05:00Z"); }); }, "",
            OwnerState::kApproved},
        Scenario{"received_before_signed",
                 [](World& w) {
                   yes_with(w, kNothing);
                   w.facts.decisions.back().received = test::at("2026-11-19T00:00:00Z");
                 },
                 "S1211.future", OwnerState::kToDecide},
        Scenario{"engine", [](World& w) { yes_with(w, [](Decision& d) { d.engine_valid_for = 2; }); },
                 "S1209.engine", OwnerState::kToDecide},
        Scenario{"expired_today",
                 [](World& w) {
                   yes_with(w, [](Decision& d) { d.expires = day_of(test::at("2026-11-25T00:00:00Z")); });
                 },
                 "S1208.expired", OwnerState::kExpired},
        Scenario{"expires_tomorrow",
                 [](World& w) {
                   yes_with(w, [](Decision& d) { d.expires = day_of(test::at("2026-11-26T00:00:00Z")); });
                 },
                 "", OwnerState::kApproved},
        Scenario{"revoked",
                 [](World& w) {
                   yes_with(w, kNothing);
                   then(w, Answer::kRevoke);
                 },
                 "S1208.revoked", OwnerState::kRevoked},
        Scenario{"revoked_in_the_same_second",
                 [](World& w) {
                   yes_with(w, kNothing);
                   w.add(0, w.draft(0, DecisionRole::kDecision, Answer::kRevoke));
                 },
                 "S1208.revoked", OwnerState::kRevoked},
        Scenario{"revoked_and_replayed",
                 [](World& w) {
                   yes_with(w, kNothing);
                   const SignedDecision old = w.facts.decisions.back();
                   then(w, Answer::kRevoke);
                   w.facts.decisions.push_back(old);  // the portal sends the old yes once more
                 },
                 "S1208.revoked", OwnerState::kRevoked},
        Scenario{"revoked_then_approved",
                 [](World& w) {
                   yes_with(w, kNothing);
                   then(w, Answer::kRevoke);
                   Decision again = w.approval(0, w.facts.decisions[w.facts.decisions.size() - 3].hash);
                   again.time += 7200;
                   w.add(0, again);
                 },
                 "", OwnerState::kApproved},
        Scenario{
            "revoked_by_another_decider",
            [](World& w) {
              with_registry(
                  w, "[[node]]\nname = \"node-0\"",
                  "[[person]]\npseudonym = \"deputy\"\norganisation = \"00000099000000002001\"\nrole = "
                  "\"decider\"\nkey = \"ed25519:" +
                      test::public_hex(test::key_of(0, 9)) +
                      "\"\nvalid_from = 2026-01-01\nvalid_until = 2028-01-01\n[[node]]\nname = \"node-0\"");
              yes_with(w, kNothing);
              Decision no = w.draft(0, DecisionRole::kDecision, Answer::kRevoke);
              no.person = "deputy";
              no.time += 60;
              w.facts.decisions.push_back(sign_decision(no, test::key_of(0, 9)));
            },
            "S1208.revoked", OwnerState::kRevoked},
        Scenario{"revoked_by_a_stranger",
                 [](World& w) {
                   yes_with(w, kNothing);
                   Decision no = w.draft(0, DecisionRole::kDecision, Answer::kRevoke);
                   no.time += 60;
                   w.facts.decisions.push_back(sign_decision(no, test::key_of(1, 2)));
                 },
                 "", OwnerState::kApproved},
        Scenario{"rejected",
                 [](World& w) {
                   w.advise(0);
                   w.add(0, w.draft(0, DecisionRole::kDecision, Answer::kReject));
                 },
                 "S1201.rejected", OwnerState::kRejected},
        Scenario{"rejected_after_yes",
                 [](World& w) {
                   yes_with(w, kNothing);
                   then(w, Answer::kReject);
                 },
                 "S1201.rejected", OwnerState::kRejected},
        Scenario{"returned",
                 [](World& w) {
                   w.advise(0);
                   w.add(0, w.draft(0, DecisionRole::kDecision, Answer::kReturn));
                 },
                 "S1201.returned", OwnerState::kReturned},
        Scenario{"too_few_tables", [](World& w) { yes_with(w, [](Decision& d) { d.tables.pop_back(); }); },
                 "S1214.tables", OwnerState::kToDecide},
        Scenario{"foreign_table",
                 [](World& w) {
                   yes_with(w, [](Decision& d) { d.tables.push_back({"jeugdhulp", "2026-10-01"}); });
                 },
                 "S1214.tables", OwnerState::kToDecide},
        Scenario{"policy_unseen",
                 [](World& w) {
                   yes_with(w, kNothing);
                   with_policy(w, "[floors]\nt_person = 20\n");
                 },
                 "S1213.policy", OwnerState::kToDecide},
        Scenario{"policy_seen",
                 [](World& w) {
                   with_policy(w, "[floors]\nt_household = 7\n");
                   yes_with(w, kNothing);
                 },
                 "", OwnerState::kApproved},
        Scenario{"policy_laxer_changes_nothing",
                 [](World& w) {
                   yes_with(w, kNothing);
                   with_policy(w, "[floors]\nt_person = 3\n");
                 },
                 "", OwnerState::kApproved},
        Scenario{"policy_recipient",
                 [](World& w) {
                   with_policy(w, "[purposes]\nrecipients = [\"oin:00000099000000009999\"]\n");
                   yes_with(w, kNothing);
                 },
                 "S1218.recipient", OwnerState::kToDecide},
        Scenario{"policy_template",
                 [](World& w) {
                   with_policy(w, "[purposes]\ntemplates = [\"overlap/1\"]\n");
                   yes_with(w, kNothing);
                 },
                 "S1218.template", OwnerState::kToDecide},
        Scenario{"policy_column",
                 [](World& w) {
                   with_policy(w, "never_columns = [\"brp-ouder-kind:gemeente\"]\n");
                   yes_with(w, kNothing);
                 },
                 "S1218.column", OwnerState::kToDecide},
        Scenario{"policy_band",
                 [](World& w) {
                   with_policy(w, "[floors]\nt_person = 12\n");
                   yes_with(w, kNothing);
                 },
                 "S1031.bands", OwnerState::kToDecide},
        Scenario{"late",
                 [](World& w) {
                   w.facts.now = test::at("2026-12-02T00:00:00Z");
                   yes_with(w, [](Decision& d) { d.time = test::at("2026-12-01T00:00:00Z"); });
                 },
                 "S1208.late", OwnerState::kToDecide},
        Scenario{"last_second",
                 [](World& w) {
                   w.facts.now = test::at("2026-12-02T00:00:00Z");
                   yes_with(w, [](Decision& d) { d.time = test::at("2026-11-30T23:59:59Z"); });
                 },
                 "", OwnerState::kApproved},
        Scenario{"revoked_late",
                 [](World& w) {
                   w.facts.now = test::at("2027-01-02T00:00:00Z");
                   yes_with(w, kNothing);
                   Decision no = w.draft(0, DecisionRole::kDecision, Answer::kRevoke);
                   no.time = test::at("2027-01-01T00:00:00Z");
                   w.add(0, no);
                 },
                 "S1208.revoked", OwnerState::kRevoked}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sluis::governance
