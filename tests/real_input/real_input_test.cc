// The example study's linkage over real persons: the GBA-V test set as population, DDAS and Beleidsinformatie
// Jeugd deliveries over its BSNs, through the importers and the shares; every cell against SQLite over an
// independent reading of the same facts.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "engine/run_plan_test.h"
#include "engine_support.h"
#include "importers/import.h"
#include "oracle.h"
#include "pipeline.h"
#include "sql/binder.h"
#include "wire/table_upload.h"

namespace sluis::real_input {
namespace {

using relation::Table;

class RealInput : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = test_set_path();
    if (path_.empty()) GTEST_SKIP() << "skipped: no GBA-V test set beside the source (shared/data)";
    persons_ = read_persons(path_);
  }

  Table import(const std::string& file, const std::string& profile, const std::string& name,
               const std::vector<std::string>& columns) {
    importers::ImportOptions options;
    options.columns = columns;
    options.table = name;
    Result<importers::Import> result = importers::import_file(file, profile, options);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().summary());
    return result.ok() ? std::move(result->table) : Table{};
  }

  // The three deliveries as rehearsal tables.
  std::vector<Table> tables(const Events& events) {
    const std::string debt = directory_.path() + "/schuldhulp.json",
                      care = directory_.path() + "/jeugdhulp.csv";
    write_ddas(events, debt);
    write_bij(events, care);
    return {
        import(path_, "brp-ouder-kind/1", "ouder_kind_alle", {"ouder", "kind", "leeftijd_2023", "gemeente"}),
        import(debt, "ddas-shv/1.0#traject-client", "schuldhulp_alle",
               {"ouder", "aanmelding_van", "aanmelding_tot"}),
        import(care, "bij/2026#jeugdhulp", "jeugdhulp_alle",
               {"kind", "hulpvorm", "aanvang_van", "aanvang_tot", "einde_tot"})};
  }

  pipeline::TemporaryDirectory directory_;
  std::string path_;
  std::vector<RealPerson> persons_;
};

// The study's own SQL, its views as WITH. What owners do with `rows` and `period` stands in front.
std::string rehearsal_sql(const std::string& output, int youngest, int oldest) {
  const governance::Study study = pipeline::example_study();
  std::string sql =
      "WITH schuldhulp AS (SELECT * FROM schuldhulp_alle WHERE " +
      study.find_table("schuldhulp")->rows->text +
      "), ouder_kind AS (SELECT * FROM ouder_kind_alle WHERE leeftijd_2023 BETWEEN " +
      std::to_string(youngest) + " AND " + std::to_string(oldest) +
      "), jeugdhulp AS (SELECT * FROM jeugdhulp_alle WHERE " + study.find_table("jeugdhulp")->rows->text +
      " AND aanvang_van <= DATE '2024-12-31' AND (einde_tot IS NULL OR einde_tot >= DATE '2020-01-01'))";
  for (const governance::View& view : study.views) sql += ", " + view.name + " AS (" + view.sql.text + ")";
  const governance::Output* declared = study.find_output(output);
  return sql + " " + (declared != nullptr ? declared->sql.text : output);
}

// The figures of a rehearsal on shares, as it prints them; sorted.
Rows on_shares(const std::string& sql, const std::vector<Table>& tables) {
  std::vector<relation::TableSchema> schemas;
  std::map<std::string, uint64_t> rows;
  engine::PartyTables shares;
  for (const Table& table : tables) {
    const std::string& name = table.schema.name;
    schemas.push_back(table.schema);
    rows[name] = wire::padded_rows(table.rows);
    engine::PartyTables one = engine::share_tables({{name, table}}, rows[name] - table.rows, 8);
    for (size_t p = 0; p < 3; ++p) shares[p].merge(one[p]);
  }
  sql::BindResult bound = sql::bind_query(sql, schemas, rows);
  for (const Error& error : bound.errors) ADD_FAILURE() << error.summary();
  if (!bound.plan) return {};
  const engine::PlanRun run = engine::run_plan(*bound.plan, shares);
  Rows out = sql::present(bound.plan->outputs[0], run.outputs[0].cells)->rows;
  std::sort(out.begin(), out.end());
  return out;
}

std::string text_of(const Rows& rows) { return differential::rows_text(rows, false); }

