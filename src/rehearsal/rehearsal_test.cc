// The parts of a rehearsal by themselves; the whole program is tested in tests/differential.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <random>

#include "base/bytes.h"
#include "engine/run_plan_test.h"
#include "rehearsal/explain.h"
#include "rehearsal/files.h"
#include "rehearsal/launch.h"
#include "rehearsal/party.h"
#include "sql/binder.h"
#include "wire/table_upload.h"

namespace sluis::rehearsal {
namespace {

using relation::Table;
using relation::Type;

Table person() {
  Table table = Table::empty({"person",
                              {{"id", Type::integer(-5, 90), false},
                               {"town", Type::category({"Aa", "d'E", "é"}), true},
                               {"note", Type::category({"x"}), true},
                               {"born", Type::date(), true}},
                              {{"id"}, {"town", "born"}}});
  for (int64_t i = 0; i < 7; ++i) {
    table.columns[0].push(i - 3);
    i % 3 == 2 ? table.columns[1].push_null() : table.columns[1].push(i % 3);
    table.columns[2].push(0);
    table.columns[3].push(40'000 + i);
  }
  table.rows = 7;
  return table;
}

Job example_job() {
  relation::Table table = person();
  table.schema.at_most = {{{"town"}, 60}};
  Job job = job_of("SELECT town, COUNT(*) AS n FROM person WHERE id > 0 GROUP BY town", {table});
  job.ports = {1001, 1002, 65535};
  for (std::string& fingerprint : job.fingerprints) fingerprint = std::string(64, 'a');
  return job;
}

TEST(RehearsalJob, TextAndBack) {
  const Job job = example_job();
  EXPECT_EQ(job.run.size(), 32U);
  EXPECT_EQ(job.rows, std::vector<uint64_t>{64});
  const Result<Job> back = parse_job(to_text(job));
  ASSERT_TRUE(back.ok()) << back.error().summary();
  // relation::TableSchema has no ==.
  EXPECT_EQ(back->sql, job.sql);
  EXPECT_EQ(back->run, job.run);
  EXPECT_EQ(back->rows, job.rows);
  EXPECT_EQ(back->ports, job.ports);
  EXPECT_EQ(back->fingerprints, job.fingerprints);
  ASSERT_EQ(back->tables.size(), 1U);
  EXPECT_EQ(back->tables[0].name, "person");
  EXPECT_EQ(back->tables[0].columns, job.tables[0].columns);
  EXPECT_EQ(back->tables[0].unique_keys, job.tables[0].unique_keys);
  EXPECT_EQ(back->tables[0].at_most, job.tables[0].at_most);
  EXPECT_EQ(to_text(*back), to_text(job));
}

TEST(RehearsalJob, HostileTextIsRefused) {
  const std::string good = to_text(example_job());
  for (size_t cut = 0; cut < good.size(); cut += 7) EXPECT_FALSE(parse_job(good.substr(0, cut)).ok()) << cut;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  EXPECT_FALSE(parse_job(replaced("sluis-rehearsal/1", "sluis-rehearsal/2")).ok());
  EXPECT_FALSE(parse_job(replaced("\"rows\":64", "\"rows\":0")).ok());
  EXPECT_FALSE(parse_job(replaced("\"rows\":64", "\"rows\":9999999999")).ok());
  EXPECT_FALSE(parse_job(replaced("1001", "70000")).ok());
  EXPECT_FALSE(parse_job(replaced("\"sql\"", "\"sequel\"")).ok());
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) {  // no crash, whatever comes of it
    std::string text = good;
    text[random() % text.size()] = static_cast<char>(random() % 256);
    (void)parse_job(text);
  }
}

TEST(RehearsalJob, OpenedFiguresTextAndBack) {
  Opened opened;
  opened.cells.rows = {0, 3};
  opened.cells.measures = {{std::nullopt, 0}, {-12, int64_t{1} << 60}};
  opened.rounds = 17, opened.bytes_sent = 4711;
  opened.steps = {{"query: person", {3, 800, 0.25}}, {"query", {1, 96, 0.5}}};
  const Result<Opened> back = parse_opened(to_text(opened));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->cells.rows, opened.cells.rows);
  EXPECT_EQ(back->cells.measures, opened.cells.measures);
  EXPECT_EQ(back->rounds, 17U);
  EXPECT_EQ(back->bytes_sent, 4711U);
  EXPECT_EQ(back->steps, opened.steps);
  const std::string good = to_text(opened);
  for (size_t cut = 0; cut < good.size(); cut += 5) EXPECT_FALSE(parse_opened(good.substr(0, cut)).ok());
}

TEST(RehearsalJob, BindingErrorsComeThrough) {
  Job job = example_job();
  job.sql = "SELECT COUNT(*) FROM nobody";
  EXPECT_EQ(bind_job(job).error().id, "S1021.no_table");
}

// Only what the scans read is shared: not the table that nobody asks for, nor the column.
TEST(RehearsalJob, SharesWhatThePlanReads) {
  Table other = person();
  other.schema.name = "other";
  Job job = job_of("SELECT town, COUNT(*) AS n FROM person WHERE born IS NOT NULL GROUP BY town",
                   {person(), other});
  const Result<sql::Plan> plan = bind_job(job);
  ASSERT_TRUE(plan.ok());
  const auto scanned = scanned_columns(*plan);
  ASSERT_EQ(scanned.size(), 1U);
  EXPECT_EQ(scanned.at("person"), (std::set<int>{1, 3}));
  const SharedPart part = shared_part(job, "person", scanned.at("person"));
  EXPECT_EQ(part.rows, 64U);
  ASSERT_EQ(part.schema.columns.size(), 2U);
  EXPECT_EQ(part.schema.columns[1].name, "born");
}

class RehearsalFiles : public ::testing::Test {
 protected:
  RehearsalFiles() {
    std::string form = (std::filesystem::temp_directory_path() / "sluis-rehearsal-test-XXXXXX").string();
    if (::mkdtemp(form.data()) != nullptr) directory_ = form;
    for (int party = 0; party < 3; ++party)
      std::filesystem::create_directory(party_directory(directory_, party));
  }
  ~RehearsalFiles() override { std::filesystem::remove_all(directory_); }
  std::string directory_;
};

TEST_F(RehearsalFiles, SharesAndBack) {
  const Table table = person();
  const SharedPart part{table.schema, 64};
  ASSERT_TRUE(save_shares(directory_, table, part).ok());
  std::array<sharing::SharedBits, 3> shares;
  for (int party = 0; party < 3; ++party) {
    Result<sharing::SharedBits> one = load_share(directory_, party, part);
    ASSERT_TRUE(one.ok());
    shares[static_cast<size_t>(party)] = std::move(*one);
  }
  const sharing::Bits expected = wire::encode_table(table, 64);
  EXPECT_TRUE(std::ranges::equal(testing::reconstruct(shares).words(), expected.words()));
}

TEST_F(RehearsalFiles, DamagedShareIsRefused) {
  const Table table = person();
  const SharedPart part{table.schema, 64};
  ASSERT_TRUE(save_shares(directory_, table, part).ok());
  const std::string file = party_directory(directory_, 1) + "/person.share";
  const std::string good = *read_file(file, 1 << 20);
  for (const std::string& bad : {good.substr(0, good.size() - 1), good + "x", std::string()}) {
    ASSERT_TRUE(write_file(file, bad).ok());
    EXPECT_EQ(load_share(directory_, 1, part).error().id, "S1052.length");
  }
  std::filesystem::remove(file);
  EXPECT_FALSE(load_share(directory_, 1, part).ok());
}

TEST(RehearsalExplain, ShowsStepsInBothForms) {
  const Result<std::string> text = explain(example_job(), text::Language::kEnglish, false);
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text->find("query"), std::string::npos);
  const Result<std::string> json = explain(example_job(), text::Language::kDutch, true);
  ASSERT_TRUE(json.ok());
  EXPECT_NE(json->find("\"schema\":\"sluis/1\""), std::string::npos);
  Job bad = example_job();
  bad.sql = "SELECT id FROM person";
  EXPECT_FALSE(explain(bad, text::Language::kDutch, false).ok());
}

// Opening gives back what evaluate_cells says, NULL and negative figures included.
TEST(RehearsalOpening, FiguresOfAPlan) {
  const Table table = person();
  const sql::BindResult bound =
      sql::bind_query("SELECT town, MIN(id) AS lo, SUM(id) AS s, MAX(born) AS b FROM person GROUP BY town",
                      {table.schema}, {{"person", 20}});
  ASSERT_TRUE(bound.plan.has_value());
  const sql::Output& output = bound.plan->outputs[0];
  const engine::PartyTables shares = engine::share_tables({{"person", table}}, 13, 3);
  const auto opened = testing::run_three([&](mpc::Session& session) {
    engine::Executor executor(session, shares[static_cast<size_t>(session.party())]);
    return open_figures(session, output, engine::tabulate(session, output, executor.table(output.input)));
  });
  const auto expected = sql::evaluate_output(output, {{"person", table}});
  ASSERT_TRUE(expected.ok());
  for (const sql::OpenCells& cells : opened) EXPECT_EQ(sql::present(output, cells)->rows, expected->rows);
}

}  // namespace
}  // namespace sluis::rehearsal
