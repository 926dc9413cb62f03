// What holds for every protocol: declared cost, messages that do not depend on data, an end of the run
// whatever is damaged. What the messages may say to their receivers: view_test.cc.
#include <gtest/gtest.h>

#include <algorithm>

#include "net/tampering_mesh.h"
#include "testing/protocol_cases.h"
#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

size_t index(const Session& s) { return static_cast<size_t>(s.party()); }

TEST(AllProtocols, CostIsExactlyAsDeclared) {
  for (size_t n : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{4095}, size_t{4096},
                   size_t{4097}, size_t{10000}}) {
    const auto inputs = case_inputs(n, CaseData::kRandom, 1);
    for (const ProtocolCase& c : protocol_cases()) {
      const auto run = run_measured([&](Session& s) { c.run(s, inputs[index(s)]); });
      EXPECT_EQ(run.measured, c.cost(n)) << c.name << ", " << n << " rows";
    }
  }
}

// Enough rows for several messages in one round.
TEST(AllProtocols, CostOfLongColumnsIsExact) {
  const size_t n = 300'001;
  const auto inputs = case_inputs(n, CaseData::kRandom, 2);
  for (const ProtocolCase& c : protocol_cases()) {
    const auto run = run_measured([&](Session& s) { c.run(s, inputs[index(s)]); });
    EXPECT_EQ(run.measured, c.cost(n)) << c.name;
  }
}

TEST(AllProtocols, NoRowsMeansNoRound) {
  for (const ProtocolCase& c : protocol_cases()) EXPECT_EQ(c.cost(0), Cost{}) << c.name;
}

TEST(AllProtocols, MessagesDoNotDependOnDataOrKeys) {
  for (size_t n : {size_t{1}, size_t{65}, size_t{5000}, size_t{120'000}}) {
    const auto random = case_inputs(n, CaseData::kRandom, 3), zero = case_inputs(n, CaseData::kZero, 4);
    for (const ProtocolCase& c : protocol_cases()) {
      const auto first = run_measured([&](Session& s) { c.run(s, random[index(s)]); });
      RunOptions other_keys;
      other_keys.seed = 5;
      const auto second = run_measured([&](Session& s) { c.run(s, zero[index(s)]); }, other_keys);
      EXPECT_EQ(first.traces, second.traces) << c.name << ", " << n << " rows";
    }
  }
}

// ---- damage

struct Damage {
  net::Tampering how;
  bool may_pass;  // semi-honest: a flipped bit is not noticed
};
constexpr Damage kDamages[] = {
    {net::Tampering::kFlip, true},   {net::Tampering::kTruncate, false}, {net::Tampering::kExtend, false},
    {net::Tampering::kDrop, false},  {net::Tampering::kDuplicate, true}, {net::Tampering::kOperation, false},
    {net::Tampering::kAbort, false},
};

// True if the run ended in ProtocolAbort.
bool aborts(const ProtocolCase& c, const std::array<CaseInputs, 3>& inputs, int party,
            const net::TamperPlan& plan) {
  RunOptions options;
  options.mesh.base_timeout_ms = 100;
  options.wrap = [&](std::unique_ptr<net::Mesh> mesh) {
    return mesh->party() == party ? net::make_tampering_mesh(std::move(mesh), plan) : std::move(mesh);
  };
  try {
    run_three([&](Session& s) { c.run(s, inputs[index(s)]); }, options);
  } catch (const net::ProtocolAbort&) {
    return true;
  }
  return false;
}

// The first, a middle and the last message of every party in every protocol.
TEST(AllProtocols, DamagedMessagesEndTheRun) {
  const auto inputs = case_inputs(130, CaseData::kRandom, 8);
  for (const ProtocolCase& c : protocol_cases()) {
    const auto traces = run_measured([&](Session& s) { c.run(s, inputs[index(s)]); }).traces;
    for (int party = 0; party < 3; ++party) {
      const uint64_t sent = traces[static_cast<size_t>(party)].size();
      for (uint64_t message : {uint64_t{0}, sent / 2, sent - 1}) {
        if (message >= sent) continue;
        for (const Damage& damage : kDamages) {
          const bool aborted = aborts(c, inputs, party, {damage.how, message, 0});
          EXPECT_TRUE(aborted || damage.may_pass) << c.name << ", P" << party << " message " << message
                                                  << ", damage " << static_cast<int>(damage.how);
        }
      }
    }
  }
}

// A second copy of a message is taken for the next one, whose number differs; only the last has none.
TEST(AllProtocols, RepeatedMessagesEndTheRun) {
  const auto inputs = case_inputs(130, CaseData::kRandom, 9);
  for (const ProtocolCase& c : protocol_cases()) {
    const auto run = run_measured([&](Session& s) { c.run(s, inputs[index(s)]); });
    const Trace& trace = run.traces[1];
    for (uint64_t message = 0; message < std::min<uint64_t>(trace.size(), 3); ++message) {
      const auto later = std::count_if(trace.begin() + static_cast<ptrdiff_t>(message) + 1, trace.end(),
                                       [&](const auto& m) { return m.first == trace[message].first; });
      if (later == 0) continue;
      EXPECT_TRUE(aborts(c, inputs, 1, {net::Tampering::kDuplicate, message, 0})) << c.name << " " << message;
    }
  }
}

TEST(AllProtocols, AnErrorAtOnePartyStopsAllThree) {
  const auto inputs = case_inputs(130, CaseData::kRandom, 10);
  for (const ProtocolCase& c : protocol_cases())
    for (int party = 0; party < 3; ++party) {
      const auto job = [&](Session& s) {
        if (s.party() == party) throw std::runtime_error("no disk");
        for (int repeat = 0; repeat < 3; ++repeat) c.run(s, inputs[index(s)]);
        // A party that needs nothing from the others is stopped by the next one that does.
        std::vector<uint64_t> word(1);
        s.begin_round();
        s.send_next(word);
        s.recv_prev(word);
      };
      EXPECT_THROW(run_three(job), std::runtime_error) << c.name;
    }
}

}  // namespace
}  // namespace sluis::mpc
