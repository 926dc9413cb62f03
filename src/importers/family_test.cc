#include <gtest/gtest.h>

#include "importers/import_testing.h"

namespace sluis::importers {
namespace {

constexpr const char* kHeader = "kind;ouder;geboortedatum;gemeente;sinds\n";

class Family : public ImportTest {
 protected:
  Result<Import> load(const std::string& rows, ImportOptions options = {}) {
    if (options.columns.empty()) options.columns = {"ouder", "kind", "leeftijd_2023", "gemeente"};
    return import("relaties.csv", kHeader + rows, "ouder_kind", options);
  }
};

TEST_F(Family, OneRowPerChildAndParent) {
  const auto result = load(
      "999990032;999990019;2010-05-06;GM9001;\n"
      "999990032;999990020;20100506;9001;2010-05-06\n"
      "999990044;;20230000;GM9001;\n"
      "000000000;999990019;20150000;GM9001;\n"
      "999990056;999999999;20150101;GM9001;\n"
      "999990057;999990019;20150101;GM9001;\n");
  EXPECT_EQ(cells(result),
            "999990019 999990032 12 GM9001/999990020 999990032 12 GM9001/NULL 999990044 NULL "
            "GM9001/999990019 NULL NULL GM9001/"
            "NULL 999990056 8 GM9001/999990019 NULL 8 GM9001/");
  const std::vector<KeyCounts>& keys = result->report.keys;
  EXPECT_EQ(keys[0].column, "kind");
  EXPECT_EQ(keys[0].valid, 4u);
  EXPECT_EQ(keys[0].placeholder, 1u);
  EXPECT_EQ(keys[0].invalid, 1u);
  EXPECT_EQ(keys[1].column, "ouder");
  EXPECT_EQ(keys[1].valid, 4u);
  EXPECT_EQ(keys[1].empty, 1u);
  EXPECT_EQ(keys[1].placeholder, 1u);
  // sinds is not asked for, hence not shared.
  EXPECT_EQ(result->report.fields_not_shared, std::vector<std::string>{"sinds"});
}

TEST_F(Family, AgeOnTheFirstOfJanuaryIsKnownOrNull) {
  ImportOptions options;
  options.columns = {"leeftijd_2023", "leeftijd_2024"};
  const auto result = load(
      ";;20230101;;\n"
      ";;20230102;;\n"
      ";;20050101;;\n"
      ";;20050102;;\n"
      ";;20050200;;\n"
      ";;20050000;;\n"
      ";;19660013;;\n"
      ";;00000000;;\n"
      ";;99999999;;\n"
      ";;;;\n"
      ";;18900101;;\n"
      ";;18930102;;\n",
      options);
  EXPECT_EQ(cells(result),
            "0 1/NULL 0/18 19/17 18/17 18/NULL NULL/56 57/NULL NULL/NULL NULL/NULL NULL/NULL NULL/129 130/");
  EXPECT_EQ(findings(result->report),
            "not_born[leeftijd_2023]x1 age_unknown[leeftijd_2023]x4 age_outside[leeftijd_2023]x1 "
            "age_unknown[leeftijd_2024]x4 "
            "age_outside[leeftijd_2024]x1 no_key[kind]x1 key_unusable[kind]x12 no_key[ouder]x1 "
            "date_incomplete[geboortedatum]x4 ");
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kUnborn), 1u);
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kAbsent), 1u);
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kOutside), 0u);  // 1890 gives an age like any other
}

TEST_F(Family, BirthAndTieAsIntervals) {
  ImportOptions options;
  options.columns = {"geboorte_van", "geboorte_tot", "sinds_van", "sinds_tot"};
  const auto result = load(
      ";;20100200;;20110000\n"
      ";;18991231;;\n"
      ";;99999999;;20100101\n"
      ";;;;\n",
      options);
  EXPECT_EQ(cells(result),
            "2010-02-01 2010-02-28 2011-01-01 2011-12-31/1900-01-01 2079-06-06 NULL NULL/NULL NULL "
            "2010-01-01 2010-01-01/"
            "NULL NULL NULL NULL/");
  EXPECT_EQ(result->report.dates[0].count(DateQuality::kOutside), 1u);
}

TEST_F(Family, ImpossibleDatesRefuseTheFile) {
  EXPECT_EQ(cells(load("999990032;;20100506;;\n999990032;;20100231;;\n")), "S1104.date [3] line 3");
  EXPECT_EQ(cells(load("999990032;;20100506;;06-05-2010\n")), "S1104.date [2] line 2");
}

