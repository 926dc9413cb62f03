// From a decided study to a table in the recipient's hands: real decisions, ledger and log, three parties.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "disclosure/guard.h"
#include "disclosure/guard_world_test.h"
#include "governance/world_for_test.h"
#include "release/door.h"
#include "release/output_policy.h"
#include "release/permit.h"

namespace sluis::release {
namespace {

using disclosure::ClearTable;
using disclosure::Guard;
using disclosure::OutputPolicy;
using disclosure::ReleaseTable;
using governance::LedgerDebit;
using sharing::ResultShare;

constexpr const char* kRun = "0123456789abcdef0123456789abcdef";

// What lies on one node.
class Node {
 public:
  Node() {
    std::string pattern = std::filesystem::temp_directory_path() / "sluis-release-XXXXXX";
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    auto ledger_result = governance::Ledger::open(directory_ + "/ledger");
    auto log_result = governance::AuditLog::open(directory_ + "/audit");
    CHECK(ledger_result.ok() && log_result.ok());
    ledger = std::move(ledger_result).value();
    log = std::move(log_result).value();
  }
  ~Node() {
    ledger.reset();
    log.reset();
    std::filesystem::remove_all(directory_);
  }
  std::unique_ptr<governance::Ledger> ledger;
  std::unique_ptr<governance::AuditLog> log;

 private:
  std::string directory_;
};

LedgerDebit debit_of(const governance::test::World& world,
                     const std::vector<std::pair<std::string, std::vector<std::string>>>& pooled,
                     const std::vector<std::string>& own_rows, const Bytes& sealed) {
  LedgerDebit debit;
  debit.study = world.study.name;
  debit.run = kRun;
  debit.policy_hash = world.evaluate().policy.hash();
  debit.time = world.facts.now;
  for (const auto& owner : world.study.participation.invited)
    debit.sources.push_back(
        {owner.oin, "ddas-shv/1.0#traject-client", "schuldhulp", "2026-10-01", crypto::sha256(owner.oin)});
  for (const auto& [name, recipients] : pooled)
    for (const std::string& recipient : recipients)
      debit.outputs.push_back({name, recipient, false, "predicate", sealed});
  for (const std::string& recipient : own_rows)
    debit.outputs.push_back({"spiegel", recipient, true, "predicate", sealed});
  return debit;
}

Result<Permit> permit_of(Node& node, const governance::test::World& world, const LedgerDebit& debit) {
  SLUIS_ASSIGN(Approved approved, Approved::check(world.facts));
  SLUIS_ASSIGN(Debited debited, Debited::write(*node.ledger, debit));
  SLUIS_ASSIGN(Logged logged, Logged::append(*node.log, "node-0", debit.run, debit.study, debit.time));
  return Permit::issue(std::move(approved), std::move(debited), std::move(logged));
}

class ReleaseTest : public ::testing::Test {
 protected:
  ReleaseTest() { world.approve_all(); }

  // Guard and door at three parties; each has its own permit over the same debit.
  std::array<Result<std::vector<ResultShare>>, 3> run(const ClearTable& table, const OutputPolicy& output,
                                                      const LedgerDebit& debit) {
    const auto shared = disclosure::world::share_table(table, output, 3);
    const auto seeds = disclosure::world::band_seeds(3);
    std::array<std::optional<Permit>, 3> permits;
    std::array<Node, 3> nodes;
    for (size_t i = 0; i < 3; ++i) {
      auto permit = permit_of(nodes[i], world, debit);
      CHECK(permit.ok());
      permits[i] = std::move(permit).value();
    }
    return testing::run_three([&](mpc::Session& session) {
      const auto i = static_cast<size_t>(session.party());
      auto cleared =
          Guard::protect(session, testing::ClearanceAccess::uncleared(oblivious::CellTable(shared[i])),
                         disclosure::world::with_seeds(output, session.party(), seeds));
      CHECK(cleared.ok());
      return Door::release(session, std::move(cleared).value(), *permits[i]);
    });
  }

