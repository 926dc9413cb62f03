// The whole way on a small region, what it leaves behind, and what is refused afterwards.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "base/bytes.h"
#include "demo/compare.h"
#include "demo/sceptic.h"
#include "demo/study_file.h"
#include "node/retention.h"
#include "node/state.h"
#include "world.h"

namespace sluis::three_process {
namespace {

using demo::Output;

// Chi-square of the 256 byte values, as a distance from its mean in standard deviations.
double chi_square_sigmas(ByteSpan bytes) {
  std::array<double, 256> counts{};
  for (const uint8_t byte : bytes) counts[byte] += 1;
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi = 0;
  for (const double count : counts) chi += (count - expected) * (count - expected) / expected;
  return (chi - 255) / std::sqrt(2.0 * 255);
}

// Words of all rows but the bits above the last row, which are zero in every share.
void append_full_words(const sharing::Bits& bits, Bytes& out) {
  const size_t blocks = (bits.rows() + 63) / 64;
  for (size_t p = 0; p < bits.planes(); ++p)
    for (size_t row = 0; row + 64 <= bits.rows() && row / 64 < blocks; row += 8) {
      uint8_t byte = 0;
      for (size_t i = 0; i < 8; ++i) byte |= static_cast<uint8_t>(bits.get(row + i, p) << i);
      out.push_back(byte);
    }
}

// Both shares that this node holds of every table, decrypted with the node's own key.
std::array<Bytes, 2> shares_of(const World& world, int party) {
  auto state = node::load_state(world.network->node_directory(party) + "/node.toml", node::Role::kJob);
  CHECK(state.ok());
  auto uploads = (*state)->store->list();
  CHECK(uploads.ok() && uploads->size() == world.deliveries.size());
  std::array<Bytes, 2> all;
  for (const wire::TableUpload& upload : *uploads) {
    auto shares = (*state)->store->load(upload);
    CHECK(shares.ok());
    append_full_words(shares->own, all[0]);
    append_full_words(shares->next, all[1]);
  }
  return all;
}

class WholeWay : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = new World({.seed = 7, .families = 2'500});
    world_->share_all();
    world_->approve_all(world_->study);
    const Output done = world_->start(world_->study, run_, true);
    ASSERT_EQ(done.code, 0) << done.error;
    const Output got =
        world_->sluis(kApplicant, {"result", "get", run_, "--out", world_->path("out"), "--invented"});
    ASSERT_EQ(got.code, 0) << got.error;
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  static inline World* world_ = nullptr;
  static inline std::string run_;
};

TEST_F(WholeWay, FiguresAreThePlainAnswerWhereShown) {
  const Result<std::string> json = read_file(world_->path("out/resultaat.json"), 64 << 20);
  ASSERT_TRUE(json.ok());
  const auto comparison = demo::compare_with_plain(*json, demo::plain_answer(world_->region));
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->different, 0) << comparison->table;
  EXPECT_GE(comparison->equal, 8) << comparison->table;
}

TEST_F(WholeWay, NoNumberInAnyFileLogOrRecordedByte) {
  std::vector<std::string> places = {world_->network->wire_file()};
  for (int party = 0; party < 3; ++party) places.push_back(world_->network->node_directory(party));
  EXPECT_EQ(demo::count_numbers(places, world_->numbers()), 0u);
  EXPECT_GT(demo::bytes_below({world_->network->wire_file()}), 100'000u);  // the tap did record
  EXPECT_GT(demo::count_numbers({world_->deliveries.front().file}, world_->numbers()), 0u);
}

TEST_F(WholeWay, SharesOfEachNodeAreUniform) {
  for (int party = 0; party < 3; ++party) {
    const std::array<Bytes, 2> shares = shares_of(*world_, party);
    for (const Bytes& bytes : shares) {
      ASSERT_GT(bytes.size(), 50'000u);
      EXPECT_LT(std::abs(chi_square_sigmas(bytes)), 5) << "party " << party;
    }
    // Nor are the two shares of one node the clear table between them.
    Bytes both = shares[0];
    for (size_t i = 0; i < both.size(); ++i) both[i] ^= shares[1][i];
    EXPECT_LT(std::abs(chi_square_sigmas(both)), 5) << "party " << party;
  }
  // The test can fail: what the three hold together is the table, which is far from uniform.
  Bytes clear = shares_of(*world_, 0)[0];
  for (int party : {1, 2}) {
    const Bytes other = shares_of(*world_, party)[0];
    for (size_t i = 0; i < clear.size(); ++i) clear[i] ^= other[i];
  }
  EXPECT_GT(chi_square_sigmas(clear), 100);
}

TEST_F(WholeWay, BundleIsVerifiedAndAnAlteredShareIsDetected) {
  const std::string bundle = world_->path("out/bundel.json");
  EXPECT_EQ(world_->sluis("", {"result", "verify", bundle}).code, 0);
  ASSERT_TRUE(demo::alter_bundle(bundle, world_->path("altered.json")).ok());
  const Output altered = world_->sluis("", {"result", "verify", world_->path("altered.json")});
  EXPECT_EQ(altered.code, static_cast<int>(Exit::kProtocolAbort)) << altered.text << altered.error;
  EXPECT_TRUE(says(altered, "S1303")) << altered.error;
}

TEST_F(WholeWay, AnotherOwnersRowIsRefusedAndAStrangersReadToo) {
  const Output own = world_->sluis(kDemostad, {"result", "get", run_, "--out", world_->path("own")});
  EXPECT_EQ(own.code, 0) << own.error;
  const Output other = world_->sluis(
      kVoorbeeldam, {"result", "get", run_, "--addressee", kDemostad, "--out", world_->path("none")});
  EXPECT_TRUE(says(other, "S1501")) << other.error;
  EXPECT_NE(other.code, 0);
  // A provider takes part, but nothing is addressed to it.
  const Output nothing =
      world_->sluis("00000099000000003001", {"result", "get", run_, "--out", world_->path("none")});
  EXPECT_TRUE(says(nothing, "S1307")) << nothing.error;
}

TEST_F(WholeWay, ASecondReleaseIsRefused) {
  std::string run;
  const Output again = world_->start(world_->study, run, true);
  EXPECT_TRUE(says(again, "S1215") || says(again, "S1401")) << again.text << again.error;
  EXPECT_NE(again.code, 0);
  EXPECT_TRUE(run.empty());
}

TEST_F(WholeWay, AnotherStudyOverTheSamePersonsIsRefused) {
  const std::string other = world_->study_with("id            = \"schuld-pleegzorg-2026\"",
                                               "id            = \"ander-2026\"", "b.toml");
  const Output submitted = world_->sluis(kApplicant, {"study", "submit", other});
  ASSERT_EQ(submitted.code, 0) << submitted.error;
  for (const demo::Delivery& delivery : world_->deliveries) world_->share(delivery, other, "1");
  world_->approve_all(other);
  std::string run;
  const Output started = world_->start(other, run, true);
  EXPECT_TRUE(says(started, "S1402")) << started.text << started.error;
  EXPECT_EQ(started.code, static_cast<int>(Exit::kNotAllowed));
}

TEST_F(WholeWay, SharesAreErasedWhenTheStudysTimeIsUp) {
  const std::string sha = crypto::to_hex(crypto::sha256(*read_file(world_->study, 1 << 20)));
  for (int party = 0; party < 3; ++party) {
    auto state = node::load_state(world_->network->node_directory(party) + "/node.toml", node::Role::kJob);
    ASSERT_TRUE(state.ok());
    const size_t before = (*state)->store->list()->size();
    const size_t of_study = (*state)->catalogue->tables(sha)->size();
    ASSERT_EQ(of_study, world_->deliveries.size());
    // Thirty days after release: not a day earlier, and not the tables of another study that may still run.
    const int64_t now = node::unix_now();
    EXPECT_EQ(*node::erase_expired(**state, now + 29 * 86'400), 0);
    EXPECT_EQ(*node::erase_expired(**state, now + 30 * 86'400), static_cast<int>(of_study));
    EXPECT_EQ((*state)->catalogue->tables(sha)->size(), 0u);
    EXPECT_EQ((*state)->store->list()->size(), before - of_study);
    EXPECT_EQ(*node::erase_expired(**state, now + 30 * 86'400), 0);
    const auto receipts = std::filesystem::directory_iterator((*state)->config.data + "/receipts");
    EXPECT_EQ(static_cast<size_t>(std::distance(begin(receipts), end(receipts))), of_study);
  }
}

TEST_F(WholeWay, LogsOfTheNodesHoldTogether) {
  for (int party = 0; party < 3; ++party) {
    const Output verified =
        world_->sluis("", {"audit", "verify", world_->network->node_directory(party) + "/data/audit.jsonl"});
    EXPECT_EQ(verified.code, 0) << verified.error;
  }
  EXPECT_EQ(world_->sluis(kApplicant, {"run", "record", run_}).code, 0);
}

}  // namespace
}  // namespace sluis::three_process
