// What holds for every protocol: declared cost, messages that do not depend on data, masks that are fresh and
// unknown to their receivers, an end of the run whatever is damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <mutex>
#include <tuple>

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

// ---- randomness

TEST(AllProtocols, NoPrgBlockServesTwiceInASession) {
  const auto inputs = case_inputs(5000, CaseData::kRandom, 6);
  const auto run = run_measured([&](Session& s) {
    for (int repeat = 0; repeat < 2; ++repeat)
      for (const ProtocolCase& c : protocol_cases()) c.run(s, inputs[index(s)]);
  });
  for (std::vector<PrgUse> uses : run.prg_uses) {
    ASSERT_GT(uses.size(), 500u);
    const auto place = [](const PrgUse& u) {
      return std::tuple(u.key, u.domain, u.operation, u.first_block);
    };
    std::ranges::sort(uses, {}, place);
    for (size_t i = 1; i < uses.size(); ++i) {
      const PrgUse &a = uses[i - 1], &b = uses[i];
      const bool same_stream =
          std::tuple(a.key, a.domain, a.operation) == std::tuple(b.key, b.domain, b.operation);
      ASSERT_FALSE(same_stream && a.first_block + a.blocks > b.first_block)
          << "key " << b.key << " domain " << static_cast<int>(b.domain) << " operation " << b.operation;
    }
  }
}

// Keeps all that a party receives.
class ListeningMesh final : public net::Mesh {
 public:
  ListeningMesh(std::unique_ptr<net::Mesh> inner, std::vector<Bytes>& heard)
      : inner_(std::move(inner)), heard_(heard) {}
  int party() const override { return inner_->party(); }
  void send(net::Neighbour to, uint32_t operation, ByteSpan bytes) override {
    inner_->send(to, operation, bytes);
  }
  void send(net::Neighbour to, uint32_t operation, Bytes&& bytes) override {
    inner_->send(to, operation, std::move(bytes));
  }
  void recv(net::Neighbour from, uint32_t operation, std::span<uint8_t> into) override {
    inner_->recv(from, operation, into);
    heard_.emplace_back(into.begin(), into.end());
  }
  void abort(net::AbortCode code) noexcept override { inner_->abort(code); }
  net::Traffic traffic() const override { return inner_->traffic(); }

 private:
  std::unique_ptr<net::Mesh> inner_;
  std::vector<Bytes>& heard_;
};

struct Heard {
  std::array<std::vector<Bytes>, 3> messages;
  std::array<std::vector<PrgUse>, 3> uses;
};

constexpr uint64_t kListenSeed = 7;

Heard listen(size_t rows, const std::function<void(Session&, const CaseInputs&)>& job) {
  const auto inputs = case_inputs(rows, CaseData::kZeroShares, 1);
  Heard heard;
  RunOptions options;
  options.seed = kListenSeed;
  options.wrap = [&](std::unique_ptr<net::Mesh> mesh) -> std::unique_ptr<net::Mesh> {
    std::vector<Bytes>& to = heard.messages[static_cast<size_t>(mesh->party())];
    return std::make_unique<ListeningMesh>(std::move(mesh), to);
  };
  heard.uses = run_measured([&](Session& s) { job(s, inputs[index(s)]); }, options).prg_uses;
  return heard;
}

std::vector<uint64_t> words_of(const std::vector<Bytes>& messages) {
  std::vector<uint64_t> words;
  for (const Bytes& m : messages)
    for (size_t at = 0; at + 8 <= m.size(); at += 8) {
      words.emplace_back();
      std::memcpy(&words.back(), m.data() + at, 8);
    }
  return words;
}

// Where all shares are zero, a message is its mask: half ones, or the mask is missing.
TEST(AllProtocols, WhatAPartyReceivesIsUniform) {
  for (const ProtocolCase& c : protocol_cases()) {
    if (c.opens) continue;
    const Heard heard = listen(64 * 50, c.run);
    for (size_t party = 0; party < 3; ++party) {
      double bits = 0, ones = 0;
      for (const Bytes& message : heard.messages[party])
        for (uint8_t byte : message) {
          bits += 8;
          ones += std::popcount(byte);
        }
      if (bits == 0) continue;
      EXPECT_NEAR(ones, bits / 2, 6 * std::sqrt(bits) / 2) << c.name << ", P" << party;
    }
  }
}

// No word arrives twice (a mask that served twice), and none is a word that the receiver could compute itself
// (a mask that it knows). Random 64-bit words would coincide with probability 2^-20 here.
TEST(AllProtocols, MasksAreFreshAndUnknownToTheReceiver) {
  const Heard heard = listen(64 * 5, [](Session& s, const CaseInputs& in) {
    for (int repeat = 0; repeat < 2; ++repeat)
      for (const ProtocolCase& c : protocol_cases())
        if (!c.opens) c.run(s, in);
  });
  for (size_t party = 0; party < 3; ++party) {
    std::vector<uint64_t> received = words_of(heard.messages[party]);
    if (party != 0) {
      ASSERT_GT(received.size(), 10'000u);
    }
    std::ranges::sort(received);
    EXPECT_EQ(std::ranges::adjacent_find(received), received.end()) << "P" << party;
    const SessionKeys keys = seeded_keys(static_cast<int>(party), kListenSeed);
    for (const PrgUse& use : heard.uses[party]) {
      std::vector<uint64_t> stream(2 * use.blocks);
      crypto::prg_fill(use.key == static_cast<int>(party) ? keys.own : keys.next, use.domain, use.operation,
                       use.first_block, std::span(stream));
      for (uint64_t word : stream) ASSERT_FALSE(std::ranges::binary_search(received, word)) << "P" << party;
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
