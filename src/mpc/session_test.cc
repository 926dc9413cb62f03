#include "mpc/session.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "testing/three_parties.h"

namespace sluis::mpc {
namespace {

using namespace sluis::testing;  // NOLINT(google-build-using-namespace): a test of few names

using Key = std::array<uint8_t, 16>;

struct PartyKeys {
  Key own, next;
};

Key first_bytes(const crypto::PrgKey& key) {
  Key bytes{};
  std::copy_n(key.round_keys.begin(), 16, bytes.begin());
  return bytes;
}

std::array<PartyKeys, 3> agreed_keys() {
  RunOptions fresh;
  fresh.seed.reset();
  return run_three(
      [](Session& s) { return PartyKeys{first_bytes(s.keys().own), first_bytes(s.keys().next)}; }, fresh);
}

TEST(Keys, EachPairSharesOneKeyAndTheThirdDoesNot) {
  const auto keys = agreed_keys();
  std::set<Key> different;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(keys[i].next, keys[(i + 1) % 3].own);
    EXPECT_NE(keys[i].own, keys[i].next);
    different.insert(keys[i].own);
  }
  EXPECT_EQ(different.size(), 3u);
}

TEST(Keys, ARetryHasNewKeys) {
  const auto first = agreed_keys(), second = agreed_keys();
  for (size_t i = 0; i < 3; ++i) EXPECT_NE(first[i].own, second[i].own);
}

TEST(Keys, PartiesOfDifferentJobsDoNotShareKeys) {
  auto meshes = net::make_memory_meshes();
  std::array<PartyKeys, 3> keys;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      const SessionKeys agreed = agree_keys(*meshes[i], as_bytes(i == 2 ? "another job" : "one job"));
      keys[i] = {first_bytes(agreed.own), first_bytes(agreed.next)};
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(keys[0].next, keys[1].own);
  EXPECT_NE(keys[1].next, keys[2].own);
  EXPECT_NE(keys[2].next, keys[0].own);
}

TEST(Keys, AKeyOfLowOrderIsRefused) {
  auto meshes = net::make_memory_meshes();
  const Bytes zero(64);
  meshes[0]->send(net::Neighbour::kNext, 0, ByteSpan(zero));
  meshes[2]->send(net::Neighbour::kPrev, 0, ByteSpan(zero));
  EXPECT_THROW(agree_keys(*meshes[1], as_bytes("job")), net::ProtocolAbort);
}

TEST(Session, CountsRoundsBytesAndMessages) {
  const auto run = run_measured([](Session& s) {
    std::vector<uint64_t> words(5);
    s.begin_round();
    s.send_next(words);
    s.send_prev(std::span(words).first(2));
    s.recv_prev(words);
    s.recv_next(std::span(words).first(2));
  });
  EXPECT_EQ(run.measured, (Cost{1, {40, 40, 40}, {16, 16, 16}}));
  EXPECT_EQ(run.traces[0], (Trace{{0, 40}, {1, 16}}));
}

TEST(Session, AMessageOfAnotherRoundIsRefused) {
  EXPECT_THROW(run_three([](Session& s) {
                 std::vector<uint64_t> words(5);
                 if (s.party() == 1) s.begin_round();
                 s.send_next(words);
                 s.recv_prev(words);
               }),
               net::ProtocolAbort);
}

TEST(Session, ProgressIsReportedAndMayCancel) {
  EXPECT_THROW(run_three([](Session& s) {
                 uint64_t reports = 0;
                 s.on_progress([&](uint64_t bytes) {
                   EXPECT_EQ(bytes, 40 * reports);
                   if (++reports == 3 && s.party() == 1) s.abort(net::AbortCode::kCancelled, "stop");
                 });
                 std::vector<uint64_t> words(5);
                 for (int round = 0; round < 10; ++round) {
                   s.begin_round();
                   s.send_next(words);
                   s.recv_prev(words);
                 }
               }),
               net::ProtocolAbort);
}

// One file reaches the generator; elsewhere a counter could be used twice without any test seeing it.
TEST(Session, NoOtherFileOfMpcCallsTheGenerator) {
  for (const char* name :
       {"add", "agree_keys", "arithmetic_circuits", "circuit", "compare", "compare_choices", "convert",
        "evaluate", "multiply", "open", "popcount", "resharing", "shuffle", "unit_columns"}) {
    std::ifstream file(std::string(MPC_SOURCE_DIR) + "/" + name + ".cc");
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_FALSE(text.str().empty()) << name;
    for (const char* call :
         {"prg_fill", "prg_xor", "prg_zero_share", "and_kernel", "random_share_words", "random_permutation"})
      EXPECT_EQ(text.str().find(call), std::string::npos) << name << ": " << call;
  }
}

}  // namespace
}  // namespace sluis::mpc
