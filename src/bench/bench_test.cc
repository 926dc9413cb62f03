#include <gtest/gtest.h>

#include "bench/workload.h"

namespace sluis::bench {
namespace {

// Not a multiple of 64, of a block or of a power of two.
constexpr uint64_t kRows = 4501;

JsonValue written(const Workload& workload, const Outcome& outcome) {
  JsonWriter json;
  write_outcome(json, workload, outcome);
  Result<JsonValue> value = parse_json(json.take());
  EXPECT_TRUE(value.ok());
  return std::move(value).value();
}

double number(const JsonValue& object, const char* key) {
  const JsonValue* value = object.find(key);
  EXPECT_NE(value, nullptr) << key;
  if (value == nullptr) return -1;
  return value->is(JsonValue::Kind::kInteger) ? static_cast<double>(value->integer) : std::stod(value->text);
}

class EachOperation : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Bench, EachOperation, testing::ValuesIn(operations()), [](const auto& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
});

TEST_P(EachOperation, ComputesRightlyAndFillsEveryField) {
  const Workload workload{GetParam(), kRows, 0, Transport::kMemory, Network::kLoopback};
  const Result<Outcome> outcome = run_here(workload);
  ASSERT_TRUE(outcome.ok()) << outcome.error().id;
  const JsonValue json = written(workload, *outcome);
  for (const char* key : {"rows", "key_bits", "rounds", "bytes_per_row_per_party",
                          "busiest_link_bytes_per_row", "cpu_s_all_parties", "wall_s", "peak_rss_bytes"})
    EXPECT_GT(number(json, key), 0) << key;
  EXPECT_EQ(number(json, "threads"), 3);
  EXPECT_GE(number(json, "load"), -1);
  EXPECT_EQ(json.find("op")->text, GetParam());
  const JsonValue* modelled = json.find("modelled_s");
  ASSERT_NE(modelled, nullptr);
  EXPECT_LT(number(*modelled, "lan"), number(*modelled, "nl"));
  EXPECT_LT(number(*modelled, "nl"), number(*modelled, "wan"));
}

// The transport changes neither result nor cost; a second run changes neither rounds nor bytes.
TEST_P(EachOperation, CostsTheSameOverTls) {
  Workload workload{GetParam(), 300, 0, Transport::kMemory, Network::kLoopback};
  const Result<Outcome> memory = run_here(workload);
  workload.transport = Transport::kTls;
  const Result<Outcome> tls = run_here(workload);
  ASSERT_TRUE(memory.ok() && tls.ok());
  EXPECT_EQ(memory->cost, tls->cost);
}

// A benchmark that computes the wrong thing must fail.
TEST_P(EachOperation, NoticesAWrongResult) {
  Workload workload{GetParam(), 300, 0, Transport::kMemory, Network::kLoopback};
  workload.wrong_input = true;
  for (const Result<Outcome>& outcome : {run_here(workload), run_apart(workload)}) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().id, "S1302.bench");
    EXPECT_EQ(outcome.error().args, std::vector<std::string>{GetParam()});
  }
}

TEST(Bench, RunsApartAndReportsTheSameCost) {
  const Workload workload{"sort", 500, 0, Transport::kMemory, Network::kLoopback};
  const Result<Outcome> here = run_here(workload), apart = run_apart(workload);
  ASSERT_TRUE(here.ok() && apart.ok());
  EXPECT_EQ(here->cost, apart->cost);
  EXPECT_GT(apart->peak_rss_bytes, 0U);
}

// A round takes at least half a round trip; the model without processor time is a lower bound of one party's
// emulated wall time up to what overlaps.
TEST(Bench, EmulatedNetworkWaits) {
  const Workload workload{"less", 64, 0, Transport::kMemory, Network::kNl};
  const Result<Outcome> outcome = run_here(workload);
  ASSERT_TRUE(outcome.ok());
  EXPECT_GE(outcome->wall_s, static_cast<double>(outcome->cost.rounds) * 0.0015);
}

TEST(Bench, EmulatedLinkHasItsRate) {
  // 8 B a row and party: 2^20 bytes over one link of 1.25e8 B/s.
  const Workload workload{"and", uint64_t{1} << 17, 0, Transport::kMemory, Network::kNl};
  const Result<Outcome> outcome = run_here(workload);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->cost.busiest_link(), uint64_t{1} << 20);
  EXPECT_GE(outcome->wall_s, 0.0015 + 1048576 / 1.25e8);
}

TEST(Bench, ModelAddsProcessorRoundsAndLink) {
  mpc::Cost cost;
  cost.rounds = 100;
  cost.to_prev = {125'000'000, 1, 1};
  EXPECT_NEAR(modelled_seconds(Network::kNl, cost, 3.0), 1 + 0.15 + 1, 1e-9);
  EXPECT_NEAR(modelled_seconds(Network::kWan, cost, 0), 1 + 1, 1e-9);
  EXPECT_NEAR(modelled_seconds(Network::kLoopback, cost, 3.0), 1, 1e-9);
}

}  // namespace
}  // namespace sluis::bench
