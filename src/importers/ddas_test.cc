#include <gtest/gtest.h>

#include "importers/import_testing.h"

namespace sluis::importers {
namespace {

// Valid BSNs that are nobody's: RvIG test range. The last two digits tell them apart.
constexpr const char* kA = "999990019";
constexpr const char* kB = "999990020";
constexpr const char* kC = "999990032";

class Ddas : public ImportTest {
 protected:
  static std::string client(const std::string& bsn) { return "{\"Burgerservicenummer\":\"" + bsn + "\"}"; }
  // Members of a trajectory besides gemeentecode.
  static std::string trajectory(const std::string& members, const std::string& municipality = "GM9001") {
    return "{\"gemeentecode\":\"" + municipality + "\"" + (members.empty() ? "" : "," + members) + "}";
  }
  static std::string one(const std::string& bsn, const std::string& members) {
    return trajectory("\"client\":[" + client(bsn) + "]" + (members.empty() ? "" : "," + members));
  }
  static std::string registered(const std::string& date) {
    return "\"aanmelding\":{\"startdatum\":\"" + date + "\"}";
  }
  static std::string period(const std::string& from, const std::string& to) {
    return "\"startdatum\":\"" + from + "\"" + (to.empty() ? "" : ",\"einddatum\":\"" + to + "\"");
  }
  static std::string file_of(const std::vector<std::string>& trajectories, const std::string& rest = "") {
    std::string list;
    for (const std::string& t : trajectories) list += (list.empty() ? "\n" : ",\n") + t;
    return "{\"startdatumLevering\":\"2022-01-01\",\"einddatumLevering\":\"2022-12-31\","
           "\"aanleverdatumEnTijd\":\"2023-01-01T00:00:00Z\",\"codeGegevensleverancier\":\"x\"," +
           rest + "\"leveringen\":[{\"teller\":1,\"aanleverende_organisatie\":{},\"schuldhulptrajecten\":[" +
           list + "]}]}";
  }
  Result<Import> load(const std::vector<std::string>& trajectories, const ImportOptions& options = {}) {
    return import("levering.json", file_of(trajectories), "schuldhulp", options);
  }
  static ImportOptions columns(std::vector<std::string> names) {
    ImportOptions options;
    options.columns = std::move(names);
    return options;
  }
};

TEST_F(Ddas, OneRowPerClientAndEveryKindOfKeyIsCounted) {
  const auto result = load({
      trajectory("\"client\":[" + client(kA) + "," + client(kB) + "]," + registered("2021-03-04")),
      one("", registered("2021-03-05")),
      one("123456789", registered("2021-03-06")),
      one("000000000", registered("2021-03-07")),
      one("999999999", registered("2021-03-08")),
      trajectory(registered("2021-03-09")),
      trajectory("\"client\":[{}]," + registered("2021-03-10")),
  });
  ASSERT_TRUE(result.ok()) << result.error().summary();
  EXPECT_EQ(cells(result),
            "999990019 2021-03-04 2021-03-04/999990020 2021-03-04 2021-03-04/NULL 2021-03-05 2021-03-05/"
            "NULL 2021-03-06 2021-03-06/NULL 2021-03-07 2021-03-07/NULL 2021-03-08 2021-03-08/"
            "NULL 2021-03-09 2021-03-09/NULL 2021-03-10 2021-03-10/");
  const KeyCounts& key = result->report.keys.at(0);
  EXPECT_EQ(key.valid, 2u);
  EXPECT_EQ(key.empty, 3u);
  EXPECT_EQ(key.invalid, 1u);
  EXPECT_EQ(key.placeholder, 2u);
  EXPECT_EQ(result->report.source_rows, 7u);
  EXPECT_EQ(result->report.read_rows, 8u);
  EXPECT_EQ(result->report.fields_used.size(), 2u);
  EXPECT_EQ(result->report.fields_not_shared.size(), 58u);
  EXPECT_EQ(result->report.findings.count("no_client"), 1u);
  EXPECT_EQ(result->report.verdict(), Verdict::kNotInOrder);  // 2 of 8 usable
  EXPECT_TRUE(usable(result->report).ok());
}

TEST_F(Ddas, KeysWithLostZerosOrWrittenAsNumbers) {
  const auto result = load({
      one("12345672", registered("2021-01-01")),
      trajectory("\"client\":[{\"Burgerservicenummer\":12345672}]," + registered("2022-01-01")),
      one("123456782", registered("2021-01-01")),
  });
  EXPECT_EQ(cells(result),
            "12345672 2021-01-01 2021-01-01/12345672 2022-01-01 2022-01-01/123456782 2021-01-01 2021-01-01/");
  EXPECT_EQ(result->report.keys[0].padded, 2u);
  EXPECT_EQ(result->report.keys[0].sample, 1u);
  EXPECT_EQ(result->report.findings.count("schema_type"), 1u);
}

TEST_F(Ddas, DatesBecomeIntervalsAndAreNotGuessed) {
  const auto result = load({
      one(kA, registered("2022-02-00")),
      one(kB, registered("2022")),
      one(kC, registered("2022-00-00")),
      one("", ""),
      one("", registered("")),
      one("", registered("0000-00-00")),
      one("", registered("1899-12-31")),
      one("", registered("2079-06-07")),
      one("", registered("2079-06-06")),
      one("", "\"aanmelding\":{\"startdatum\":null}"),
  });
  EXPECT_EQ(cells(result),
            "999990019 2022-02-01 2022-02-28/999990020 2022-01-01 2022-12-31/999990032 2022-01-01 2022-12-31/"
            "NULL 1900-01-01 2079-06-06/NULL 1900-01-01 2079-06-06/NULL 1900-01-01 2079-06-06/NULL "
            "1900-01-01 2079-06-06/"
            "NULL 1900-01-01 2079-06-06/NULL 2079-06-06 2079-06-06/NULL 1900-01-01 2079-06-06/");
  const DateCounts& dates = result->report.dates.at(0);
  EXPECT_EQ(dates.count(DateQuality::kFull), 1u);
  EXPECT_EQ(dates.count(DateQuality::kMonth), 1u);
  EXPECT_EQ(dates.count(DateQuality::kYear), 2u);
  EXPECT_EQ(dates.count(DateQuality::kUnknown), 1u);
  EXPECT_EQ(dates.count(DateQuality::kAbsent), 3u);
  EXPECT_EQ(dates.count(DateQuality::kOutside), 2u);
  EXPECT_EQ(result->report.findings.count("schema_null"), 1u);
  EXPECT_EQ(result->report.findings.count("schema_date"), 5u);  // two partial, one only a year, empty, zeros
}

TEST_F(Ddas, AnImpossibleDateRefusesTheFile) {
  EXPECT_EQ(cells(load({one(kA, registered("2022-01-01")), one(kB, registered("2022-02-30"))})),
            "S1104.date [2] line 3");
  EXPECT_EQ(cells(load({one(kA, period("2022-13-01", ""))})), "S1104.date [1] line 2");
  EXPECT_EQ(cells(load({one(kA, "\"uitstroom\":{\"datum\":\"gisteren\"}")})), "S1104.date [1] line 2");
  // In a field that no column is made of it is a finding.
  const auto elsewhere =
      load({one(kA, registered("2022-01-01") + ",\"nazorg\":{\"startdatum\":\"2022-02-30\"}")});
  EXPECT_EQ(elsewhere->report.findings.count("schema_date"), 1u);
}

TEST_F(Ddas, OverlappingTrajectoriesOfOnePersonAreMerged) {
  const auto result = load(
      {
          one(kA, period("2021-01-10", "2021-06-30") + "," + registered("2021-01-02")),
          one(kB, period("2021-02-01", "") + "," + registered("2021-01-15")),
          one(kA, period("2021-06-30", "2021-12-31") + "," + registered("2021-05-01")),  // one day in common
          one(kA, period("2022-01-01", "2022-02-01") + "," + registered("2021-12-20")),  // after it
          one(kB, period("2023-02-01", "2023-03-01")),  // the first still runs
          one("", period("2021-01-10", "2021-06-30") + "," + registered("2021-01-02")),
          one("", period("2021-01-10", "2021-06-30") + "," + registered("2021-01-02")),
          one("000000000", period("2021-01-10", "2021-06-30")),
          one("000000000", period("2021-01-10", "2021-06-30")),
          one(kC, ""),
          one(kC, ""),
      },
      columns({"ouder", "aanmelding_van", "einde_tot"}));
  EXPECT_EQ(cells(result),
            "999990019 2021-01-02 2021-12-31/999990020 2021-01-15 NULL/999990019 2021-12-20 2022-02-01/"
            "NULL 2021-01-02 2021-06-30/NULL 2021-01-02 2021-06-30/NULL 1900-01-01 2021-06-30/NULL "
            "1900-01-01 2021-06-30/"
            "999990032 1900-01-01 NULL/999990032 1900-01-01 NULL/");
  EXPECT_EQ(result->report.merged, 2u);
  EXPECT_EQ(result->report.read_rows, 11u);
  EXPECT_EQ(result->report.rows, 9u);
}

TEST_F(Ddas, MergingSeesThroughContainedPeriods) {
  // The long one covers both short ones, which do not touch each other.
  const auto result =
      load({one(kA, period("2021-02-01", "2021-02-10")), one(kA, period("2021-01-01", "2021-12-31")),
            one(kA, period("2021-06-01", "2021-06-10"))},
           columns({"ouder", "start_van", "einde_tot"}));
  EXPECT_EQ(cells(result), "999990019 2021-01-01 2021-12-31/");
  EXPECT_EQ(result->report.merged, 2u);
}

TEST_F(Ddas, OnlyCertainOverlapMerges) {
  // The second began somewhere in 2021, perhaps after the first had ended.
  const auto result =
      load({one(kA, period("2021-01-01", "2021-03-01")), one(kA, period("2021", "2022-01-01"))});
  EXPECT_EQ(result->report.merged, 0u);
}

TEST_F(Ddas, ARegistrationAloneIsOneDay) {
  const auto result = load({one(kA, registered("2018-05-01")), one(kA, registered("2022-03-01")),
                            one(kA, registered("2018-05-01")), one(kA, period("2022-02-01", "2022-04-01"))});
  EXPECT_EQ(cells(result), "999990019 2018-05-01 2018-05-01/999990019 2022-03-01 2022-03-01/");
  EXPECT_EQ(result->report.merged, 2u);
}

TEST_F(Ddas, TheKnownRegistrationWinsWhenMerging) {
  const auto result = load({one(kA, period("2021-01-10", "2021-06-30")),
                            one(kA, period("2021-01-10", "2021-06-30") + "," + registered("2021-01-02"))});
  EXPECT_EQ(cells(result), "999990019 2021-01-02 2021-01-02/");
}

TEST_F(Ddas, AnOwnerDeliversItsOwnMunicipalityOnly) {
  const std::vector<std::string> rows = {
      trajectory("\"client\":[" + client(kA) + "]," + registered("2021-01-01"), "GM9001"),
      trajectory("\"client\":[" + client(kB) + "]," + registered("2021-01-01"), "GM9002"),
      trajectory("\"client\":[" + client(kC) + "]," + registered("2021-01-01"), "Onbekend")};
  ImportOptions options = columns({"ouder", "gemeente"});
  EXPECT_EQ(cells(load(rows, options)), "999990019 GM9001/999990020 GM9002/999990032 NULL/");
  options.owner_municipality = "GM9001";
  auto result = load(rows, options);
  EXPECT_EQ(cells(result), "999990019 GM9001/");
  EXPECT_EQ(result->report.other_municipality, 2u);
  EXPECT_EQ(result->report.municipalities, (std::vector<std::string>{"GM9001", "GM9002"}));
  // Nobody else in the file: what has no municipality is the owner's.
  EXPECT_EQ(cells(load({rows[0], rows[2]}, options)), "999990019 GM9001/999990032 GM9001/");
  EXPECT_EQ(cells(load({rows[1]}, options)), "");
  options.owner_municipality = "Demostad";
  EXPECT_EQ(load(rows, options).error().id, "S1101.municipality");
}

TEST_F(Ddas, MunicipalityCodesAreNormalised) {
  const auto result =
      load({trajectory("", "0363"), trajectory("", "363"), trajectory("", "GM363"), trajectory("", "GM0363"),
            trajectory("", "gm0363"), trajectory("", "GM03631"), trajectory("", "GMabcd")},
           columns({"gemeente"}));
  EXPECT_EQ(cells(result), "GM0363/GM0363/GM0363/GM0363/NULL/NULL/NULL/");
  EXPECT_EQ(result->report.findings.count("municipality_form"), 3u);
  EXPECT_EQ(result->report.findings.count("municipality_unknown"), 3u);
}

TEST_F(Ddas, DomainsOfTheStudyDecide) {
  ImportOptions options = columns({"gemeente"});
  options.domains = {{"gemeente", {"GM9001", "GM9009"}}};
  const auto result = load({trajectory("", "GM9001"), trajectory("", "GM9002")}, options);
  EXPECT_EQ(cells(result), "GM9001/NULL/");
  EXPECT_EQ(result->table.schema.columns[0].type.domain, (std::vector<std::string>{"GM9001", "GM9009"}));
  EXPECT_EQ(result->report.findings.count("outside_domain"), 1u);
}

TEST_F(Ddas, ObjectorsAreRemovedAndCounted) {
  ImportOptions options;
  options.objections_file =
      file("bezwaar.txt", std::string("\xEF\xBB\xBF# bezwaren\r\n\r\n") + kA + "\r\n " + kC + " \n");
  const auto result = load({one(kA, period("2021-01-01", "2021-02-01")), one(kB, registered("2021-01-01")),
                            one(kA, period("2022-01-01", "2022-02-01"))},
                           options);
  EXPECT_EQ(cells(result), "999990020 2021-01-01 2021-01-01/");
  EXPECT_EQ(result->report.objections, 1u);
  EXPECT_TRUE(result->report.objections_file);
  options.objections_file = file("bezwaar.txt", std::string(kA) + "\n123456789\n");
  const auto mistyped = load({one(kB, "")}, options);
  EXPECT_EQ(mistyped.error().id, "S1105.line");
  EXPECT_EQ(mistyped.error().line, 2);
  options.objections_file = directory_ / "gone.txt";
  EXPECT_EQ(load({one(kB, "")}, options).error().id, "S1002.open");
}

TEST_F(Ddas, OtherColumns) {
  const auto result =
      load({one(kA,
                "\"aanmelding\":{\"crisisinterventie\":true},\"oplossing\":{\"soort\":\"0%-aanbod\"},"
                "\"uitstroom\":{\"reden\":\"Zelf\",\"datum\":\"2022-03-04\"},"
                "\"totaalSchuldbedragBijAanvangSchuld\":12000"),
            one(kB, "\"oplossing\":{\"soort\":\"Anders\"},\"totaalSchuldbedragBijAanvangSchuld\":-1")},
           columns({"crisis", "oplossing", "uitstroom_reden", "uitstroom_van", "schuldbedrag"}));
  EXPECT_EQ(cells(result), "t 0%-aanbod Zelf 2022-03-04 12000/NULL NULL NULL NULL NULL/");
  EXPECT_EQ(result->report.findings.count("amount_outside"), 1u);
  EXPECT_EQ(result->report.findings.count("schema_enum"), 1u);
}

TEST_F(Ddas, WrittenFormIsCheckedLikeTheSchema) {
  const auto result = import("f.json",
                             "{\"extra\":1,\"einddatumLevering\":\"2022-12-31\",\"aanleverdatumEnTijd\":5,"
                             "\"codeGegevensleverancier\":null,"
                             "\"leveringen\":[{\"teller\":\"1\",\"schuldhulptrajecten\":[{\"client\":[],"
                             "\"begeleiding\":{},\"Q\":1,\"R\":2,"
                             "\"schulden\":[{\"bedrag\":1.5,\"schuldsoort\":\"Anders\",\"schuldeiser\":{"
                             "\"naam\":\"x\",\"Naam\":\"y\"}}]},7]}]}",
                             "schuldhulp");
  ASSERT_TRUE(result.ok()) << result.error().summary();
  EXPECT_EQ(findings(result->report),
            "schema_items[client]x1 schema_type[begeleiding]x1 schema_type[schulden.bedrag]x1 "
            "schema_enum[schulden.schuldsoort]x1 "
            "schema_unknown[Q, R]x1 schema_missing[gemeentecode]x1 municipality_unknownx1 no_clientx1 "
            "schema_type[]x1 "
            "schema_type[aanleverdatumEnTijd]x1 schema_null[codeGegevensleverancier]x1 "
            "schema_type[leveringen.teller]x1 "
            "schema_missing[leveringen.aanleverende_organisatie]x1 schema_unknown[extra]x1 "
            "schema_missing[startdatumLevering]x1 "
            "no_key[ouder]x1 key_unusable[ouder]x1 ");
}

TEST_F(Ddas, RefusesOtherFiles) {
  const auto id = [&](std::string_view text) {
    return import("f.json", text, "schuldhulp").error().summary().substr(0, 15);
  };
  const std::string good = file_of({one(kA, registered("2022-01-01"))});
  EXPECT_TRUE(import("f.json", "\xEF\xBB\xBF" + good, "schuldhulp").ok());
  EXPECT_EQ(id("{}"), "S1102.not_ddas ");
  EXPECT_EQ(id("[]"), "S1102.not_ddas ");
  EXPECT_EQ(id("{\"leveringen\":{}}"), "S1102.not_ddas ");
  EXPECT_EQ(id("{\"leveringen\":[{\"vroegsignalen\":[]}]}"), "S1102.signals /");
  EXPECT_EQ(id(good.substr(0, good.size() / 2)), "S1040.truncated");
  EXPECT_EQ(id(good.substr(0, good.size() - 1)), "S1040.truncated");
  EXPECT_EQ(id("{\"leveringen\":[],\"leveringen\":[]}"), "S1040.duplicate");
  EXPECT_EQ(id("{\"leveringen\":[{\"n\":\"caf\xE9\"}]}").substr(0, 10), "S1040.utf8");
  EXPECT_EQ(id(good + "{}").substr(0, 12), "S1040.syntax");
  EXPECT_EQ(id("kind;ouder\n1;2\n").substr(0, 12), "S1040.syntax");
  EXPECT_EQ(id("{\"leveringen\":[{\"teller\":\"" + std::string(2'000'000, 'a') + "\"}]}").substr(0, 11),
            "S1040.token");
  EXPECT_EQ(import_file(directory_ / "gone.json", "schuldhulp", {}).error().id, "S1002.open");
  EXPECT_EQ(import_file(directory_, "schuldhulp", {}).error().id, "S1002.read");
  EXPECT_EQ(import("f.json", good, "schulden").error().id, "S1100.profile");
}

TEST_F(Ddas, CutAnywhereNothingIsImported) {
  const std::string good = file_of({one(kA, registered("2022-01-01")), one(kB, registered("2022-01-01"))});
  for (size_t n = 0; n < good.size(); n += 7)
    EXPECT_FALSE(import("f.json", good.substr(0, n), "schuldhulp").ok()) << n;
}

TEST_F(Ddas, EmptyDeliveryIsNotInOrder) {
  const auto result = load({});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->report.verdict(), Verdict::kNotInOrder);
  EXPECT_EQ(usable(result->report).error().id, "S1103.no_rows");
}

TEST_F(Ddas, AnIdentifierInAFieldOrFileNameStaysHidden) {
  const std::string text =
      file_of({trajectory("\"client\":[{\"999990019\":1}],\"x 123456782\":2")}, "\"123456782\":0,");
  const auto result = import("123456782.json", text, "schuldhulp");  // import() looks for nine digits
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->report.file, "#########.json");
  EXPECT_EQ(result->report.findings.count("schema_unknown"), 3u);
}

