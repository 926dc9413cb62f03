#include <gtest/gtest.h>

#include <set>

#include "bench/document.h"
#include "crypto/prg.h"

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
  for (const char* key :
       {"rows", "key_bits", "rounds", "bytes_per_row_per_party", "busiest_link_bytes_per_row",
        "cpu_s_all_parties", "wall_s", "peak_rss_bytes", "peak_rss_bytes_per_party", "input_rss_bytes"})
    EXPECT_GT(number(json, key), 0) << key;
  EXPECT_EQ(number(json, "threads"), 3);
  EXPECT_EQ(json.find("isa")->text, crypto::kernel_level());
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
  const Result<Outcome> best = run_best(workload, 3);
  ASSERT_TRUE(best.ok());
  EXPECT_EQ(best->cost, here->cost);
  EXPECT_EQ(number(written(workload, *best), "best_of"), 3);
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
  const double software = 100e-6 * mpc::kCpu.us_per_round;
  EXPECT_NEAR(modelled_s(Network::kNl, cost, 3.0), 1 + 0.15 + software + 1, 1e-9);
  EXPECT_NEAR(modelled_s(Network::kWan, cost, 0), 1 + software + 1, 1e-9);
  EXPECT_NEAR(modelled_s(Network::kLoopback, cost, 3.0), 1 + software, 1e-9);
}

// The gates stand for their own sizes only, and say what was missed.
TEST(Bench, TablesJudgeByTheGates) {
  Series series;
  series.limits.and_g_s = 40;
  series.limits.tls_ns_per_byte = 0.7;
  Outcome outcome;
  outcome.rows = outcome.unit_rows = uint64_t{1} << 20;
  outcome.key_bits = 30;
  outcome.cost.rounds = 1000;
  outcome.cost.to_prev = {150 << 20, 150 << 20, 150 << 20};
  outcome.cpu_s = 2.3;
  outcome.wall_s = 1.4;
  series.runs.push_back({{"sort", outcome.rows, 30}, outcome});
  const std::string judged = series_tables(series);
  EXPECT_NE(judged.find("wall met, CPU **missed**, bytes met"), std::string::npos) << judged;
  EXPECT_NE(judged.find("|1000|150.0|150.0|2.300|1.400|"), std::string::npos) << judged;
  series.runs[0].outcome.rows -= 1;
  EXPECT_EQ(series_tables(series).find("missed"), std::string::npos);
}

TEST(Bench, ReplacesTheTablesOfADocument) {
  const std::string before = "a\n<!-- results -->\nold\n<!-- /results -->\nb\n";
  const Result<std::string> after = with_tables(before, "new\n");
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(*after, "a\n<!-- results -->\nnew\n<!-- /results -->\nb\n");
  EXPECT_EQ(*with_tables(*after, "new\n"), *after);
  for (const char* without : {"", "<!-- results -->\n", "<!-- /results -->\n<!-- results -->\n"})
    EXPECT_EQ(with_tables(without, "new\n").error().id, "S1051.markers");
}

TEST(Bench, SeriesHasEveryOperatorAndDistinctNames) {
  for (const bool full : {false, true}) {
    std::set<std::string> names, seen;
    for (const Workload& workload : series_workloads(full)) {
      EXPECT_TRUE(names.insert(run_name(workload)).second) << run_name(workload);
      seen.insert(workload.operation);
    }
    EXPECT_EQ(seen.size(), operations().size());
  }
}

TEST(Bench, LimitsAreMeasured) {
  const Limits limits = measure_limits(0.01);
  for (const double rate : {limits.aes_ctr_gb_s, limits.aes_ctr_dram_gb_s, limits.and_g_s, limits.tcp_gb_s,
                            limits.tls_gb_s, limits.tcp_ns_per_byte, limits.tls_ns_per_byte,
                            limits.permute_ns_per_row, limits.shuffle_ns_per_row, limits.copy_gb_s})
    EXPECT_GT(rate, 0);
  EXPECT_LT(limits.and_with_tls_g_s(), limits.and_g_s);
}

}  // namespace
}  // namespace sluis::bench
