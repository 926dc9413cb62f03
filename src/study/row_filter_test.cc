#include "study/row_filter.h"

#include <gtest/gtest.h>

#include "governance/world_for_test.h"
#include "importers/profile.h"
#include "relation/date.h"
#include "study/schema.h"

namespace sluis::study {
namespace {

using governance::Study;
using governance::test::example_bytes;
using governance::test::parsed;
using governance::test::replaced;
using Cell = std::optional<int64_t>;

int64_t day(const char* text) { return *relation::parse_iso_date(text); }

// An imported table with the columns that the study wants of it.
relation::Table imported(const Study& study, const std::string& name,
                         const std::vector<std::vector<Cell>>& rows) {
  const governance::StudyTable& table = *study.find_table(name);
  const auto columns = columns_to_import(study, table, "study.toml");
  EXPECT_TRUE(columns.ok());
  const importers::Profile& profile = *importers::find_profile(table.schema);
  auto schema = importers::profile_schema(profile, name, *columns, {{"gemeente", {"GM9001", "GM9002"}}});
  EXPECT_TRUE(schema.ok());
  relation::Table out = relation::Table::empty(*schema);
  for (const std::vector<Cell>& row : rows) {
    EXPECT_EQ(row.size(), out.columns.size());
    for (size_t c = 0; c < row.size(); ++c)
      row[c] ? out.columns[c].push(*row[c]) : out.columns[c].push_null();
    ++out.rows;
  }
  return out;
}

// First column of the selected rows.
std::vector<int64_t> chosen(const Study& study, const std::string& name,
                            const std::vector<std::vector<Cell>>& rows) {
  const auto selected =
      select_rows(study, *study.find_table(name), imported(study, name, rows), "study.toml");
  EXPECT_TRUE(selected.ok());
  std::vector<int64_t> out;
  for (size_t r = 0; selected.ok() && r < selected->rows; ++r) out.push_back(selected->columns[0].values[r]);
  return out;
}

using Names = std::vector<std::string>;

TEST(RowFilter, ImportsWhatStudyConditionAndPeriodRead) {
  const Study study = parsed(example_bytes());
  const auto columns = [&](const char* table) {
    return columns_to_import(study, *study.find_table(table), "s").value();
  };
  EXPECT_EQ(columns("schuldhulp"), (Names{"ouder", "aanmelding_van", "aanmelding_tot"}));
  EXPECT_EQ(columns("ouder_kind"), (Names{"ouder", "kind", "leeftijd_2023", "gemeente"}));
  Names care = columns("jeugdhulp");
  EXPECT_EQ(Names(care.begin(), care.begin() + 3), (Names{"kind", "aanvang_van", "aanvang_tot"}));
  std::sort(care.begin() + 3, care.end());
  EXPECT_EQ(Names(care.begin() + 3, care.end()), (Names{"einde_tot", "hulpvorm"}));
}

TEST(RowFilter, PeriodNeedsDates) {
  const Study study = parsed(replaced(example_bytes(), "rows     = \"leeftijd_2023",
                                      "period   = [2020-01-01, 2024-12-31]\nrows     = \"leeftijd_2023"));
  const auto columns = columns_to_import(study, *study.find_table("ouder_kind"), "study.toml");
  ASSERT_FALSE(columns.ok());
  EXPECT_EQ(columns.error().id, "S1030.period");
  EXPECT_EQ(columns.error().line, study.find_table("ouder_kind")->at.line);
}

// Tracks that may fall in 2021 or 2022: what is not known for certain to lie outside stays.
TEST(RowFilter, DebtTracksAtTheEdgesOfThePeriod) {
  const Study study = parsed(example_bytes());
  const auto row = [](int64_t id, const char* van, const char* tot) {
    return std::vector<Cell>{id, day(van), day(tot)};
  };
  EXPECT_EQ(chosen(study, "schuldhulp",
                   {row(1, "2020-12-31", "2020-12-31"), row(2, "2021-01-01", "2021-01-01"),
                    row(3, "2022-12-31", "2022-12-31"), row(4, "2023-01-01", "2023-01-01"),
                    row(5, "2020-01-01", "2020-12-31"), row(6, "2020-12-01", "2021-01-01"),
                    row(7, "1900-01-01", "2079-06-06"), row(8, "2022-01-01", "2022-12-31")}),
            (std::vector<int64_t>{2, 3, 6, 7, 8}));
}

// Foster care that may have run in 2020-2024. Columns: kind, aanvang_van, aanvang_tot, then those of
// condition and period.
TEST(RowFilter, CareByFormAndPeriod) {
  const Study study = parsed(example_bytes());
  const auto names = columns_to_import(study, *study.find_table("jeugdhulp"), "s").value();
  const bool form_first = names[3] == "hulpvorm";
  const relation::Type forms = relation::Type::category(importers::kCareForms);
  const int64_t foster = forms.code("pleegzorg");
  ASSERT_GE(foster, 0);
  const auto row = [&](int64_t id, const char* start, Cell end, Cell form) {
    std::vector<Cell> out = {id, day(start), day(start)};
    out.push_back(form_first ? form : end);
    out.push_back(form_first ? end : form);
    return out;
  };
  const int64_t other = foster == 0 ? 1 : 0;
  EXPECT_EQ(chosen(study, "jeugdhulp",
                   {row(1, "2018-05-01", day("2019-12-31"), foster),
                    row(2, "2018-05-01", day("2020-01-01"), foster), row(3, "2018-05-01", Cell(), foster),
                    row(4, "2024-12-31", Cell(), foster), row(5, "2025-01-01", Cell(), foster),
                    row(6, "2022-01-01", Cell(), other),
                    row(7, "2022-01-01", Cell(), Cell())}),  // form unknown: NULL is not true
            (std::vector<int64_t>{2, 3, 4}));
}

TEST(RowFilter, KeepsTheSharedColumnsInTheStudysOrder) {
  const Study study = parsed(example_bytes());
  const auto table = imported(
      study, "ouder_kind", {{10, 20, 17, 1}, {11, 21, 18, 1}, {12, 22, Cell(), 0}, {Cell(), Cell(), 0, 1}});
  const auto selected = select_rows(study, *study.find_table("ouder_kind"), table, "study.toml");
  ASSERT_TRUE(selected.ok());
  EXPECT_EQ(selected->rows, 2U);
  const auto shared = shared_columns(study, *study.find_table("ouder_kind"));
  EXPECT_EQ(selected->schema.columns, shared->columns);
  EXPECT_EQ(selected->columns[0].values, (std::vector<int64_t>{10, 0}));
  EXPECT_EQ(selected->columns[0].null, (std::vector<uint8_t>{0, 1}));
  EXPECT_EQ(selected->columns[2].values, (std::vector<int64_t>{17, 0}));
}

TEST(RowFilter, NothingInNothingOut) {
  const Study study = parsed(example_bytes());
  for (const char* name : {"schuldhulp", "ouder_kind", "jeugdhulp"}) {
    const auto selected =
        select_rows(study, *study.find_table(name), imported(study, name, {}), "study.toml");
    ASSERT_TRUE(selected.ok());
    EXPECT_EQ(selected->rows, 0U);
    EXPECT_FALSE(selected->columns.empty());
  }
}

TEST(RowFilter, BadConditionIsRefusedWithItsPlace) {
  const Study study = parsed(replaced(example_bytes(), "hulpvorm = 'pleegzorg'", "hulpvorm = 5"));
  const auto columns = columns_to_import(study, *study.find_table("jeugdhulp"), "study.toml");
  ASSERT_FALSE(columns.ok());
  EXPECT_EQ(columns.error().id, "S1021.types");
  EXPECT_EQ(columns.error().file, "study.toml");
  EXPECT_EQ(columns.error().line, study.find_table("jeugdhulp")->rows->at.line);
}

}  // namespace
}  // namespace sluis::study
