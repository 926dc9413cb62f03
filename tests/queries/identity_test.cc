// One answer whatever it is computed with: keys and shares, network profiles (which choose the circuits),
// transports (memory, three processes over TLS), instruction sets. CTest runs this program once per level of
// SLUIS_ISA; the processes are started at every level from each. A party is one thread, so there are no
// thread counts to vary. The measure is the clear evaluator, which evaluate_differential holds against
// PostgreSQL.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "crypto/kernels.h"
#include "data.h"
#include "engine_support.h"
#include "on_shares.h"
#include "query_files.h"
#include "sql/evaluate.h"

namespace sluis::queries {
namespace {

struct Case {
  std::string set, name, sql, expected;
};

const std::vector<relation::Table>& tables_of(const std::string& set) {
  static const std::map<std::string, std::vector<relation::Table>> kTables = {
      {"mpc", make_tables("mpc", 30, 3)}, {"tpch", make_tables("tpch", 12, 3)}};
  return kTables.at(set);
}

std::string in_clear(const std::string& sql, const std::vector<relation::Table>& tables) {
  std::vector<relation::TableSchema> schemas;
  std::map<std::string, uint64_t> rows;
  sql::ClearTables clear;
  for (const relation::Table& table : tables) {
    schemas.push_back(table.schema);
    rows[table.schema.name] = table.rows;
    clear[table.schema.name] = table;
  }
  const sql::BindResult bound = sql::bind_query(sql, schemas, rows);
  if (!bound.plan) return "not bound";
  const auto result = sql::evaluate_output(bound.plan->outputs[0], clear);
  return result.ok() ? differential::rows_text(result->rows, true) : "not evaluated";
}

// Every query of examples/queries with its answer. All of them order their rows or have one.
const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = [] {
    std::vector<Case> out;
    for (const std::string& set : data_sets())
      for (const Query& query : read_queries(SLUIS_SOURCE_DIR "/examples/queries", set))
        out.push_back({set, query.name, query.sql, in_clear(query.sql, tables_of(set))});
    return out;
  }();
  return kCases;
}

const differential::SharedCase& shares_of(const std::string& set, uint64_t seed) {
  static std::map<std::pair<std::string, uint64_t>, differential::SharedCase> done;
  const auto [found, added] = done.try_emplace({set, seed});
  if (added) found->second = differential::share_case(tables_of(set), seed);
  return found->second;
}

TEST(Identity, TheCasesSaySomething) {
  std::cout << "kernels: " << crypto::active_kernels().name << "\n";
  size_t rows = 0;
  for (const Case& one : cases())
    rows += static_cast<size_t>(std::count(one.expected.begin(), one.expected.end(), '\n'));
  EXPECT_GE(cases().size(), 16U);
  EXPECT_GE(rows, 3 * cases().size());
}

TEST(Identity, AnyKeysAndAnyShares) {
  for (const Case& one : cases())
    for (const uint64_t seed : {1, 2, 3}) {
      SCOPED_TRACE(one.name + ", seed " + std::to_string(seed));
      testing::RunOptions options;
      if (seed == 3) {
        options.seed.reset();  // keys that the parties agree on
      } else {
        options.seed = seed;
      }
      const auto answer = differential::answer_on_shares(one.sql, shares_of(one.set, seed), options);
      ASSERT_TRUE(answer.errors.empty());
      EXPECT_EQ(differential::rows_text(answer.table.rows, true), one.expected);
    }
}

// The profile decides which circuits sort, over enough rows for that to differ, and nothing else.
TEST(Identity, EveryNetworkProfile) {
  const std::vector<relation::Table> tables = make_tables("mpc", 1500, 3);
  const differential::SharedCase shared = differential::share_case(tables, 1);
  size_t differ = 0;
  for (const Query& query : read_queries(SLUIS_SOURCE_DIR "/examples/queries", "mpc")) {
    const std::string expected = in_clear(query.sql, tables);
    std::set<std::pair<uint64_t, uint64_t>> costs;
    for (const mpc::Network network : mpc::kNetworks) {
      SCOPED_TRACE(query.name + ", " + mpc::profile(network).name);
      const auto answer = differential::answer_on_shares(query.sql, shared, {}, {.network = network});
      ASSERT_TRUE(answer.errors.empty());
      EXPECT_EQ(differential::rows_text(answer.table.rows, true), expected);
      costs.emplace(answer.measured.rounds, answer.measured.total());
    }
    differ += costs.size() > 1 ? 1 : 0;
  }
  EXPECT_GE(differ, 2U);
}

// Three processes over TLS, at every instruction-set level that this processor has.
TEST(Identity, ProcessesAtEveryLevel) {
  const char* before = ::getenv("SLUIS_ISA");
  const std::string own = before == nullptr ? "" : before;
  std::string form = (std::filesystem::temp_directory_path() / "sluis-identity-XXXXXX").string();
  ASSERT_NE(::mkdtemp(form.data()), nullptr);
  for (const std::string& set : data_sets()) {
    std::filesystem::create_directory(form + "/" + set);
    differential::write_directory(form + "/" + set, tables_of(set));
  }
  const std::set<std::string> some = {"comorbidity", "credit_score", "password_reuse", "q05", "q12", "q13"};
  for (const char* level : {"base", "avx2", "vaes", "avx512"})
    for (const Case& one : cases()) {
      if (some.count(one.name) == 0) continue;
      SCOPED_TRACE(one.name + " at " + level);
      ::setenv("SLUIS_ISA", level, 1);
      const auto answer = differential::run_rehearsal(SLUIS_REHEARSAL, form + "/" + one.set, one.sql);
      EXPECT_EQ(answer.exit, 0) << answer.errors;
      EXPECT_EQ(differential::rows_text(answer.rows, true), one.expected);
    }
  own.empty() ? ::unsetenv("SLUIS_ISA") : ::setenv("SLUIS_ISA", own.c_str(), 1);
  std::filesystem::remove_all(form);
}

// Over whole queries, so over every operator and what lies between two of them.
TEST(Transcript, NoPrgBlockServesTwiceInAQuery) {
  for (const Case& one : cases()) {
    const auto answer = differential::answer_on_shares(one.sql, shares_of(one.set, 1), {});
    for (const auto& uses : answer.prg_uses) {
      std::map<std::tuple<int, int, uint64_t>, std::vector<std::pair<uint64_t, uint64_t>>> ranges;
      for (const mpc::PrgUse& use : uses)
        ranges[{use.key, static_cast<int>(use.domain), use.operation}].emplace_back(use.first_block,
                                                                                    use.blocks);
      EXPECT_GT(ranges.size(), 10U) << one.name;
      for (auto& [stream, blocks] : ranges) {
        std::sort(blocks.begin(), blocks.end());
        for (size_t i = 1; i < blocks.size(); ++i)
          ASSERT_LE(blocks[i - 1].first + blocks[i - 1].second, blocks[i].first) << one.name;
      }
    }
  }
}

// With keys from one seed a run repeats itself message by message: nothing else decides what is sent.
TEST(Transcript, TheSameKeysSendTheSameMessages) {
  for (const Case& one : cases()) {
    const auto a = differential::answer_on_shares(one.sql, shares_of(one.set, 1), {});
    const auto b = differential::answer_on_shares(one.sql, shares_of(one.set, 1), {});
    EXPECT_EQ(a.traces, b.traces) << one.name;
    EXPECT_EQ(a.measured, b.measured) << one.name;
  }
}

}  // namespace
}  // namespace sluis::queries
