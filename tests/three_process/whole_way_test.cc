// The whole way on a small region, what it leaves behind, and what is refused afterwards.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>
#include <thread>

#include "base/bytes.h"
#include "client/share.h"
#include "demo/compare.h"
#include "demo/sceptic.h"
#include "demo/study_file.h"
#include "disclosure/link_rate.h"
#include "governance/result_bundle.h"
#include "node/retention.h"
#include "node/state.h"
#include "study/link_rate.h"
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
  // Each owner fetches the three signed statements of its own tables, and nobody else's; and checks a saved
  // one without any node.
  static void erasure_receipts_reach_their_owners() {
    for (const std::string& oin : {kDemostad, kProvider}) {
      const std::string out = world_->path("receipts-" + oin);
      const Output fetched = world_->sluis(oin, {"data", "receipts", "--out", out, "-o", "json"});
      ASSERT_EQ(fetched.code, 0) << fetched.error;
      size_t tables = 0;
      for (const demo::Delivery& one : world_->deliveries) {
        tables += one.oin == oin ? 1 : 0;
        const bool own = fetched.text.find("\"" + one.table + "\"") != std::string::npos;
        EXPECT_TRUE(own || one.oin != oin) << one.table << fetched.text;
      }
      size_t files = 0;
      for (const auto& entry : std::filesystem::directory_iterator(out)) {
        if (entry.path().extension() != ".json") continue;
        ++files;
        const std::string file = entry.path().string();
        EXPECT_EQ(world_->sluis("", {"data", "receipts", "--verify", file}).code, 0);
        std::string text = *read_file(file, 1 << 16);
        text.replace(text.find("\"version\":\"") + 11, 1, "9");
        ASSERT_TRUE(write_file(file, text).ok());
        const Output altered = world_->sluis("", {"data", "receipts", "--verify", file});
        EXPECT_TRUE(says(altered, "S1303")) << altered.text << altered.error;
      }
      EXPECT_EQ(files, 3 * tables);
    }
    const Output nobody = world_->sluis(kApplicant, {"data", "receipts", "-o", "json"});
    EXPECT_EQ(nobody.code, 0) << nobody.error;
    EXPECT_NE(nobody.text.find("\"data\":[]"), std::string::npos) << nobody.text;
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
  const Output provider = world_->sluis(
      kProvider, {"result", "get", run_, "--addressee", kDemostad, "--out", world_->path("none")});
  EXPECT_TRUE(says(provider, "S1501")) << provider.error;
}

// Usable keys of a delivery, as the importer sees them, and how many of them occur in a column of a table.
std::set<int64_t> keys_of(const World& world, const std::string& table, const std::string& column,
                          const std::string& oin = "") {
  const governance::StudyParse study =
      governance::parse_study(*read_file(world.study, 1 << 20), "study.toml");
  std::set<int64_t> keys;
  for (const demo::Delivery& one : world.deliveries) {
    if (one.table != table || (!oin.empty() && one.oin != oin)) continue;
    const auto prepared =
        client::prepare_table({&*study.study, one.table, "1", one.file, one.mapping, ""}, one.oin);
    CHECK(prepared.ok());
    const relation::Column& key =
        prepared->rows.columns[static_cast<size_t>(prepared->rows.schema.find(column))];
    for (size_t row = 0; row < prepared->rows.rows; ++row)
      if (key.null[row] == 0) keys.insert(key.values[row]);
  }
  return keys;
}

// The bands that the rules allow for these deliveries, whichever of the secret numbers was drawn.
std::set<std::string> possible_rates(const std::set<int64_t>& own, const std::set<int64_t>& population) {
  static constexpr const char* kBands[] = {"fewer than 100", "less than 10 %", "10 to 25 %",  "25 to 50 %",
                                           "50 to 75 %",     "75 to 90 %",     "90 % or more"};
  const auto linked = static_cast<uint64_t>(
      std::count_if(own.begin(), own.end(), [&](int64_t key) { return population.contains(key); }));
  std::set<std::string> bands;
  for (uint64_t drawn = 0; drawn < 20; ++drawn) {
    disclosure::LinkPolicy policy;
    policy.owners = {"x"};
    bands.insert(kBands[disclosure::link_bands_clear({own.size()}, {linked}, policy, {drawn})[0]]);
  }
  return bands;
}

// Every owner of a linked table gets its own link rate, and nobody else's; the applicant gets none.
TEST_F(WholeWay, LinkRatesReachTheirOwnersOnly) {
  int shown = 0;
  for (const demo::Delivery& one : world_->deliveries) {
    if (one.table == "ouder_kind") continue;
    const std::string out = world_->path("link-" + one.oin);
    ASSERT_EQ(world_->sluis(one.oin, {"result", "get", run_, "--out", out}).code, 0);
    const Output report = world_->sluis("", {"result", "report", out + "/bundel.json"});
    ASSERT_EQ(report.code, 0) << report.error;
    const std::string column = one.table == "schuldhulp" ? "ouder" : "kind";
    const std::set<std::string> possible =
        possible_rates(keys_of(*world_, one.table, column, one.oin), keys_of(*world_, "ouder_kind", column));
    const bool found = std::any_of(possible.begin(), possible.end(), [&](const std::string& band) {
      return report.text.find(band) != std::string::npos;
    });
    EXPECT_TRUE(found) << report.text << "\npossible: " << *possible.begin();
    shown += possible.contains("fewer than 100") ? 0 : 1;
    // The bundle holds shares for this owner alone.
    const auto bundle = governance::parse_bundle(*read_file(out + "/bundel.json", 64 << 20), "bundel.json");
    ASSERT_TRUE(bundle.ok());
    for (const governance::BundleShare& share : bundle->shares) EXPECT_EQ(share.recipient, one.oin);
  }
  EXPECT_GE(shown, 3);
  const auto pooled = governance::parse_bundle(*read_file(world_->path("out/bundel.json"), 64 << 20), "b");
  ASSERT_TRUE(pooled.ok());
  for (const governance::BundleShare& share : pooled->shares)
    EXPECT_FALSE(share.output.starts_with(study::kLinkRatePrefix)) << share.output;
  // But the receipts say to everybody that they were made, and for whom.
  EXPECT_NE(pooled->facts.find("\"__link_1\""), std::string::npos);
  EXPECT_NE(pooled->facts.find("\"__link_3\""), std::string::npos);
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
  erasure_receipts_reach_their_owners();
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