  governance::test::World world;
};

constexpr const char* kRegio = "00000099000000001000";
constexpr const char* kSecond = "00000099000000001001";

TEST_F(ReleaseTest, EachRecipientCombinesTheProtectedTable) {
  const OutputPolicy output = disclosure::world::output_policy(20, 1);
  const ClearTable table = disclosure::world::random_table(output, 3, 8);
  const auto out = run(table, output, debit_of(world, {{"samen", {kSecond, kRegio}}}, {}, Bytes(3)));
  ASSERT_TRUE(out[0].ok() && out[1].ok() && out[2].ok());
  ASSERT_EQ(out[0]->size(), 2u);
  for (size_t r = 0; r < 2; ++r) {
    const auto released = sharing::combine_results({(*out[0])[r], (*out[1])[r], (*out[2])[r]});
    ASSERT_TRUE(released.ok()) << released.error().summary();
    EXPECT_EQ(released->figures, disclosure::protect_clear(table, output));
    EXPECT_EQ(released->recipient, r == 0 ? kRegio : kSecond);
    EXPECT_EQ(released->run, kRun);
    EXPECT_EQ(released->layout.measures[1].name, "deel0");
  }
  // Fresh randomness per recipient: their shares have nothing in common but the figures.
  EXPECT_NE(encode((*out[0])[0]), encode((*out[0])[1]));
  const auto words = [](const ResultShare& share) { return share.figures[0].own.words(); };
  EXPECT_FALSE(
      std::equal(words((*out[0])[0]).begin(), words((*out[0])[0]).end(), words((*out[0])[1]).begin()));
  EXPECT_EQ(sharing::combine_results({(*out[0])[0], (*out[1])[1], (*out[2])[0]}).error().id, "S1412.mixed");
}

// The spiegel of the example study: seven municipalities, each gets its own row and no other.
TEST_F(ReleaseTest, OwnRowsGoToTheirOwnerOnly) {
  PlanFacts plan;
  plan.dimensions = {{"gemeente", {}}};
  std::vector<std::string> owners;
  for (const auto& owner : world.study.participation.invited)
    if (owner.kind == "gemeente")
      plan.dimensions[0].labels.push_back(owner.code), owners.push_back(owner.oin);
  plan.measures = {{"kinderen", disclosure::Figure::kCountRows, false}};
  plan.tables = {"ouder_kind", "schuldhulp", "jeugdhulp"};
  plan.population_table = "ouder_kind";
  const auto approval = world.evaluate();
  const auto policy = output_policy(world.study, *world.study.find_output("spiegel"), approval.policy,
                                    approval.participants, plan);
  ASSERT_TRUE(policy.ok()) << policy.error().summary();
  EXPECT_EQ(policy->policy.t_owner, 3u);
  EXPECT_EQ(policy->policy.owner_max, (disclosure::Fraction{4, 5}));
  EXPECT_EQ(policy->own_row->reader_kind, "gemeente");

  ClearTable table;
  table.measures.push_back(disclosure::world::empty_measure(7, 3, 3));
  disclosure::ClearMeasure& measure = table.measures[0];
  measure.value = measure.persons = measure.households = {5, 9, 20, 40, 80, 200, 0};
  for (size_t c = 0; c < 7; ++c)
    for (size_t o = 0; o < 3; ++o) measure.owners[2][o][c] = measure.persons[c] / 3;
  const auto out = run(table, *policy, debit_of(world, {}, owners, Bytes(3)));
  ASSERT_TRUE(out[0].ok() && out[1].ok() && out[2].ok());
  ASSERT_EQ(out[0]->size(), 7u);
  std::vector<uint64_t> bands;
  for (size_t row = 0; row < 7; ++row) {
    const auto released = sharing::combine_results({(*out[0])[row], (*out[1])[row], (*out[2])[row]});
    ASSERT_TRUE(released.ok()) << released.error().summary();
    EXPECT_EQ(released->recipient, owners[row]);
    EXPECT_EQ(released->layout.cells(), 1u);
    EXPECT_EQ(released->layout.dimensions[0].labels[0], plan.dimensions[0].labels[row]);
    bands.push_back(released->figures[0][0]);
  }
  EXPECT_EQ(bands, (std::vector<uint64_t>{0, 0, 1, 2, 3, 4, 0}));
}

TEST_F(ReleaseTest, NothingLeavesWithoutTheRightRecipients) {
  const OutputPolicy output = disclosure::world::output_policy(2, 0);
  const ClearTable table = disclosure::world::random_table(output, 3, 8);
  const auto fault = [&](const OutputPolicy& policy, const LedgerDebit& debit) {
    const auto out = run(table, policy, debit);
    return out[0].ok() ? std::string("ok") : out[0].error().id;
  };
  EXPECT_EQ(fault(output, debit_of(world, {{"samen", {kRegio}}}, {}, Bytes(3))), "ok");
  EXPECT_EQ(fault(output, debit_of(world, {{"anders", {kRegio}}}, {}, Bytes(3))), "S1413.recipients");
  LedgerDebit as_rows = debit_of(world, {}, {kRegio}, Bytes(3));
  as_rows.outputs[0].name = "samen";
  EXPECT_EQ(fault(output, as_rows), "S1413.recipients");

  OutputPolicy rows = output;
  rows.name = "spiegel";
  rows.dimensions = {{"gemeente", {"GM9001", "GM9002", "GM9003", "GM9004"}}};
  rows.own_row = disclosure::OwnRow{"gemeente", {"a", "b", "c", "d"}};
  rows.bands = {10};
  EXPECT_EQ(fault(rows, debit_of(world, {}, {"a", "b", "c", "d"}, Bytes(3))), "ok");
  EXPECT_EQ(fault(rows, debit_of(world, {}, {"a", "b", "c"}, Bytes(3))), "S1413.recipients");
  EXPECT_EQ(fault(rows, debit_of(world, {}, {"a", "b", "c", "e"}, Bytes(3))), "S1413.recipients");
  EXPECT_EQ(fault(rows, debit_of(world, {{"spiegel", {kRegio}}}, {"a", "b", "c", "d"}, Bytes(3))),
            "S1413.recipients");
}

TEST_F(ReleaseTest, EvidenceIsMadeByDoing) {
  Node node;
  const LedgerDebit debit = debit_of(world, {{"samen", {kRegio}}}, {}, Bytes(3));
  ASSERT_TRUE(permit_of(node, world, debit).ok());
  EXPECT_EQ(node.ledger->entries()->size(), 1u);
  EXPECT_EQ(node.log->head().lines, 1u);
}

TEST_F(ReleaseTest, ARevokedDecisionStopsTheRelease) {
  Node node;
  world.add(0, world.draft(0, governance::DecisionRole::kDecision, governance::Answer::kRevoke));
  for (size_t i = 1; i < 6; ++i)
    world.add(i, world.draft(i, governance::DecisionRole::kDecision, governance::Answer::kRevoke));
  EXPECT_FALSE(Approved::check(world.facts).ok());
  EXPECT_TRUE(node.ledger->entries()->empty());
}

TEST_F(ReleaseTest, UnsealedCountsAreNotDebited) {
  Node node;
  const auto result = permit_of(node, world, debit_of(world, {{"samen", {kRegio}}}, {}, {}));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().id, "S1413.unsealed");
  EXPECT_TRUE(node.ledger->entries()->empty());
}

TEST_F(ReleaseTest, EvidenceOfDifferentThingsMakesNoPermit) {
  const LedgerDebit debit = debit_of(world, {{"samen", {kRegio}}}, {}, Bytes(3));
  const auto fault = [&](const std::function<void(LedgerDebit&)>& change, const std::string& run,
                         const crypto::Digest& study) {
    Node node;
    LedgerDebit changed = debit;
    change(changed);
    auto approved = Approved::check(world.facts);
    auto debited = Debited::write(*node.ledger, changed);
    auto logged = Logged::append(*node.log, "node-0", run, study, changed.time);
    CHECK(approved.ok() && debited.ok() && logged.ok());
    const auto permit = Permit::issue(std::move(*approved), std::move(*debited), std::move(*logged));
    return permit.ok() ? std::string("ok") : permit.error().id;
  };
  const auto same = [](LedgerDebit&) {};
  EXPECT_EQ(fault(same, kRun, debit.study), "ok");
  EXPECT_EQ(fault(same, "ffffffffffffffffffffffffffffffff", debit.study), "S1413.evidence");
  EXPECT_EQ(fault(same, kRun, crypto::sha256("other study")), "S1413.evidence");
  EXPECT_EQ(fault([](LedgerDebit& d) { d.study = crypto::sha256("other study"); }, kRun, debit.study),
            "S1413.evidence");
  EXPECT_EQ(fault([](LedgerDebit& d) { d.policy_hash = crypto::sha256("laxer"); }, kRun, debit.study),
            "S1413.evidence");
}

TEST_F(ReleaseTest, OutputPolicyFollowsTheStudy) {
  PlanFacts plan;
  plan.dimensions = {{"leeftijd", {"0-5", "6-11", "12-17"}}, {"ouder_in_schuldhulp", {"ja", "nee"}}};
  plan.measures = {{"kinderen", disclosure::Figure::kCountRows, false},
                   {"start_pleegzorg", disclosure::Figure::kCountSome, false}};
  plan.tables = {"schuldhulp", "ouder_kind", "jeugdhulp"};
  plan.population_table = "ouder_kind";
  const auto approval = world.evaluate();
  const auto make = [&](const PlanFacts& facts, const char* name = "samen") {
    return output_policy(world.study, *world.study.find_output(name), approval.policy, approval.participants,
                         facts);
  };
  const auto policy = make(plan);
  ASSERT_TRUE(policy.ok()) << policy.error().summary();
  ASSERT_EQ(policy->sensitive.size(), 1u);
  EXPECT_EQ(policy->sensitive[0].dimension, 1u);
  EXPECT_EQ(policy->sensitive[0].values, std::vector<size_t>{0});
  EXPECT_FALSE(policy->measures[0].sensitive);
  EXPECT_TRUE(policy->measures[1].sensitive);
  EXPECT_TRUE(policy->tables[1].population);
  EXPECT_EQ(policy->tables[2].owner_kind, "jeugdhulpaanbieder");
  EXPECT_FALSE(policy->own_row.has_value());

  const auto fault = [&](const std::function<void(PlanFacts&)>& change, const char* name = "samen") {
    PlanFacts changed = plan;
    change(changed);
    const auto result = make(changed, name);
    return result.ok() ? std::string("ok") : result.error().summary();
  };
  EXPECT_EQ(fault([](auto& p) { p.measures[1].figure = disclosure::Figure::kOther; }),
            "S1411.measure [samen] [start_pleegzorg]");
  EXPECT_EQ(fault([](auto& p) { p.measures[1].name = "x"; }), "S1411.shape [samen] [start_pleegzorg]");
  EXPECT_EQ(fault([](auto& p) { p.dimensions[1].labels[0] = "JA"; }),
            "S1411.shape [samen] [ouder_in_schuldhulp]");
  EXPECT_EQ(fault([](auto& p) { p.dimensions.pop_back(); }), "S1411.shape [samen] [ouder_in_schuldhulp]");
  EXPECT_EQ(fault([](auto& p) { p.tables.push_back("onbekend"); }), "S1411.shape [samen] [onbekend]");
  EXPECT_EQ(fault([](auto& p) { p.population_table = ""; }), "S1411.population_table [samen]");
  EXPECT_EQ(fault([](auto& p) { p.dimensions = {{"gemeente", {"GM9999"}}}; }, "spiegel"),
            "S1411.shape [spiegel] [GM9999]");
  EXPECT_EQ(fault([](auto& p) { p.dimensions = {{"gemeente", {"GM9001", "JA9001"}}}; }, "spiegel"),
            "S1411.shape [spiegel] [JA9001]");
}

}  // namespace
}  // namespace sluis::release