TEST_F(Family, DoubleRelationsAreMergedAndContradictionsReported) {
  const auto result = load(
      "999990032;999990019;20100506;GM9001;\n"
      "999990032;999990019;20100506;GM9001;\n"
      "999990032;999990020;20100507;GM9001;\n"
      "999990044;;20100506;GM9001;\n"
      "999990044;;20100506;GM9002;\n"
      ";999990019;20100506;GM9001;\n"
      ";999990019;20100506;GM9001;\n");
  EXPECT_EQ(result->report.merged, 1u);
  EXPECT_EQ(result->report.rows, 6u);  // rows without a usable key are never merged
  EXPECT_EQ(result->report.findings.count("child_contradiction"), 2u);
}

TEST_F(Family, AnOwnerSpeaksForItsOwnChildren) {
  ImportOptions options;
  options.owner_municipality = "GM9001";
  const auto result = load(
      "999990032;999990019;20100506;GM9001;\n"
      "999990044;999990019;20100506;GM9002;\n"
      "999990056;999990019;20100506;;\n",
      options);
  EXPECT_EQ(cells(result), "999990019 999990032 12 GM9001/999990019 999990056 12 GM9001/");
  EXPECT_EQ(result->report.other_municipality, 1u);
}

TEST_F(Family, AnObjectingChildGoesAnObjectingParentIsForgotten) {
  ImportOptions options;
  options.objections_file = file("bezwaar.txt", "999990032\n999990020\n");
  const auto result = load(
      "999990032;999990019;20100506;GM9001;\n"
      "999990044;999990019;20100506;GM9001;\n"
      "999990044;999990020;20100506;GM9001;\n",
      options);
  EXPECT_EQ(cells(result), "999990019 999990044 12 GM9001/NULL 999990044 12 GM9001/");
  EXPECT_EQ(result->report.objections, 2u);
}

TEST_F(Family, ColumnsAreFoundByNameAndMayBeMapped) {
  ImportOptions options;
  options.columns = {"ouder", "kind", "leeftijd_2023"};
  const std::string csv = "BSN ouder,naam,BSN kind,Geboren\n999990019,\"Jansen, P.\",999990032,06-05-2010\n";
  EXPECT_EQ(import("a.csv", csv, "ouder_kind", options).error().summary().substr(0, 13), "S1102.column ");
  options.mapping_file =
      file("m.toml",
           "format = \"sluis-mapping/1\"\nprofile = \"brp-ouder-kind/1\"\ndates = \"DD-MM-JJJJ\"\n"
           "[columns]\nkind = \"BSN kind\"\nouder = \"BSN ouder\"\ngeboortedatum = \"Geboren\"\n");
  const auto result = import("a.csv", csv, "ouder_kind", options);
  EXPECT_EQ(cells(result), "999990019 999990032 12/");
  EXPECT_EQ(result->report.fields_used, (std::vector<std::string>{"BSN ouder", "BSN kind", "Geboren"}));
  EXPECT_EQ(result->report.fields_not_shared, std::vector<std::string>{"naam"});
}

TEST_F(Family, DefaultColumnsNeedAYearForAges) {
  ImportOptions options;
  const std::string row = std::string(kHeader) + "999990032;999990019;20100506;GM9001;\n";
  const auto names = [&](const ImportOptions& o) {
    std::string out;
    const auto result = import("a.csv", row, "ouder_kind", o);
    for (const auto& c : result->table.schema.columns) out += c.name + ' ';
    return out;
  };
  EXPECT_EQ(names(options), "ouder kind gemeente ");
  options.reference_year = 2023;
  EXPECT_EQ(names(options), "ouder kind leeftijd_2023 gemeente ");
}

TEST_F(Family, BadFilesAreRefusedWithTheirRow) {
  EXPECT_EQ(cells(load("999990032;999990019;20100506;GM9001\n")), "S1041.ragged [2] line 2");
  EXPECT_EQ(cells(load("999990032;\xE9;20100506;GM9001;\n")), "S1041.utf8 [2] line 2");
  EXPECT_EQ(cells(load("999990032;\"x;20100506;GM9001;\n\n")), "S1041.open_quote [2] line 2");
  EXPECT_EQ(cells(load("999990032;;20100506;GM9001;\n" + std::string(3'000'000, 'x'))),
            "S1041.field [3] line 3");
  EXPECT_EQ(cells(import("a.csv", "kind;ouder;kind\n", "ouder_kind")), "S1041.name_twice [1] line 1");
  EXPECT_EQ(cells(import("a.csv", "", "ouder_kind")), "S1041.no_header [1] line 1");
  EXPECT_EQ(cells(import("a.csv", "{\"leveringen\":[]}", "ouder_kind")), "S1041.quote [1] line 1");
}

}  // namespace
}  // namespace sluis::importers