// The six examples of the standard: exactly what domain.md says of them.
TEST_F(Ddas, ExamplesOfTheStandard) {
  struct Expected {
    const char* name;
    uint64_t deliveries, trajectories, schema_findings;
  };
  if (!std::filesystem::exists(shared_data("nl/ddas-schuldhulp"))) GTEST_SKIP() << "no shared data";
  for (const Expected& e :
       {Expected{"enkelvoudigVoorbeeld", 1, 1, 0}, Expected{"meervoudigVoorbeeld", 1, 10, 0},
        Expected{"meerdereLeveringenVoorbeeld", 5, 5, 0}, Expected{"samenloopVoorbeeldDeel1", 1, 5, 0},
        Expected{"samenloopVoorbeeldDeel2", 1, 5, 0}, Expected{"UitgebreidMeervoudigVoorbeeld", 1, 5, 12}}) {
    const auto result = import_checked(
        shared_data(std::string("nl/ddas-schuldhulp/v1.0_") + e.name + ".json"), "schuldhulp", {});
    ASSERT_TRUE(result.ok()) << e.name << result.error().summary();
    const DeliveryReport& report = result->report;
    EXPECT_EQ(report.deliveries, e.deliveries) << e.name;
    EXPECT_EQ(report.source_rows, e.trajectories) << e.name;
    EXPECT_EQ(report.rows, e.trajectories) << e.name;  // one client each
    EXPECT_EQ(report.findings.schema_total(), e.schema_findings) << e.name;
    EXPECT_EQ(report.keys[0].invalid, e.trajectories) << e.name;  // no example BSN passes the 11-proef
    EXPECT_EQ(report.findings.count("municipality_form"), e.trajectories) << e.name;  // dummies like GM001
    EXPECT_EQ(report.verdict(), Verdict::kNotInOrder);
    EXPECT_EQ(usable(report).error().id, "S1103.no_key");
  }
}

TEST_F(Ddas, TheExampleThatDoesNotValidate) {
  if (!std::filesystem::exists(shared_data("nl/ddas-schuldhulp"))) GTEST_SKIP() << "no shared data";
  const auto result = import_checked(
      shared_data("nl/ddas-schuldhulp/v1.0_UitgebreidMeervoudigVoorbeeld.json"), "schuldhulp", {});
  EXPECT_EQ(findings(result->report),
            "schema_null[einddatum]x3 schema_enum[intake.beschikkingssoort]x5 municipality_formx5 "
            "schema_null[oplossing.einddatum]x1 "
            "schema_enum[uitstroom.reden]x1 schema_null[begeleiding.einddatum]x1 schema_unknown[$schema, "
            "$id, title]x1 "
            "no_key[ouder]x1 key_unusable[ouder]x5 ");
}

TEST_F(Ddas, EarlyWarningSignalsAreAnotherThing) {
  const std::string path = shared_data("nl/ddas-vroegsignalering/v0.9_enkelvoudigVoorbeeld.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared data";
  EXPECT_EQ(import_checked(path, "schuldhulp", {}).error().id, "S1102.signals");
}

}  // namespace
}  // namespace sluis::importers