// The importer and the independent reading agree on who there is.
TEST_F(RealInput, PersonsAndRelationsAreReadAlike) {
  EXPECT_EQ(persons_.size(), 680U);
  const Table table =
      import(path_, "brp-ouder-kind/1", "ouder_kind", {"ouder", "kind", "leeftijd_2023", "gemeente"});
  std::set<std::vector<std::optional<std::string>>> imported, read;
  for (size_t r = 0; r < table.rows; ++r) {
    if (table.columns[1].null[r] != 0) continue;  // no BSN
    std::vector<std::optional<std::string>> row;
    for (size_t c = 0; c < 4; ++c)
      row.push_back(
          table.columns[c].null[r] != 0
              ? std::nullopt
              : std::optional(relation::cell_text(table.schema.columns[c].type, table.columns[c].values[r])));
    imported.insert(row);
  }
  for (const RealPerson& person : persons_) {
    const auto number = [](const std::string& bsn) { return std::to_string(std::stoll(bsn)); };
    std::vector<std::optional<std::string>> row(4);
    row[1] = number(person.bsn);
    if (const auto age = person.age_2023(); age && *age >= 0) row[2] = std::to_string(*age);
    if (!person.town.empty()) row[3] = "GM" + person.town;
    if (person.parents.empty()) read.insert(row);
    for (const std::string& parent : person.parents) row[0] = number(parent), read.insert(row);
  }
  EXPECT_EQ(imported, read);
  EXPECT_GT(read.size(), 700U);
}

TEST_F(RealInput, EveryCellOfTheStudyIsThatOfSqlite) {
  // Who entered when, to the month, and which child: figures that a release would never show.
  const std::string detail =
      "SELECT CASE WHEN pleeg_van IS NOT NULL THEN LEAST(GREATEST(EXTRACT(year FROM pleeg_van), 2018), 2025) "
      "END AS jaar, EXTRACT(month FROM pleeg_van) AS maand, "
      "ouder_in_schuldhulp, "
      "COUNT(*) AS n, MIN(kind) AS eerste, MAX(kind) AS laatste, MIN(schuld_start) AS schuld, "
      "SUM(pleeg_tot - pleeg_van) AS onzeker FROM volg GROUP BY 1, 2, 3";
  const std::string detail_oracle =
      "SELECT min(max(CAST(substr(care_van, 1, 4) AS INT), 2018), 2025), CAST(substr(care_van, 6, 2) AS "
      "INT), exposed, COUNT(*), "
      "MIN(CAST(bsn AS INT)), MAX(CAST(bsn AS INT)), MIN(debt), "
      "CAST(SUM(julianday(care_tot) - julianday(care_van)) AS INT) FROM per_child GROUP BY 1, 2, 3";
  size_t cells = 0;
  for (const uint64_t seed : {1, 2, 3}) {
    const Events events = make_events(persons_, seed);
    const std::vector<Table> imported = tables(events);
    std::cout << "seed " << seed << ": " << imported[0].rows << " relations, " << imported[1].rows
              << " tracks, " << imported[2].rows << " stays\n";
    // The study's population, and everybody: the set has few minors.
    for (const auto& [youngest, oldest] : std::vector<std::pair<int, int>>{{0, 17}, {0, 130}}) {
      const Oracle oracle(persons_, events, youngest, oldest);
      for (const char* output : {"samen", "volgorde", "koppeling", "spiegel"}) {
        SCOPED_TRACE(std::string(output) + ", seed " + std::to_string(seed) + ", up to " +
                     std::to_string(oldest));
        const Rows expected = oracle.answer(output);
        EXPECT_EQ(text_of(on_shares(rehearsal_sql(output, youngest, oldest), imported)), text_of(expected));
        cells += expected.size();
      }
      SCOPED_TRACE("detail, seed " + std::to_string(seed));
      const Rows expected = oracle.query(detail_oracle);
      EXPECT_EQ(text_of(on_shares(rehearsal_sql(detail, youngest, oldest), imported)), text_of(expected));
      cells += expected.size();
    }
  }
  std::cout << cells << " cells compared\n";
  EXPECT_GT(cells, 300U);
}

// The same through the shipped program: CSV files, three processes, TLS.
TEST_F(RealInput, ThroughTheRehearsalProgram) {
  const Events events = make_events(persons_, 4);
  const std::string directory = directory_.path() + "/csv";
  std::filesystem::create_directory(directory);
  differential::write_directory(directory, tables(events));
  const Oracle oracle(persons_, events, 0, 130);
  for (const char* output : {"samen", "volgorde", "spiegel"}) {
    SCOPED_TRACE(output);
    const differential::ProgramAnswer answer =
        differential::run_rehearsal(SLUIS_REHEARSAL, directory, rehearsal_sql(output, 0, 130));
    ASSERT_EQ(answer.exit, 0) << answer.errors;
    EXPECT_EQ(text_of(answer.rows), text_of(oracle.answer(output)));
  }
}

}  // namespace
}  // namespace sluis::real_input
